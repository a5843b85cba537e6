"""Pages about mailed certificates: a batch's deliveries, one delivery, mailing again, noting bounces."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import csv_answer, page_here
from gdt.certification.batches import queries as batch_queries
from gdt.certification.blueprint import certification
from gdt.certification.delivery import queries, services, wording
from gdt.certification.delivery.forms import BounceForm, SendAgainForm
from gdt.certification.delivery.queries import WantedDeliveries
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.facets import chosen, facet
from gdt.forms import form_page


def _wanted(batch_id: int) -> WantedDeliveries:
    asked = request.args
    state = asked.get("state", "")
    known = state if state in wording.WORDS else ""
    return WantedDeliveries(batch_id=batch_id, text=asked.get("q", "").strip(), state=known)


@certification.get("/certificate-batches/<int:batch_id>/deliveries")
@requires(Permission.CERTIFICATES_ISSUE)
def batch_deliveries(batch_id: int) -> ResponseReturnValue:
    batch, wanted = batch_queries.get_batch(current_user, batch_id), _wanted(batch_id)
    counts = queries.count_by_state(current_user, wanted)
    words = wording.WORDS
    groups = [facet(_("State"), "state", [(s, words[s][0], counts[s]) for s in words if s in counts])]
    statement = queries.list_deliveries(current_user, wanted)
    return render_template(
        "certification/batch_deliveries.html",
        batch=batch,
        page=page_here(statement, queries.ORDER),
        total=counts.get(wanted.state, 0) if wanted.state else sum(counts.values()),
        failed=sum(counts.get(state, 0) for state in queries.TO_SEND_AGAIN),
        groups=groups,
        narrowed=chosen(groups),
    )


@certification.get("/certificate-batches/<int:batch_id>/deliveries.csv")
@requires(Permission.CERTIFICATES_ISSUE)
@hands_out(
    lazy_gettext("the mails of a batch"), of=lambda batch_id: batch_queries.get_batch(current_user, batch_id)
)
def batch_deliveries_csv(batch_id: int) -> ResponseReturnValue:
    batch_queries.get_batch(current_user, batch_id)
    found = queries.every_delivery(current_user, _wanted(batch_id))
    rows = (wording.csv_row(delivery) for delivery in found)
    return csv_answer(wording.csv_header(), rows, f"batch {batch_id} mails.csv")


@certification.route("/certificate-batches/<int:batch_id>/deliveries/again", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def send_all_again(batch_id: int) -> ResponseReturnValue:
    batch, form = batch_queries.get_batch(current_user, batch_id), SendAgainForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            count = services.send_all_again(actor=current_user, batch=batch, seen=form.count.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(ngettext("%(num)s mail is queued.", "%(num)s mails are queued.", count))
            return redirect(url_for(".batch_deliveries", batch_id=batch.id))
    counts = queries.count_by_state(current_user, WantedDeliveries(batch_id=batch.id))
    return form_page(
        "certification/send_all_again.html",
        form,
        batch=batch,
        ready=len(queries.list_to_send_again(current_user, batch)),
        failed=sum(counts.get(state, 0) for state in queries.TO_SEND_AGAIN),
    )


@certification.get("/deliveries/<int:delivery_id>")
@requires(Permission.CERTIFICATES_ISSUE)
def delivery(delivery_id: int) -> ResponseReturnValue:
    return _delivery_page(delivery_id, BounceForm())


@certification.post("/deliveries/<int:delivery_id>/again")
@requires(Permission.CERTIFICATES_ISSUE)
def send_again(delivery_id: int) -> ResponseReturnValue:
    record = queries.get_delivery(current_user, delivery_id)
    services.send_again(actor=current_user, delivery=record)
    flash(_("A new mail is queued."))
    latest = queries.list_of_certificate(current_user, record.certificate)[0]
    return redirect(url_for(".delivery", delivery_id=latest.id))


@certification.post("/deliveries/<int:delivery_id>/bounce")
@requires(Permission.CERTIFICATES_ISSUE)
def note_bounce(delivery_id: int) -> ResponseReturnValue:
    record, form = queries.get_delivery(current_user, delivery_id), BounceForm(request.form)
    if not form.validate():
        return _delivery_page(delivery_id, form)
    services.note_bounce(actor=current_user, delivery=record, words=form.words.data)
    flash(_("Noted. Correct the address on the person's page, then mail it again."))
    return redirect(url_for(".delivery", delivery_id=record.id))


def _delivery_page(delivery_id: int, form: BounceForm) -> ResponseReturnValue:
    record = queries.get_delivery(current_user, delivery_id)
    known = queries.find_addressees([record.certificate_id])[record.certificate_id]
    return form_page(
        "certification/delivery.html",
        form,
        delivery=record,
        address_now=known.email,
        rounds=queries.list_of_certificate(current_user, record.certificate),
    )
