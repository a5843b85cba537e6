"""Pages to revoke: one certificate, or many by a list, checked, confirmed, and what became of each line."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt.access import Permission, requires
from gdt.certification import queries
from gdt.certification.addresses import csv_answer, page_here, today
from gdt.certification.batches import queries as batch_queries
from gdt.certification.blueprint import certification
from gdt.certification.revoking import bulk, services, wording
from gdt.certification.revoking import queries as revocation_queries
from gdt.certification.revoking.forms import ListForm, RevocationForm, RevokeForm
from gdt.certification.revoking.lists import Entry, read_file, read_text
from gdt.certification.revoking.models import RevocationOrder
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import form_page
from gdt.spreadsheets.refusals import Refused


@certification.route("/certificates/<number>/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_REVOKE)
def revoke(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    form = RevokeForm(request.form, number=record.number)
    if request.method == "POST" and form.validate():
        try:
            services.revoke_certificate(actor=current_user, certificate=record, reason=form.reason.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("%(number)s is revoked. Whoever verifies it sees that from now on.", number=record.number)
            )
            return redirect(url_for(".certificate", number=record.number))
    return form_page("certification/revoke.html", form, certificate=record, today=today())


@certification.route("/certificates/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_REVOKE)
def revoke_list() -> ResponseReturnValue:
    form = ListForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            order = bulk.check_list(actor=current_user, entries=_entries(form), source=_source(form))
            return redirect(url_for(".revocation", revocation_id=order.id))
        except DomainError as error:
            form.reject(error)
    orders = revocation_queries.list_orders(current_user)
    return form_page("certification/revoke_list.html", form, orders=orders)


@certification.post("/certificate-batches/<int:batch_id>/revocations")
@requires(Permission.CERTIFICATES_REVOKE)
def revoke_batch(batch_id: int) -> ResponseReturnValue:
    order = bulk.check_batch(actor=current_user, batch=batch_queries.get_batch(current_user, batch_id))
    return redirect(url_for(".revocation", revocation_id=order.id))


@certification.route("/certificate-revocations/<int:revocation_id>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_REVOKE)
def revocation(revocation_id: int) -> ResponseReturnValue:
    order = revocation_queries.get_order(current_user, revocation_id)
    form = RevocationForm(request.form, count=order.counted)
    if request.method == "POST" and form.validate():
        try:
            bulk.confirm_revocation(
                actor=current_user,
                order=order,
                reason=form.reason.data or "",
                tells_holders=form.tells_holders.data,
            )
            return redirect(url_for(".revocation", revocation_id=order.id))
        except DomainError as error:
            form.reject(error)
    return _order_page(order, form)


@certification.get("/certificate-revocations/<int:revocation_id>/left-out.csv")
@requires(Permission.CERTIFICATES_REVOKE)
@hands_out(
    lazy_gettext("the lines of a list that are left out"),
    of=lambda revocation_id: revocation_queries.get_order(current_user, revocation_id),
)
def revocation_left_out(revocation_id: int) -> ResponseReturnValue:
    order = revocation_queries.get_order(current_user, revocation_id)
    lines = revocation_queries.every_line_left_out(order)
    rows = (wording.line_row(line) for line in lines)
    return csv_answer(wording.line_header(), rows, f"revocation-{order.id}-left-out.csv")


def _order_page(order: RevocationOrder, form: RevocationForm) -> ResponseReturnValue:
    show = wording.line_state(request.args.get("show"))
    statement = revocation_queries.list_lines(order, show)
    page = page_here(statement, revocation_queries.LINE_ORDER)
    counts = revocation_queries.count_lines(order)
    template = (
        "certification/revocation_outcome.html" if order.confirmed_at else "certification/revocation.html"
    )
    return form_page(template, form, order=order, page=page, counts=counts, show=show)


def _entries(form: ListForm) -> list[Entry]:
    if not form.has_file:
        return read_text(form.numbers.data or "")
    try:
        return read_file(form.file.data.read(), form.file.data.filename)
    except Refused as refusal:
        raise DomainError(refusal.reason, "file") from refusal


def _source(form: ListForm) -> str:
    return str(form.file.data.filename) if form.has_file else str(_("Typed list"))
