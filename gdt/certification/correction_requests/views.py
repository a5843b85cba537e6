"""Pages about corrections for the office and its partners: the list, one request, and what is answered."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt import documents
from gdt.access import Permission, requires
from gdt.certification.addresses import file_answer, page_here, today
from gdt.certification.blueprint import certification
from gdt.certification.correction_requests import queries, services, wording
from gdt.certification.correction_requests.forms import AnswerForm, WordsForm
from gdt.certification.correction_requests.models import CorrectionRequest, RequestState
from gdt.certification.correction_requests.queries import WantedRequests
from gdt.certification.editions.corrections import CORRECTABLE, OF_THE_PERSON
from gdt.errors import DomainError, RecordNotFound
from gdt.exports import hands_out
from gdt.facets import chosen, facet
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of


@certification.get("/correction-requests")
@requires(Permission.CORRECTIONS_COMMENT)
def correction_requests() -> ResponseReturnValue:
    asked = request.args
    wanted = WantedRequests(
        text=asked.get("q", "").strip(),
        state=next((state for state in RequestState if state.value == asked.get("state")), None),
        institution=asked.get("institution", ""),
    )
    counts = queries.count_by_state(current_user, wanted)
    states = wording.STATES
    groups = [
        facet(_("State"), "state", [(s.value, states[s][0], counts[s]) for s in RequestState if s in counts]),
        facet(_("Institution"), "institution", queries.count_by_institution(current_user, wanted)),
    ]
    statement, order = queries.list_requests(current_user, wanted), queries.ORDER
    return render_template(
        "certification/correction_requests.html",
        page=page_here(statement, order),
        total=counts.get(wanted.state, 0) if wanted.state else sum(counts.values()),
        groups=groups,
        narrowed=chosen(groups),
    )


@certification.get("/correction-requests/<int:request_id>")
@requires(Permission.CORRECTIONS_COMMENT)
def correction_request(request_id: int) -> ResponseReturnValue:
    record = queries.get_request(current_user, request_id)
    return _request_page(record, AnswerForm(text=record.wanted))


@certification.get("/correction-requests/<int:request_id>/evidence")
@requires(Permission.CORRECTIONS_COMMENT)
@hands_out(
    lazy_gettext("the evidence of a holder"),
    of=lambda request_id: queries.get_request(current_user, request_id),
)
def correction_evidence(request_id: int) -> ResponseReturnValue:
    record = queries.get_request(current_user, request_id)
    if record.evidence_key is None:
        raise RecordNotFound
    ending = record.evidence_key.rsplit(".", 1)[-1]
    name = f"{record.certificate.number} evidence {record.id}.{ending}"
    return file_answer(documents.read(record.evidence_key), "application/octet-stream", name)


@certification.post("/correction-requests/<int:request_id>/answer")
@requires(Permission.CORRECTIONS_ANSWER)
def answer_correction(request_id: int) -> ResponseReturnValue:
    record, form = queries.get_request(current_user, request_id), AnswerForm(request.form)

    def answer() -> None:
        words = form.words.data
        if form.act.data == "replace":
            services.grant_request(
                actor=current_user,
                request=record,
                text=form.text.data,
                words=words,
                corrects_record=form.corrects_record.data and record.fact in OF_THE_PERSON,
            )
        elif form.act.data == "ask":
            services.ask_back(actor=current_user, request=record, words=words)
        else:
            services.refuse_request(actor=current_user, request=record, words=words)

    return _done(record, form, answer, _("Answered. The holder is told by mail where we know an address."))


@certification.post("/correction-requests/<int:request_id>/close")
@requires(Permission.CORRECTIONS_ANSWER)
def close_correction(request_id: int) -> ResponseReturnValue:
    record = queries.get_request(current_user, request_id)
    services.close_as_replaced(actor=current_user, request=record)
    flash(_("Closed."))
    return redirect(url_for(".correction_request", request_id=record.id))


@certification.post("/correction-requests/<int:request_id>/comment")
@requires(Permission.CORRECTIONS_COMMENT)
def comment_correction(request_id: int) -> ResponseReturnValue:
    record, form = queries.get_request(current_user, request_id), WordsForm(request.form)

    def comment() -> None:
        services.comment_request(actor=current_user, request=record, words=form.words.data)

    return _done(record, form, comment, _("Your comment is kept. The holder does not see it."))


def _done(
    record: CorrectionRequest, form: BaseForm, act: Callable[[], None], said: str
) -> ResponseReturnValue:
    """Carry out what was typed, or show the page again with what stands against it."""
    if form.validate():
        try:
            act()
        except DomainError as error:
            form.reject(error)
        else:
            flash(said)
            return redirect(url_for(".correction_request", request_id=record.id))
    return _request_page(record, form)


def _request_page(record: CorrectionRequest, form: BaseForm) -> ResponseReturnValue:
    answer = form if isinstance(form, AnswerForm) else AnswerForm(text=record.wanted)
    return form_page(
        "certification/correction_request.html",
        form,
        record=record,
        answer=answer,
        comment=form if not isinstance(form, AnswerForm) else WordsForm(),
        can_be_granted=record.fact in CORRECTABLE,
        is_of_the_person=record.fact in OF_THE_PERSON,
        past=history_of(record),
        today=today(),
    )
