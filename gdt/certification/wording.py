"""How certificates are worded on pages and in downloads: states, kinds, slips in a typed code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.certification.codes import LENGTH, MistypedCode, Slip
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.numbering import parse_number


@dataclass(frozen=True)
class Option:
    """A link that narrows a list."""

    label: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Group:
    label: str
    options: list[Option]


def chosen_words(groups: Sequence[Group]) -> list[str]:
    """What a list is narrowed to, in words."""
    return [option.label for group in groups for option in group.options if option.is_current]


KINDS = {
    CertificateKind.TEACHER: lazy_gettext("Teacher certificate"),
    CertificateKind.STUDENT: lazy_gettext("Student certificate"),
    CertificateKind.AWARD: lazy_gettext("Award certificate"),
    CertificateKind.PARTNER: lazy_gettext("Partner certificate"),
}
STATES = {
    CertificateState.VALID: (lazy_gettext("Valid"), "ok"),
    CertificateState.EXPIRED: (lazy_gettext("Expired"), "attention"),
    CertificateState.REVOKED: (lazy_gettext("Revoked"), "problem"),
    CertificateState.REPLACED: (lazy_gettext("Replaced"), "neutral"),
}
FACTS = {
    "printed_name": lazy_gettext("Holder"),
    "native_name": lazy_gettext("Name in own script"),
    "institution": lazy_gettext("Institution"),
    "institution_native": lazy_gettext("Institution in its own script"),
    "achievement": lazy_gettext("Certified in"),
    "place": lazy_gettext("Place"),
    "held_from": lazy_gettext("First day"),
    "held_to": lazy_gettext("Last day"),
}


def slip(error: MistypedCode, typed: str) -> str:
    """What to check about a code that cannot be one."""
    if parse_number(typed) is not None:
        return str(
            _(
                "This is the certificate's number. Type the code instead: it stands beside the QR symbol, in "
                "groups of letters and digits. The number alone proves nothing."
            )
        )
    if error.slip is Slip.SYMBOL:
        return str(
            _("No code has %(symbols)s in it. Check that letter or sign.", symbols=" ".join(error.symbols))
        )
    if error.slip is Slip.LENGTH:
        return str(
            _(
                "A code has %(length)s letters and digits; here are %(count)s. Check that none is missing or "
                "typed twice.",
                length=LENGTH,
                count=error.count,
            )
        )
    return str(
        _(
            "One of the letters or digits is not the right one, or two are swapped. Compare them group "
            "by group."
        )
    )


def unknown_code() -> str:
    """What to do about a well-formed code nobody was given."""
    return str(
        _(
            "No certificate has this code. We did not issue a certificate that carries it. If you hold one, "
            "ask the institution named on it."
        )
    )


def csv_header() -> Sequence[str]:
    return (
        _("Number"),
        _("State"),
        _("Kind"),
        _("Name"),
        _("Native name"),
        _("Institution"),
        _("Country"),
        _("Certified in"),
        _("Issued on"),
        _("Valid until"),
    )


def csv_row(certificate: Certificate, day: date) -> Sequence[str]:
    facts = certificate.facts
    return (
        certificate.number,
        str(STATES[certificate.state(day)][0]),
        str(KINDS[certificate.kind]),
        facts["printed_name"],
        facts.get("native_name", ""),
        facts["institution"],
        facts["country"],
        facts["achievement"],
        facts["issued_on"],
        facts.get("valid_until", ""),
    )
