"""Replacing: a correction of what is printed becomes the next edition, and the one before points to it."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.certification.batches.halting import refuse_while_halted
from gdt.certification.editions.corrections import OF_THE_PERSON, Changes, Corrections, after
from gdt.certification.editions.editions import check_edition, issue_next_edition
from gdt.certification.editions.queries import hold_certificate
from gdt.certification.models import Certificate, CertificateState
from gdt.database import now
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
    refuse_while_halted()
    hold_certificate(certificate)
    changes, why = check_replacement(certificate=certificate, corrections=corrections), reason.strip()
    if not why:
        raise DomainError(_("Say why: the history of both certificates will tell it."), "reason")
    if corrections.corrects_record:
        _correct_record(actor, certificate, changes)
    newer = issue_next_edition(actor=actor, certificate=certificate, reason=why, changes=changes)
    words = {"number": certificate.number, "newer": newer.number, "reason": why}
    summary = _("Replaced %(number)s by %(newer)s: %(reason)s", **words)
    audit.record(actor, "replaced", certificate, summary, institution_id=certificate.institution_id)
    return newer


def check_replacement(*, certificate: Certificate, corrections: Corrections) -> Changes:
    """What the next edition would say otherwise. Raises DomainError when there can be none."""
    _refuse_fallen(certificate)
    changes = corrections.changes_to(certificate.facts)
    if not changes:
        raise DomainError(_("Nothing would change. Correct at least one of the printed facts."))
    check_edition(certificate, changes)
    return changes


def _refuse_fallen(certificate: Certificate) -> None:
    """Only what stands is corrected; the sentence says what to do instead."""
    state = certificate.state(now().date())
    if state is CertificateState.REPLACED and certificate.replaced_by is not None:
        raise DomainError(
            _(
                "%(number)s was replaced by %(newer)s already. Nothing was changed. Look at %(newer)s, and "
                "correct that one if it is still wrong.",
                number=certificate.number,
                newer=certificate.replaced_by.number,
            )
        )
    if state is CertificateState.REVOKED:
        raise DomainError(
            _(
                "%(number)s was revoked, and what is revoked is not corrected. Nothing was changed. "
                "If it should count after all, issue it anew from its page.",
                number=certificate.number,
            )
        )


def _correct_record(actor: Viewer, certificate: Certificate, changes: Changes) -> None:
    """Put the same fact right in the person's record, unless somebody else has changed it meanwhile."""
    person, wanted = certificate.person, {n: pair for n, pair in changes.items() if n in OF_THE_PERSON}
    if person is None or not wanted:
        return
    for name, pair in wanted.items():
        if (known := getattr(person, name)) not in pair:
            raise DomainError(
                _(
                    "The register says “%(known)s” by now, and the certificate printed “%(before)s”. Correct "
                    "the person's own page, and take this tick off.",
                    known=known or "–",
                    before=pair[0] or "–",
                ),
                "corrects_record",
            )
    correct_person(actor=actor, person=person, facts=_facts_of(person, after(wanted)), numbers={})


def _facts_of(person: Person, corrected: dict[str, str | None]) -> PersonFacts:
    known = {name: getattr(person, name) for name in ("printed_name", "native_name", "email", "gender")}
    return PersonFacts.typed(known | corrected)
