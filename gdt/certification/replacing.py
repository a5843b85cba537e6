"""Replacing: a correction of what is printed becomes the next edition, and the one before points to it.

The new certificate says what the old one said but for the corrected facts; it is dated, numbered and signed
today. The old number, code and bytes stay for ever, and say from now on that they were replaced.
"""

from flask_babel import format_date
from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.certification import queries
from gdt.certification.codes import new_code
from gdt.certification.corrections import OF_THE_PERSON, Changes, Corrections
from gdt.certification.documents import corrected, printable_or_refused, specimen
from gdt.certification.drafting import Forecast, draw_draft
from gdt.certification.models import Certificate, CertificateState
from gdt.certification.registering import Entitlement, Registrar, record_issued
from gdt.certification.replacement_models import CertificateReplacement
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.people.models import Person
from gdt.people.services import PersonFacts, correct_person


def replace_certificate(
    *, actor: Viewer, certificate: Certificate, reason: str, corrections: Corrections
) -> Certificate:
    """Issue the corrected next edition of a certificate that stands; returns the new one.

    Everything in the caller's transaction: number, paper, badge, the person's record if `corrects_record`.
    Raises DomainError (at a field of `Corrections`, or "reason") when it cannot be; then nothing has changed.
    """
    hold_certificate(certificate)
    changes = _checked(certificate, corrections)
    if not reason.strip():
        raise DomainError(_("Say why: the history of both certificates will tell it."), "reason")
    if corrections.corrects_record:
        _correct_record(actor, certificate, changes)
    return issue_next_edition(actor=actor, certificate=certificate, reason=reason.strip(), changes=changes)


def preview_replacement(*, certificate: Certificate, corrections: Corrections) -> bytes:
    """The corrected certificate as PDF with neither number, code nor signature. Raises DomainError."""
    changes = _checked(certificate, corrections)
    return specimen(certificate.facts, _after(changes), issued_on=now().date())


def check_replacement(*, certificate: Certificate, corrections: Corrections) -> Changes:
    """What the next edition would say otherwise. Raises DomainError when there can be none."""
    return _checked(certificate, corrections)


def issue_next_edition(
    *, actor: Viewer, certificate: Certificate, reason: str, changes: Changes
) -> Certificate:
    """Number, draw and register what takes the place of a held certificate, and write down why."""
    today = now().date()
    registrar = Registrar(queries.take_counter(today.year))
    code, email = new_code(), certificate.person.email if certificate.person else None
    content = corrected(
        certificate.facts, _after(changes), number=registrar.next_number, code=code, issued_on=today
    )
    successor = registrar.enter(_entitlement(certificate, actor), draw_draft(Forecast(code, content, email)))
    successor.replaces = certificate
    record_issued([successor], actor, replaces=certificate.number)
    db.session.add(
        CertificateReplacement(
            certificate=successor,
            reason=reason,
            changes={name: list(pair) for name, pair in changes.items()},
            made_by_id=actor.id,
            made_by_name=actor.name,
        )
    )
    _tell_history(actor, certificate, successor, reason)
    return successor


def hold_certificate(certificate: Certificate) -> None:
    """Wait for, and hold to the end of the transaction, the right to change a certificate's state."""
    db.session.refresh(certificate, with_for_update={"of": Certificate, "key_share": True})


def _checked(certificate: Certificate, corrections: Corrections) -> Changes:
    _refuse_fallen(certificate)
    changes = corrections.changes_to(certificate.facts)
    if not changes:
        raise DomainError(_("Nothing would change. Correct at least one of the printed facts."))
    if certificate.person is not None and certificate.person.erased_at is not None:
        raise DomainError(_("This person's data was erased on request, so nothing new is printed of it."))
    for name, (_before, after) in changes.items():
        printable_or_refused(after, field=name)
    # What the paper cannot hold is found here, before a number is asked for.
    corrected(certificate.facts, _after(changes), number="0", code="0", issued_on=now().date())
    return changes


def _refuse_fallen(certificate: Certificate) -> None:
    """Only what stands today is corrected; the sentence says what to do instead."""
    state, number = certificate.state(now().date()), certificate.number
    if state is CertificateState.REPLACED and certificate.replaced_by is not None:
        raise DomainError(
            _(
                "%(number)s was replaced by %(newer)s already. Nothing was changed. Look at %(newer)s, and "
                "correct that one if it is still wrong.",
                number=number,
                newer=certificate.replaced_by.number,
            )
        )
    if state is CertificateState.REVOKED:
        raise DomainError(
            _(
                "%(number)s was revoked, and what is revoked is not corrected. Nothing was changed.",
                number=number,
            )
        )
    if state is CertificateState.EXPIRED and certificate.valid_until is not None:
        raise DomainError(
            _(
                "The term of %(number)s ended on %(day)s: a corrected one would be expired when issued. "
                "Renew the qualification, and a new certificate follows.",
                number=number,
                day=format_date(certificate.valid_until, "d MMM yyyy"),
            )
        )


def _correct_record(actor: Viewer, certificate: Certificate, changes: Changes) -> None:
    person, wanted = certificate.person, {n: pair for n, pair in changes.items() if n in OF_THE_PERSON}
    if person is None or not wanted:
        return
    for name, (before, after) in wanted.items():
        known = getattr(person, name)
        if known not in (before, after):
            raise DomainError(
                _(
                    "The register says “%(known)s” by now, and the certificate printed “%(before)s”. Correct "
                    "the person's own page, and take this tick off.",
                    known=known or "–",
                    before=before or "–",
                ),
                "corrects_record",
            )
    correct_person(actor=actor, person=person, facts=_facts_of(person, _after(wanted)), numbers={})


def _facts_of(person: Person, after: dict[str, str | None]) -> PersonFacts:
    known = {name: getattr(person, name) for name in ("printed_name", "native_name", "email", "gender")}
    return PersonFacts.typed(known | after)


def _after(changes: Changes) -> dict[str, str | None]:
    return {name: after for name, (_before, after) in changes.items()}


def _entitlement(certificate: Certificate, actor: Viewer) -> Entitlement:
    return Entitlement(
        thing_earned=certificate.thing_earned,
        person_id=certificate.person_id,
        institution_id=certificate.institution_id,
        course_id=certificate.course_id,
        cohort_id=certificate.cohort_id,
        issued_by_id=actor.id,
        email=None,
        edition=certificate.edition + 1,
    )


def _tell_history(actor: Viewer, old: Certificate, new: Certificate, reason: str) -> None:
    place, numbers = old.institution_id, {"number": old.number, "newer": new.number, "reason": reason}
    summary = _("Replaced %(number)s by %(newer)s: %(reason)s", **numbers)
    audit.record(actor, "replaced", old, summary, institution_id=place)
    summary = _("Issued in place of %(number)s: %(reason)s", **numbers)
    audit.record(actor, "issued in place", new, summary, institution_id=place)
