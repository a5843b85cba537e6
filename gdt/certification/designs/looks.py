"""How certificates look: the design in use, the language beside English, the institution's logo."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from certificates import Design, InvalidDesign, InvalidLogo, Logo, design_names, design_source, parse_design
from certificates.content import InvalidContent
from certificates.shaping import UnprintableText
from gdt import documents
from gdt.certification.designs import queries
from gdt.certification.designs.languages import ENGLISH, language_for
from gdt.certification.designs.models import CertificateDesign, InstitutionLook
from gdt.certification.models import Certificate, CertificateKind
from gdt.errors import DomainError, RecordNotFound
from gdt.partners.models import Institution

LOGOS = "logos"
UNFIT = (InvalidContent, InvalidDesign, UnprintableText)  # what the library says of what it cannot draw
STANDARD = dict.fromkeys(CertificateKind, 2)
"""The library's version that is in use until the office publishes a newer one."""


class CannotIssue(DomainError):
    """Nothing can be issued now, whoever it is for: the work stops, and goes on when the cause is gone."""


@dataclass(frozen=True)
class Look:
    """What a certificate is drawn with, as plain values that can travel to another process."""

    design: str
    source: str
    language: str = ENGLISH
    logo: Logo | None = None


def looks_of(kind: CertificateKind, institutions: Iterable[Institution]) -> dict[int, Look]:
    """How certificates of a kind look today, by institution, by a constant number of queries.

    Raises CannotIssue when the design in use is not the one that was published.
    """
    institutions = list(institutions)
    name, source = design_in_use(kind)
    chosen = queries.list_looks([institution.id for institution in institutions])
    return {
        institution.id: _look(name, source, institution, chosen.get(institution.id))
        for institution in institutions
    }


def look_of(kind: CertificateKind, institution: Institution) -> Look:
    """How an institution's certificates of a kind look today. Raises CannotIssue."""
    return looks_of(kind, [institution])[institution.id]


def look_of_facts(kind: CertificateKind, facts: dict[str, Any]) -> Look:
    """The design of today for facts that were frozen earlier, in their language. Raises CannotIssue."""
    name, source = design_in_use(kind)
    return Look(name, source, facts.get("language", ENGLISH), _logo(facts.get("logo")))


def look_at_issue(certificate: Certificate, sources: dict[str, str]) -> Look:
    """What a certificate was drawn with; `sources` keeps those of designs met before, by name.

    Raises CannotIssue when the design is no longer what it was.
    """
    name, facts = certificate.design, certificate.facts
    if name not in sources:
        sources[name] = source_of(name)
    return Look(name, sources[name], facts.get("language", ENGLISH), _logo(facts.get("logo")))


def design_in_use(kind: CertificateKind) -> tuple[str, str]:
    """Name and source of the newest published version of a kind. Raises CannotIssue."""
    published, standard = queries.find_newest_published(kind), f"{kind.value}-{STANDARD[kind]}"
    if published is None or published.version < STANDARD[kind]:
        return standard, library_source(standard)
    return published.name, checked_source(published)


def library_designs() -> list[str]:
    """The names of the versions the library brings."""
    return design_names()


def source_of(name: str) -> str:
    """The TOML of a version that was published. Raises CannotIssue when it is not as it was then."""
    record = queries.find_design(name)
    return checked_source(record) if record is not None else library_source(name)


def library_source(name: str) -> str:
    """The TOML of a version the library brings. Raises CannotIssue when it is not as it was published."""
    try:
        return design_source(name)
    except InvalidDesign as error:
        raise CannotIssue(_changed(name)) from error


def checked_source(record: CertificateDesign) -> str:
    """Its source, if that is what was kept. Raises CannotIssue."""
    if sha256(record.source.encode()).hexdigest() != record.sha256:
        raise CannotIssue(_changed(record.name))
    return record.source


def design_of(look: Look) -> Design:
    """The design to draw with; the same object each time, so that its press is made once."""
    return parsed(look.source, look.design)


@lru_cache(maxsize=32)
def parsed(source: str, name: str | None = None) -> Design:
    """A design read from its source. Raises InvalidDesign."""
    return parse_design(source, name)


def logo_key(digest: str) -> str:
    return f"{LOGOS}/{digest[:2]}/{digest}.png"


def _look(name: str, source: str, institution: Institution, chosen: InstitutionLook | None) -> Look:
    language = language_for(institution.country.code, chosen.language if chosen else None)
    return Look(name, source, language, _logo(chosen.logo_sha256 if chosen else None))


def _logo(digest: str | None) -> Logo | None:
    return _kept_logo(digest) if digest else None


@lru_cache(maxsize=256)
def _kept_logo(digest: str) -> Logo:
    """The logo with this hash. Raises CannotIssue when its file is gone or another one lies there."""
    try:
        logo = Logo(documents.read(logo_key(digest)))
    except (RecordNotFound, InvalidLogo) as error:
        raise CannotIssue(_lost_logo(digest)) from error
    if logo.sha256 != digest:
        raise CannotIssue(_lost_logo(digest))
    return logo


def _changed(name: str) -> str:
    sentence: str = _(
        "The design %(name)s is not as it was published. Nothing is issued with it. Restore it from a "
        "backup, or publish a new version.",
        name=name,
    )
    return sentence


def _lost_logo(digest: str) -> str:
    sentence: str = _(
        "The file of a logo (%(digest)s) is missing or damaged. Nothing is issued with it. Restore it from "
        "a backup, or upload the logo again.",
        digest=digest[:12],
    )
    return sentence
