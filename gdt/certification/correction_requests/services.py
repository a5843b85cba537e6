"""Corrections that holders ask for: confirmed, talked over, answered by a new edition or a refusal."""

from dataclasses import dataclass

from flask_babel import gettext as _

from gdt import audit, documents, mail
from gdt.access import OFFICE, Viewer
from gdt.certification.correction_requests import queries
from gdt.certification.correction_requests.evidence_files import kind_of
from gdt.certification.correction_requests.models import (
    CameBy,
    CorrectionNote,
    CorrectionRequest,
    RequestState,
    Voice,
)
from gdt.certification.delivery import queries as deliveries
from gdt.certification.delivery.links import fresh_link, keep_links
from gdt.certification.editions.corrections import CORRECTABLE, Corrections
from gdt.certification.editions.replacing import replace_certificate
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import DomainError

_HOLDER = "The holder"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What the holder typed: which fact, what it should say, why, and how to reach her."""

    fact: str
    wanted: str
    why: str
    contact: str | None = None
    evidence: bytes = b""
    evidence_name: str = ""


def ask_for_correction(
    *, certificate: Certificate, complaint: Complaint, came_by: CameBy
) -> CorrectionRequest:
    """Put a request before the office. Raises DomainError when the same fact waits already, or by its file.

    One that came by the code is mailed to the address we know, so that the holder can say it was her.
    """
    if certificate.replaced_by is not None:
        raise DomainError(_("This certificate was replaced already. Look at the new one first."))
    if queries.find_waiting(certificate, complaint.fact) is not None:
        raise DomainError(_("This is asked for already, and the programme office will answer it."), "fact")
    key = None
    if complaint.evidence:
        key, _digest = documents.keep("evidence", complaint.evidence, suffix=kind_of(complaint.evidence))
    request = CorrectionRequest(
        certificate=certificate,
        institution_id=certificate.institution_id,
        fact=complaint.fact,
        printed=certificate.facts.get(complaint.fact),
        wanted=complaint.wanted,
        why=complaint.why,
        contact=complaint.contact or None,
        evidence_key=key,
        evidence_name=complaint.evidence_name[:200] if key else None,
        came_by=came_by,
        confirmed_at=now() if came_by is CameBy.LINK else None,
    )
    db.session.add(request)
    summary = _("The holder asked for a correction of %(number)s", number=certificate.number)
    _record(request, "asked", summary, came_by=came_by.value)
    if came_by is CameBy.CODE:
        _write_to_holder(request, "correction_confirm", _("Was it you? A correction of %(number)s"))
    return request


def confirm_request(*, request: CorrectionRequest) -> None:
    """The holder's own link says that a request which came by the code is hers."""
    if request.confirmed_at is None:
        request.confirmed_at = now()
        _record(request, "confirmed", _("The holder confirmed the request"))


def reply_to_office(*, request: CorrectionRequest, words: str) -> None:
    """The holder answers what the office asked back."""
    _refuse_answered(request)
    _note(request, Voice.HOLDER, _HOLDER, words)
    request.state = RequestState.OPEN
    _record(request, "replied", _("The holder replied"))


def comment_request(*, actor: Viewer, request: CorrectionRequest, words: str) -> None:
    """The partner, or the office itself, notes something the holder does not see."""
    _refuse_answered(request)
    _note(request, Voice.INSIDE, actor.name, words)
    summary = _("Commented on a correction of %(number)s", number=request.certificate.number)
    _record(request, "commented", summary, actor)


def ask_back(*, actor: Viewer, request: CorrectionRequest, words: str) -> None:
    """Ask the holder something; her request waits for her until she replies."""
    _refuse_answered(request)
    _note(request, Voice.OFFICE, actor.name, words)
    request.state = RequestState.ASKED
    _record(request, "asked back", _("Asked the holder back"), actor)
    _write_to_holder(request, "correction_answer", _("A question about %(number)s"), words)


def refuse_request(*, actor: Viewer, request: CorrectionRequest, words: str) -> None:
    """Answer with no, and why."""
    _refuse_answered(request)
    _note(request, Voice.OFFICE, actor.name, words)
    _answer(actor, request, RequestState.REFUSED)
    _record(request, "refused", _("Refused the correction: %(words)s", words=words), actor)
    _write_to_holder(request, "correction_answer", _("About the correction of %(number)s"), words)


def grant_request(
    *, actor: Viewer, request: CorrectionRequest, text: str, words: str, corrects_record: bool
) -> Certificate:
    """Answer by a new edition that says `text`; returns it. Raises DomainError when it cannot be issued."""
    _refuse_answered(request)
    if request.fact not in CORRECTABLE:
        raise DomainError(_("This fact is not corrected by itself. Replace the certificate from its page."))
    wanted = Corrections(**{request.fact: text}, corrects_record=corrects_record)  # type: ignore[arg-type]
    newer = replace_certificate(
        actor=actor, certificate=request.certificate, reason=words, corrections=wanted
    )
    _note(request, Voice.OFFICE, actor.name, words)
    _answer(actor, request, RequestState.REPLACED)
    _record(request, "granted", _("Replaced by %(number)s", number=newer.number), actor)
    return newer


def close_as_replaced(*, actor: Viewer, request: CorrectionRequest) -> None:
    """Close a request whose certificate was replaced on its own page."""
    _refuse_answered(request)
    if request.certificate.replaced_by is None:
        raise DomainError(_("The certificate has not been replaced. Replace it first."))
    _answer(actor, request, RequestState.REPLACED)
    number = request.certificate.replaced_by.number
    _record(request, "granted", _("Replaced by %(number)s", number=number), actor)


def _answer(actor: Viewer, request: CorrectionRequest, state: RequestState) -> None:
    request.state, request.answered_at, request.answered_by_id = state, now(), actor.id


def _refuse_answered(request: CorrectionRequest) -> None:
    db.session.refresh(request, ["state"], with_for_update={"of": CorrectionRequest})
    if request.state.is_answered:
        raise DomainError(_("This request was answered already. Nothing was changed."))


def _note(request: CorrectionRequest, voice: Voice, author: str, words: str) -> None:
    db.session.add(CorrectionNote(request_id=request.id, voice=voice, author_name=author, words=words))


def _record(
    request: CorrectionRequest, action: str, summary: str, actor: Viewer = OFFICE, **details: str
) -> None:
    by = {} if actor is not OFFICE else {"by": "holder"}
    audit.record(actor, action, request, summary, institution_id=request.institution_id, **by, **details)


def _write_to_holder(request: CorrectionRequest, template: str, subject: str, words: str = "") -> None:
    """To the address we know, with a link; without one to the contact she gave, which gets no secret."""
    certificate = request.certificate
    known = deliveries.find_addressees([certificate.id])[certificate.id].email
    address = known or (request.contact if template != "correction_confirm" else None)
    if not address:
        return
    link = fresh_link() if known else None
    if link:
        keep_links([(link, certificate.id, address)])
    context = {"facts": certificate.facts, "words": words, "link": link.address if link else None}
    title = subject % {"number": certificate.number}
    mail.send_all([mail.Note(template=template, to=address, subject=title, context=context, has_html=True)])
