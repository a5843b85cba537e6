"""Pages of a batch: looked at before it is issued, watched while it is, and what became of each row."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import csv_answer, facet, page_here, today
from gdt.certification.archives import archiving
from gdt.certification.archives import queries as archive_queries
from gdt.certification.archives.models import ArchiveForm
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches import rows as batch_rows
from gdt.certification.batches import wording as batch_wording
from gdt.certification.batches.forms import DeclineForm, IssueBatchForm, NumberForm
from gdt.certification.batches.models import BatchRowState, CertificateBatch
from gdt.certification.batches.rows import RowsWanted
from gdt.certification.blueprint import certification
from gdt.certification.eligibility.rules import Rule
from gdt.certification.issuing import approving, steering
from gdt.database import now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of


@certification.get("/certificate-batches/<int:batch_id>")
@requires(Permission.CERTIFICATES_ISSUE)
def batch(batch_id: int) -> ResponseReturnValue:
    record, wanted = batch_queries.get_batch(current_user, batch_id), _rows_wanted()
    statement = batch_rows.list_rows(record, wanted)
    page = page_here(statement, batch_rows.ORDER)
    return render_template(
        "certification/batch.html",
        batch=record,
        page=page,
        counts=batch_queries.count_rows(record),
        shown=batch_rows.count_by_state(record, wanted),
        wanted=wanted,
        groups=_facets(record, wanted),
        remaining=batch_wording.remaining(record, now()),
        may_decide=approving.may_decide(current_user, record),
        archives=archive_queries.list_archives(current_user, record),
        past=history_of(record),
        today=today(),
    )


@certification.get("/certificate-batches/<int:batch_id>/rows.csv")
@requires(Permission.CERTIFICATES_ISSUE)
@hands_out(
    lazy_gettext("the rows of a batch"), of=lambda batch_id: batch_queries.get_batch(current_user, batch_id)
)
def batch_csv(batch_id: int) -> ResponseReturnValue:
    record = batch_queries.get_batch(current_user, batch_id)
    rows = (batch_wording.csv_row(row) for row in batch_rows.every_row(record, _rows_wanted()))
    return csv_answer(batch_wording.csv_header(), rows, f"batch-{record.id}.csv")


@certification.route("/certificate-batches/<int:batch_id>/issue", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def issue_batch(batch_id: int) -> ResponseReturnValue:
    record, ready = _with_count(batch_id)
    form = IssueBatchForm(request.form, number=ready)
    if request.method == "POST" and form.validate():
        try:
            steering.issue_checked_batch(
                actor=current_user, batch=record, seen=ready, mails=bool(form.mails.data)
            )
            return _back_to(record)
        except DomainError as error:
            form.reject(error)
    return form_page("certification/batch_issue.html", form, batch=record, ready=ready)


@certification.route("/certificate-batches/<int:batch_id>/approve", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def approve_batch(batch_id: int) -> ResponseReturnValue:
    record, ready = _with_count(batch_id)
    form = NumberForm(request.form, number=ready)
    if request.method == "POST" and form.validate():
        try:
            approving.approve_batch(actor=current_user, batch=record, seen=ready)
            return _back_to(record)
        except DomainError as error:
            form.reject(error)
    return form_page("certification/batch_approve.html", form, batch=record, ready=ready)


@certification.route("/certificate-batches/<int:batch_id>/decline", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def decline_batch(batch_id: int) -> ResponseReturnValue:
    record, form = batch_queries.get_batch(current_user, batch_id), DeclineForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            approving.decline_batch(actor=current_user, batch=record, reason=form.reason.data or "")
            return _back_to(record)
        except DomainError as error:
            form.reject(error)
    return form_page("certification/batch_decline.html", form, batch=record)


@certification.post("/certificate-batches/<int:batch_id>/pause")
@requires(Permission.CERTIFICATES_ISSUE)
def pause_batch(batch_id: int) -> ResponseReturnValue:
    record = batch_queries.get_batch(current_user, batch_id)
    steering.pause_batch(actor=current_user, batch=record)
    return _back_to(record)


@certification.post("/certificate-batches/<int:batch_id>/continue")
@requires(Permission.CERTIFICATES_ISSUE)
def continue_batch(batch_id: int) -> ResponseReturnValue:
    record = batch_queries.get_batch(current_user, batch_id)
    steering.continue_batch(actor=current_user, batch=record)
    return _back_to(record)


@certification.route("/certificate-batches/<int:batch_id>/cancel", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    record, ready = _with_count(batch_id)
    form = BaseForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            count = steering.cancel_batch(actor=current_user, batch=record)
            flash(ngettext("%(num)s certificate is cancelled.", "%(num)s certificates are cancelled.", count))
            return _back_to(record)
        except DomainError as error:
            form.reject(error)
    return form_page("certification/batch_cancel.html", form, batch=record, ready=ready)


@certification.post("/certificate-batches/<int:batch_id>/archives")
@requires(Permission.CERTIFICATES_ISSUE)
def order_batch_archive(batch_id: int) -> ResponseReturnValue:
    record = batch_queries.get_batch(current_user, batch_id)
    form = ArchiveForm.PRINT if request.form.get("form") == "print" else ArchiveForm.ZIP
    made = archiving.order_archive(actor=current_user, subject=record, form=form)
    return redirect(url_for(".archive", archive_id=made.id))


def _back_to(record: CertificateBatch) -> ResponseReturnValue:
    return redirect(url_for(".batch", batch_id=record.id))


def _with_count(batch_id: int) -> tuple[CertificateBatch, int]:
    """A batch, and how many of its certificates are still to be issued."""
    record = batch_queries.get_batch(current_user, batch_id)
    return record, batch_queries.count_rows(record)[BatchRowState.WAITING]


def _rows_wanted() -> RowsWanted:
    asked = request.args
    return RowsWanted(
        state=batch_wording.row_state(asked.get("show")),
        rule=next((rule for rule in Rule if rule.value == asked.get("rule")), None),
        institution=asked.get("institution", "").replace("\0", "").strip().lower(),
        text=asked.get("q", "").replace("\0", "").strip(),
    )


def _facets(record: CertificateBatch, wanted: RowsWanted) -> list[Any]:
    rules = batch_rows.count_by_rule(record, wanted)
    reasons = [(rule.value, batch_wording.RULES[rule], count) for rule, count in rules.items()]
    institutions = batch_rows.count_by_institution(record, wanted)
    groups = [facet(_("Why not"), "rule", reasons)] if reasons else []
    if len(institutions) > 1 or wanted.institution:
        groups.append(facet(_("Institution"), "institution", institutions))
    return groups
