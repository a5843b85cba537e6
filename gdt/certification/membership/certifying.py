"""Certifying that an institution is a partner: while an agreement is in force, once for each agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _

from gdt import mail
from gdt.access import Viewer
from gdt.accounts.queries import list_coordinators
from gdt.certification import queries as certificate_queries
from gdt.certification.batches import halting
from gdt.certification.designs.looks import Look, looks_of
from gdt.certification.designs.printable import unprintable
from gdt.certification.drawing.documents import Holder, Occasion
from gdt.certification.issuing.registering import Entitlement, Registrar, record_issued
from gdt.certification.membership import queries
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import now
from gdt.errors import DomainError
from gdt.partners.models import Agreement, Institution

ACHIEVEMENT = "Global Digital Talent partner institution"
AT_ONCE = 50


@dataclass(frozen=True)
class Finding:
    """An institution, its agreement in force, the certificate for it, and why none can be issued now."""

    institution: Institution
    agreement: Agreement | None
    certificate: Certificate | None
    reason: str | None

    @property
    def is_ready(self) -> bool:
        return self.certificate is None and self.reason is None


def assess_partners(viewer: Viewer, on: date) -> list[Finding]:
    """Every institution with an agreement in force that the viewer sees, and what the rules say."""
    return _assess(queries.list_with_agreement(viewer, on), on)


def assess_partner(institution: Institution, on: date) -> Finding:
    """What the rules say of one institution on a day."""
    return _assess([institution], on)[0]


def issue_partner_certificates(
    *, actor: Viewer, institution: Institution | None = None, seen: int, issued_on: date | None = None
) -> Sequence[Certificate]:
    """Issue what is ready, for one institution or for all the actor sees, as many as were seen.

    The year's counter is held while it is looked again, so two people issue one after the other and an
    agreement is certified once. Raises DomainError.
    """
    halting.refuse_while_halted()
    on = issued_on or now().date()
    counter = certificate_queries.take_counter(on.year)
    found = assess_partners(actor, on) if institution is None else [assess_partner(institution, on)]
    ready = [finding for finding in found if finding.is_ready][:AT_ONCE]
    if not ready or len(ready) != seen:
        raise DomainError(_("Meanwhile this changed: %(n)s are ready now. Look again.", n=len(ready)))
    registrar = Registrar(counter)
    looks = looks_of(CertificateKind.PARTNER, [finding.institution for finding in ready])
    issued = [_register(registrar, one, actor, on, looks[one.institution.id]) for one in ready]
    record_issued(issued, actor)
    if issued_on is None:  # one dated by hand is no news
        _tell(issued, ready)
    return issued


def _assess(institutions: Sequence[Institution], on: date) -> list[Finding]:
    terms = {one.id: one.agreement_in_force(on) for one in institutions}
    held = queries.newest_of(term for term in terms.values() if term is not None)
    return [
        Finding(one, term, held.get(term.id) if term else None, _reason(one, term, on))
        for one in institutions
        for term in [terms[one.id]]
    ]


def _reason(institution: Institution, term: Agreement | None, on: date) -> str | None:
    if institution.closed_on is not None and institution.closed_on <= on:
        return str(_("The institution is closed."))
    if term is None:
        return str(_("No agreement is in force today."))
    missing = unprintable(institution.name, institution.native_name)
    if missing:
        return str(_("No font here can print %(signs)s in the name.", signs=", ".join(missing)))
    return None


def _register(registrar: Registrar, finding: Finding, actor: Viewer, on: date, look: Look) -> Certificate:
    institution, term = finding.institution, finding.agreement
    if term is None:
        raise DomainError(_("No agreement is in force today."))
    entitlement = Entitlement(
        thing_earned=queries.thing_of_agreement(term.id),
        person_id=None,
        institution_id=institution.id,
        course_id=None,
        cohort_id=None,
        issued_by_id=actor.id,
        email=None,
    )
    holder = Holder(
        printed_name=institution.name,
        native_name=institution.native_name,
        institution=institution,
        valid_until=term.ends_on,
        look=look,
    )
    occasion = Occasion(
        kind=CertificateKind.PARTNER, issued_on=on, achievement=ACHIEVEMENT, modules=(), held_from=None
    )
    return registrar.register(entitlement, holder, occasion, None)


def _tell(issued: Sequence[Certificate], findings: Sequence[Finding]) -> None:
    """A mail to the coordinators of each institution, who download it."""
    base = current_app.config["BASE_URL"]
    mail.send_all(
        [
            mail.Note(
                template="partner_certificate",
                to=person.email,
                subject=_("The partner certificate of %(name)s", name=finding.institution.name),
                context={
                    "certificate": certificate,
                    "person": person,
                    "institution": finding.institution,
                    "url": f"{base}/institutions/{finding.institution.code}/partner-certificate",
                },
                key=f"partner-certificate:{certificate.id}:{person.id}",
                has_html=True,
            )
            for certificate, finding in zip(issued, findings, strict=True)
            for person in list_coordinators(finding.institution.id)
        ]
    )
