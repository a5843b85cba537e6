"""Issuing anew: what was revoked by mistake gets a new certificate; the revocation itself is never undone.

A batch never does this by itself: the rules refuse whoever had the same thing revoked, and name this way.
"""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.certification.batches.halting import refuse_while_halted
from gdt.certification.editions.corrections import Changes, Corrections
from gdt.certification.editions.editions import check_edition, issue_next_edition
from gdt.certification.editions.queries import first_issued_on, hold_certificate
from gdt.certification.eligibility.assessing import Finding, Rule
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.certification.models import Certificate, CertificateKind
from gdt.errors import DomainError


def reissue_certificate(
    *, actor: Viewer, certificate: Certificate, reason: str, corrections: Corrections | None = None
) -> Certificate:
    """Issue a new certificate in place of a revoked one, if all rules but the revocation were met.

    They are asked for the day the thing was first certified. Raises DomainError; then nothing has changed.
    """
    refuse_while_halted()
    hold_certificate(certificate)
    changes, why = check_reissue(certificate=certificate, corrections=corrections), reason.strip()
    if not why:
        raise DomainError(_("Say why: the history of both certificates will tell it."), "reason")
    newer = issue_next_edition(actor=actor, certificate=certificate, reason=why, changes=changes)
    words = {"number": certificate.number, "newer": newer.number, "reason": why}
    summary = _("%(newer)s was issued after %(number)s had been revoked: %(reason)s", **words)
    audit.record(actor, "issued anew", certificate, summary, institution_id=certificate.institution_id)
    return newer


def check_reissue(*, certificate: Certificate, corrections: Corrections | None = None) -> Changes:
    """What the new certificate would say otherwise. Raises DomainError when there can be none."""
    if certificate.revoked_at is None:
        raise DomainError(
            _("%(number)s is not revoked, so nothing is issued in its place.", number=certificate.number)
        )
    if certificate.replaced_by is not None:
        raise DomainError(
            _(
                "%(newer)s was issued in place of %(number)s already. Nothing was changed.",
                number=certificate.number,
                newer=certificate.replaced_by.number,
            )
        )
    changes = corrections.changes_to(certificate.facts) if corrections else {}
    check_edition(certificate, changes)
    _refuse_unearned(certificate)
    return changes


def _refuse_unearned(certificate: Certificate) -> None:
    """Whether it was earned is asked again; awards and partnerships are the office's own word."""
    if certificate.kind not in {CertificateKind.STUDENT, CertificateKind.TEACHER}:
        return
    finding = _finding(certificate)
    if finding is None:
        raise DomainError(_("The record does not say any more that this was earned. Put it right first."))
    unmet = [answer.sentence for answer in finding.unmet if answer.rule is not Rule.ALREADY]
    if unmet:
        raise DomainError(_("It is not earned: %(reasons)s", reasons=" ".join(unmet)))


def _finding(certificate: Certificate) -> Finding | None:
    """What the rules say about the same person and the same thing on the day it was first certified."""
    day, people = first_issued_on(certificate), [certificate.person_id or 0]
    if certificate.cohort_id is not None:
        found = assess_students([certificate.cohort_id], day, people)[certificate.cohort_id]
    else:
        course_id = certificate.course_id or 0
        found = assess_teachers([course_id], day, people)[course_id]
    return next((f for f in found if f.candidate.thing_earned == certificate.thing_earned), None)
