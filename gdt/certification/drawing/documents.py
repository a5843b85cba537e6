"""The door to the certificate library: contents from what we know, frozen facts, finished bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from certificates import Attachment, CertificateNotInForce, SigningFailed
from certificates.content import (
    CertificateContent as CertificateContent,
)
from certificates.content import (
    InvalidContent,
    Kind,
    ModuleLine,
    Signatory,
    content_from_json,
    content_to_json,
)
from certificates.press import render_certificate
from gdt import documents
from gdt.certification.badges.open_badges import BADGE_FILE, BADGE_TYPE
from gdt.certification.codes import LENGTH, grouped
from gdt.certification.designs.languages import country_in_english
from gdt.certification.designs.looks import UNFIT, CannotIssue, Look, design_of
from gdt.certification.keys import signing_keys
from gdt.certification.keys import terms as key_terms
from gdt.certification.models import Certificate, CertificateKind
from gdt.errors import DomainError, RecordNotFound
from gdt.partners.models import Institution
from gdt.training.curriculum.queries import hours_on
from gdt.training.models import Cohort, Course, Mode, Module

NOBODYS_CODE = "0" * LENGTH
DATES = ("held_from", "held_to")  # the facts that are days


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What the certificates of one batch have in common."""

    kind: CertificateKind
    issued_on: date
    achievement: str
    modules: tuple[Module, ...]
    hours: Mapping[int, int] = field(default_factory=dict)  # by module, as they were on the day it began
    held_from: date | None = None
    held_to: date | None = None
    mode: Mode | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """To whom a certificate is given, and until when."""

    printed_name: str
    native_name: str | None
    institution: Institution
    valid_until: date | None
    look: Look


def occasion_of_cohort(cohort: Cohort, issued_on: date) -> Occasion:
    return Occasion(
        kind=CertificateKind.STUDENT,
        issued_on=issued_on,
        achievement=cohort.course.title,
        modules=tuple(cohort.modules),
        hours=hours_on([module.id for module in cohort.modules], cohort.starts_on),
        held_from=cohort.starts_on,
        held_to=cohort.ends_on,
        mode=cohort.mode,
    )


def occasion_of_teachers(course: Course, issued_on: date) -> Occasion:
    return Occasion(
        kind=CertificateKind.TEACHER,
        issued_on=issued_on,
        achievement=course.title,
        modules=tuple(course.modules),
        hours=hours_on([module.id for module in course.modules], issued_on),
    )


def compose(occasion: Occasion, holder: Holder, *, number: str, code: str) -> CertificateContent:
    """Everything the certificate will say. Raises DomainError when something cannot stand on one."""
    institution = holder.institution
    try:
        return CertificateContent(
            kind=Kind(occasion.kind.value),
            number=number,
            code=grouped(code),
            verify_url=f"{current_app.config['BASE_URL']}/verify/{code}",
            printed_name=holder.printed_name,
            native_name=holder.native_name,
            institution=institution.name,
            institution_native=institution.native_name,
            country=country_in_english(institution.country.code),
            achievement=occasion.achievement,
            modules=tuple(
                ModuleLine(title=module.title, hours=occasion.hours.get(module.id, module.hours))
                for module in occasion.modules
            ),
            held_from=occasion.held_from,
            held_to=occasion.held_to,
            mode=occasion.mode.value if occasion.mode else None,
            place=occasion.place or (institution.city if occasion.mode else None),
            issued_on=occasion.issued_on,
            valid_until=holder.valid_until,
            signatories=_signatories(),
            language=holder.look.language,
            logo=holder.look.logo.sha256 if holder.look.logo else None,
        )
    except InvalidContent as error:
        raise DomainError(_("It cannot be printed: %(reason)s", reason=str(error))) from error


def corrected(
    facts: dict[str, Any], after: dict[str, str | None], *, number: str, code: str, issued_on: date
) -> CertificateContent:
    """What frozen facts say with some of them corrected, signed by those who sign on the day of issue.

    Raises DomainError when something cannot stand on a certificate.
    """
    try:
        return replace(
            content_from_json(json.dumps(facts)),
            **{name: _typed(name, text) for name, text in after.items()},
            number=number,
            code=grouped(code),
            verify_url=f"{current_app.config['BASE_URL']}/verify/{code}",
            issued_on=issued_on,
            signatories=_signatories(),
        )
    except InvalidContent as error:
        raise DomainError(_("It cannot be printed: %(reason)s", reason=str(error))) from error


def _typed(name: str, text: str | None) -> Any:
    return date.fromisoformat(text) if text and name in DATES else text


def specimen(facts: dict[str, Any], after: dict[str, str | None], *, look: Look, issued_on: date) -> bytes:
    """The corrected paper to look at: nobody signed it, and its number and code are nobody's."""
    content = corrected(facts, after, number="PREVIEW", code=NOBODYS_CODE, issued_on=issued_on)
    try:
        return render_certificate(content, design_of(look), logo=look.logo)
    except UNFIT as error:
        raise DomainError(_("It cannot be printed: %(reason)s", reason=str(error))) from error


def draw(content: CertificateContent, badge: str, look: Look, signed_at: datetime) -> bytes:
    """The finished PDF with its badge inside, signed: the same bytes whenever all of it is the same.

    Raises DomainError when it cannot be printed, CannotIssue when nothing can be signed now.
    """
    attached = Attachment(BADGE_FILE, BADGE_TYPE, badge.encode(), "The Open Badge of this certificate")
    signer, design = signing_keys.current().signer, design_of(look)
    try:
        return render_certificate(
            content, design, signer=signer, signed_at=signed_at, attachments=[attached], logo=look.logo
        )
    except UNFIT as error:
        raise DomainError(_("It cannot be printed: %(reason)s", reason=str(error))) from error
    except CertificateNotInForce as error:
        raise CannotIssue(key_terms.refusal(signer.key.certificate, signed_at)) from error
    except SigningFailed as error:
        sentence = _("%(reason)s Nothing was issued; let it go on when that is put right.", reason=str(error))
        raise CannotIssue(sentence) from error


def frozen(content: CertificateContent) -> dict[str, Any]:
    """Every printed fact as plain JSON, kept with the certificate for ever."""
    facts: dict[str, Any] = json.loads(content_to_json(content))
    return facts


def stored_pdf(certificate: Certificate) -> bytes:
    """The bytes as issued. Raises DomainError when they are gone or no longer what was issued."""
    try:
        pdf = documents.read(certificate.file_key)
    except RecordNotFound as error:
        raise DomainError(_altered(certificate)) from error
    if sha256(pdf).hexdigest() != certificate.file_sha256:
        raise DomainError(_altered(certificate))
    return pdf


def _altered(certificate: Certificate) -> str:
    sentence: str = _(
        "The stored file of %(number)s is missing or is not the one that was issued. It is not given out; "
        "tell the administrator to restore it from a backup.",
        number=certificate.number,
    )
    return sentence


def _signatories() -> tuple[Signatory, ...]:
    return tuple(Signatory(name=name, title=title) for name, title in current_app.config["SIGNATORIES"])
