"""The certificates of awards: drawn, signed, numbered and entered into the log like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.certification import queries as certificate_queries
from gdt.certification.batches import halting
from gdt.certification.delivery.services import deliver_without_batch
from gdt.certification.designs.looks import Look, looks_of
from gdt.certification.designs.printable import unprintable
from gdt.certification.drawing.documents import Holder, Occasion
from gdt.certification.issuing.registering import Entitlement, Registrar, record_issued
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.recognition import queries
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.telling import tell_of_certificates

AT_ONCE = 50


@dataclass(frozen=True)
class Finding:
    """An award, its certificate if there is one, and why none can be issued now; no reason: it is ready."""

    nomination: Nomination
    certificate: Certificate | None
    reason: str | None

    @property
    def is_ready(self) -> bool:
        return self.certificate is None and self.reason is None


def assess_awards(call: AwardCall, on: date) -> list[Finding]:
    """Every award of a year, and what the rules say of its certificate on a day."""
    given = queries.list_given(call)
    held = queries.certificates_of(given)
    return [Finding(one, held.get(one.id), _reason(one, on)) for one in given]


def issue_award_certificates(
    *, actor: Viewer, call: AwardCall, seen: int, issued_on: date | None = None
) -> Sequence[Certificate]:
    """Issue the certificates of a year that are ready, as many as were seen. Raises DomainError.

    The year’s row is held, so two people issue one after the other, and a thing is certified once.
    """
    halting.refuse_while_halted()
    queries.hold_call(call)
    on = issued_on or now().date()
    ready = [finding.nomination for finding in assess_awards(call, on) if finding.is_ready][:AT_ONCE]
    if not ready or len(ready) != seen:
        raise DomainError(_("Meanwhile this changed: %(n)s are ready now. Look again.", n=len(ready)))
    registrar = Registrar(certificate_queries.take_counter(on.year))
    looks = looks_of(CertificateKind.AWARD, {one.institution for one in ready})
    issued = [_register(registrar, one, actor, on, looks[one.institution_id]) for one in ready]
    record_issued(issued, actor)
    if issued_on is None:  # one dated back is no news
        tell_of_certificates(list(zip(issued, ready, strict=True)))
        deliver_without_batch([one for one in issued if one.person_id is not None])
    return issued


def _register(
    registrar: Registrar, nomination: Nomination, actor: Viewer, issued_on: date, look: Look
) -> Certificate:
    person, institution = nomination.person, nomination.institution
    entitlement = Entitlement(
        thing_earned=nomination.thing_earned,
        person_id=nomination.person_id,
        institution_id=nomination.institution_id,
        course_id=None,
        cohort_id=None,
        issued_by_id=actor.id,
        email=person.email if person else None,
    )
    holder = Holder(
        printed_name=nomination.nominee,
        native_name=person.native_name if person else institution.native_name,
        institution=institution,
        valid_until=None,
        look=look,
    )
    return registrar.register(entitlement, holder, _occasion(nomination, issued_on), None)


def _occasion(nomination: Nomination, issued_on: date) -> Occasion:
    return Occasion(
        kind=CertificateKind.AWARD,
        issued_on=issued_on,
        achievement=f"{nomination.category.name} {nomination.call.year}",
        modules=(),
        held_from=nomination.given_on,
        place=nomination.given_at_place,
    )


def _reason(nomination: Nomination, on: date) -> str | None:
    """Why the certificate cannot be issued on a day, in a sentence."""
    person = nomination.person
    if nomination.given_on is not None and nomination.given_on > on:
        return str(_("The award is given on %(day)s.", day=day(nomination.given_on)))
    if person is not None and person.erased_at is not None:
        return str(_("This person’s data was erased on request."))
    native = person.native_name if person else nomination.institution.native_name
    missing = unprintable(nomination.nominee, native)
    if missing:
        return str(_("No font here can print %(signs)s in the name.", signs=", ".join(missing)))
    return None
