"""Specimens: a design with the worst names or an ordinary one, and an institution's own certificates."""

import dataclasses
import io

from certificates import Design, Kind, example_content, render_certificate
from certificates.content import CertificateContent
from certificates.previews import preview, write_preview
from certificates.worst_names import SPECIMEN
from gdt.certification.designs.languages import ENGLISH, country_in_english
from gdt.certification.designs.looks import UNFIT, design_of, look_of, parsed
from gdt.certification.designs.versions import Version
from gdt.certification.models import CertificateKind
from gdt.errors import DomainError, RecordNotFound
from gdt.partners.models import Institution


def preview_version(version: Version, language: str) -> bytes:
    """One specimen in a language. Raises RecordNotFound for a language the version does not have."""
    return preview(_design(version, language), language)


def preview_worst_names(version: Version, language: str) -> bytes:
    """A specimen for each of the worst names we know, one to a page."""
    file = io.BytesIO()
    write_preview(_design(version, language), file, language)
    return file.getvalue()


def preview_institution(institution: Institution, kind: CertificateKind) -> bytes:
    """How a certificate of the institution looks: its name, its language, its logo. Raises DomainError."""
    look = look_of(kind, institution)
    logo = look.logo.sha256 if look.logo else None
    try:
        content = dataclasses.replace(_example(institution, kind), language=look.language, logo=logo)
        return render_certificate(content, design_of(look), logo=look.logo)
    except UNFIT as error:
        raise DomainError(str(error)) from error


def _design(version: Version, language: str) -> Design:
    if version.source is None or language not in (ENGLISH, *version.languages):
        raise RecordNotFound
    return parsed(version.source, version.name)


def _example(institution: Institution, kind: CertificateKind) -> CertificateContent:
    example = example_content(Kind(kind.value))
    is_its_own = kind is CertificateKind.PARTNER
    return dataclasses.replace(
        example,
        number=SPECIMEN,
        printed_name=institution.name[:120] if is_its_own else example.printed_name,
        native_name=institution.native_name if is_its_own else example.native_name,
        institution=institution.name,
        institution_native=None if is_its_own else institution.native_name,
        country=country_in_english(institution.country.code),
        place=institution.city if example.place else None,
    )
