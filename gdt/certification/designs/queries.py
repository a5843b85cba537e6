"""Reading designs and looks."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from gdt.certification.designs.models import CertificateDesign, InstitutionLook
from gdt.certification.models import CertificateKind
from gdt.database import db
from gdt.partners.models import Country, Institution


def find_design(name: str) -> CertificateDesign | None:
    """A version that was brought or published here; None for one the library alone has."""
    return db.session.scalar(select(CertificateDesign).where(CertificateDesign.name == name))


def find_newest_published(kind: CertificateKind) -> CertificateDesign | None:
    return db.session.scalar(
        select(CertificateDesign)
        .where(CertificateDesign.kind == kind, CertificateDesign.published_at.is_not(None))
        .order_by(CertificateDesign.version.desc())
        .limit(1)
    )


def list_designs() -> Sequence[CertificateDesign]:
    return db.session.scalars(
        select(CertificateDesign).order_by(CertificateDesign.kind, CertificateDesign.version)
    ).all()


def hold_design(name: str) -> CertificateDesign | None:
    """The version, held to the end of the transaction, as it is now."""
    return db.session.scalar(
        select(CertificateDesign)
        .where(CertificateDesign.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_look(institution: Institution) -> InstitutionLook | None:
    return db.session.scalar(select(InstitutionLook).where(InstitutionLook.institution_id == institution.id))


def list_looks(institution_ids: Collection[int]) -> dict[int, InstitutionLook]:
    """What these institutions chose, by institution."""
    found = db.session.scalars(
        select(InstitutionLook).where(InstitutionLook.institution_id.in_(institution_ids))
    )
    return {look.institution_id: look for look in found}


def list_chosen_languages() -> Sequence[tuple[str, str | None]]:
    """The country of every institution and the language it chose, each pair once."""
    rows = db.session.execute(
        select(Country.code, InstitutionLook.language)
        .join(Institution, Institution.country_id == Country.id)
        .outerjoin(InstitutionLook, InstitutionLook.institution_id == Institution.id)
        .where(Institution.closed_on.is_(None))
        .distinct()
        .order_by(Country.code)
    )
    return [(code, language) for code, language in rows]
