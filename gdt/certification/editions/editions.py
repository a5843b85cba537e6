"""Editions: the next paper for a thing certified before, checked, previewed, drawn, numbered and entered.

It says what the one before said but for the facts that change; it is dated, numbered and signed today. The
old number, code and bytes stay for ever.
"""

from flask_babel import format_date
from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.certification import queries
from gdt.certification.codes import new_code
from gdt.certification.designs.looks import look_of_facts
from gdt.certification.designs.printable import printable_or_refused
from gdt.certification.drawing.documents import corrected, specimen
from gdt.certification.drawing.drafting import Forecast, draw_draft
from gdt.certification.editions.corrections import Changes, after
from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.issuing.registering import Entitlement, Registrar, record_issued
from gdt.certification.log import writing as log_writing
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import DomainError


def check_edition(certificate: Certificate, changes: Changes) -> None:
    """Raises DomainError, at the fact where possible, when the changed paper cannot be issued today."""
    today = now().date()
    if certificate.valid_until is not None and certificate.valid_until < today:
        raise DomainError(
            _(
                "The term of %(number)s ended on %(day)s: a new one would be expired when issued. "
                "Renew the qualification, and a new certificate follows.",
                number=certificate.number,
                day=format_date(certificate.valid_until, "d MMM yyyy"),
            )
        )
    if certificate.person is not None and certificate.person.erased_at is not None:
        raise DomainError(_("This person's data was erased on request, so nothing new is printed of it."))
    for name, text in after(changes).items():
        printable_or_refused(text, field=name)
    # What the paper cannot hold is found here, before a number is asked for.
    corrected(certificate.facts, after(changes), number="0", code="0", issued_on=today)


def preview_edition(certificate: Certificate, changes: Changes) -> bytes:
    """The changed certificate as PDF, with nobody's number and code, unsigned. Raises DomainError."""
    check_edition(certificate, changes)
    look = look_of_facts(certificate.kind, certificate.facts)
    return specimen(certificate.facts, after(changes), look=look, issued_on=now().date())


def issue_next_edition(
    *, actor: Viewer, certificate: Certificate, reason: str, changes: Changes
) -> Certificate:
    """Draw and register what takes the place of a held certificate, and write down why; the year is held."""
    today = now().date()
    registrar = Registrar(queries.take_counter(today.year))
    code, email = new_code(), certificate.person.email if certificate.person else None
    content = corrected(
        certificate.facts, after(changes), number=registrar.next_number, code=code, issued_on=today
    )
    look = look_of_facts(certificate.kind, certificate.facts)
    draft = draw_draft(Forecast(code, content, email, registrar.slots.another(), look))
    successor = registrar.enter(_entitlement(certificate, actor), draft)
    successor.replaces = certificate
    record_issued([successor], actor, replaces=certificate.number)
    log_writing.record_replaced(certificate, successor)
    _keep_reason(actor, successor, reason, changes)
    return successor


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


def _keep_reason(actor: Viewer, successor: Certificate, reason: str, changes: Changes) -> None:
    db.session.add(
        CertificateReplacement(
            certificate=successor,
            reason=reason,
            changes={name: list(pair) for name, pair in changes.items()},
            made_by_id=actor.id,
            made_by_name=actor.name,
        )
    )
    old = successor.replaces.number if successor.replaces else ""
    summary = _("Issued in place of %(number)s: %(reason)s", number=old, reason=reason)
    audit.record(actor, "issued in place", successor, summary, institution_id=successor.institution_id)
