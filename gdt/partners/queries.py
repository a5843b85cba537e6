"""Reading the partner network."""

from collections.abc import Sequence

from sqlalchemy import select

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import (
    Agreement,
    Country,
    Institution,
    Region,
)


def find_institution(viewer: Viewer, code: str) -> Institution | None:
    """The institution with this code, whatever the case it was typed in."""
    return db.session.scalar(
        select(Institution).where(Institution.code == code.strip().lower(), within(viewer, Institution.id))
    )


def get_institution(viewer: Viewer, code: str) -> Institution:
    institution = find_institution(viewer, code)
    if institution is None:
        raise RecordNotFound
    return institution


def get_institution_by_id(viewer: Viewer, institution_id: int) -> Institution:
    institution = db.session.scalar(
        select(Institution).where(Institution.id == institution_id, within(viewer, Institution.id))
    )
    if institution is None:
        raise RecordNotFound
    return institution


def list_institutions(viewer: Viewer) -> Sequence[Institution]:
    """Every institution the viewer may see, by name."""
    return db.session.scalars(
        select(Institution).where(within(viewer, Institution.id)).order_by(Institution.name)
    ).all()


def get_agreement(institution: Institution, agreement_id: int) -> Agreement:
    agreement = db.session.scalar(
        select(Agreement).where(Agreement.id == agreement_id, Agreement.institution_id == institution.id)
    )
    if agreement is None:
        raise RecordNotFound
    return agreement


def list_agreements(institution: Institution) -> Sequence[Agreement]:
    """The institution's terms, the latest first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.institution_id == institution.id)
        .order_by(Agreement.starts_on.desc(), Agreement.id.desc())
    ).all()


def lock_institution(institution: Institution) -> None:
    """Let two people who sign for one institution go one after the other."""
    db.session.execute(
        select(Institution.id).where(Institution.id == institution.id).with_for_update(key_share=True)
    )


def find_country(code: str) -> Country | None:
    return db.session.scalar(select(Country).where(Country.code == code.strip().upper()))


def list_countries() -> Sequence[Country]:
    return db.session.scalars(select(Country).order_by(Country.code)).all()


def list_regions() -> Sequence[Region]:
    return db.session.scalars(select(Region).order_by(Region.position)).all()
