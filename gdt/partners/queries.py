"""Reading the partner network."""

from collections.abc import Sequence

from sqlalchemy import select

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Country, Institution, Region


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


def list_institutions(viewer: Viewer) -> Sequence[Institution]:
    """Every institution the viewer may see, by name."""
    return db.session.scalars(
        select(Institution).where(within(viewer, Institution.id)).order_by(Institution.name)
    ).all()


def list_countries() -> Sequence[Country]:
    return db.session.scalars(select(Country).order_by(Country.code)).all()


def list_regions() -> Sequence[Region]:
    return db.session.scalars(select(Region).order_by(Region.position)).all()
