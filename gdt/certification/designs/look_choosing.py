"""Choosing how an institution's certificates look: the language beside English, and its logo."""

from flask_babel import gettext as _

from certificates import InvalidDesign, InvalidLogo, read_logo
from gdt import audit, documents
from gdt.access import Viewer
from gdt.certification.designs import queries
from gdt.certification.designs.languages import language_for
from gdt.certification.designs.looks import LOGOS, design_in_use, parsed
from gdt.certification.designs.models import InstitutionLook
from gdt.certification.models import CertificateKind
from gdt.database import db
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.partners.queries import lock_institution


def choose_look(
    *,
    actor: Viewer,
    institution: Institution,
    language: str | None,
    logo: bytes | None = None,
    removes_logo: bool = False,
) -> InstitutionLook:
    """Keep what new certificates will look like; None as language is that of the country. Raises DomainError.

    What was issued stays as it is.
    """
    lock_institution(institution)
    _refuse_unknown(language_for(institution.country.code, language))
    look = queries.find_look(institution) or InstitutionLook(institution_id=institution.id)
    before = (look.language, look.logo_sha256)
    look.language = language
    if logo:
        look.logo_sha256 = _kept(logo)
    elif removes_logo:
        look.logo_sha256 = None
    db.session.add(look)
    if before != (look.language, look.logo_sha256):
        _record(actor, institution, look)
    return look


def languages_in_use() -> list[str]:
    """The languages beside English that every design in use has."""
    found: set[str] | None = None
    for kind in CertificateKind:
        name, source = design_in_use(kind)
        spoken = set(parsed(source, name).languages)
        found = spoken if found is None else found & spoken
    return sorted(found or ())


def _refuse_unknown(language: str) -> None:
    for kind in CertificateKind:
        name, source = design_in_use(kind)
        try:
            parsed(source, name).second_language(language)
        except InvalidDesign as error:
            raise DomainError(str(error), "language") from error


def _kept(data: bytes) -> str:
    try:
        logo = read_logo(data)
    except InvalidLogo as error:
        raise DomainError(str(error), "logo") from error
    _key, digest = documents.keep(LOGOS, logo.data, suffix=".png")
    return digest


def _record(actor: Viewer, institution: Institution, look: InstitutionLook) -> None:
    summary = _("Chose how the certificates of %(name)s look", name=institution.name)
    audit.record(
        actor,
        "chose the look of",
        institution,
        summary,
        institution_id=institution.id,
        language=look.language or _("its country's"),
        logo=look.logo_sha256,
    )
