"""Reading applications: one by its link or its number, the list, and who looks like an applicant."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import selectinload

from gdt.access import Viewer
from gdt.columns import header_key
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.joining.application_states import FINAL, ApplicationState
from gdt.joining.models import InstitutionApplication
from gdt.partners.models import Country, Institution
from gdt.partners.similar_names import are_probably_one

_A = InstitutionApplication
ORDER = [_A.id.desc()]
_WITH_ALL = (selectinload(_A.notes), selectinload(_A.checks), selectinload(_A.institution))


def find_by_key(key: str) -> InstitutionApplication | None:
    return db.session.scalar(select(_A).where(_A.link_key == key).options(*_WITH_ALL))


def get_application(viewer: Viewer, application_id: int) -> InstitutionApplication:
    found = db.session.scalar(
        select(_A)
        .join(Country, Country.id == _A.country_id)
        .where(_A.id == application_id, _seen(viewer))
        .options(*_WITH_ALL)
    )
    if found is None:
        raise RecordNotFound
    return found


def list_applications(viewer: Viewer, state: ApplicationState | None, words: str) -> Select[_A]:
    statement = select(_A).join(Country, Country.id == _A.country_id).where(_seen(viewer), _search(words))
    return statement if state is None else statement.where(_A.state == state)


def count_by_state(viewer: Viewer, words: str = "") -> dict[ApplicationState, int]:
    rows = db.session.execute(
        select(_A.state, func.count())
        .join(Country, Country.id == _A.country_id)
        .where(_seen(viewer), _search(words))
        .group_by(_A.state)
    )
    return {row[0]: row[1] for row in rows}


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """An application belongs to no institution yet: the office sees those of its regions."""
    if viewer.role.is_of_one_institution:
        return false()
    return Country.region_id.in_(viewer.region_ids) if viewer.region_ids else true()


def _search(words: str) -> ColumnElement[bool]:
    if not words:
        return true()
    return any_contains((_A.name, _A.native_name, _A.city, _A.lead_name, _A.lead_email), words)


def list_similar_institutions(name: str, native_name: str | None, country: Country) -> Sequence[Institution]:
    """The partners of the country that are probably the same institution."""
    there = db.session.scalars(
        select(Institution).where(Institution.country_id == country.id).order_by(Institution.name)
    )
    return [one for one in there if _alike(name, native_name, one)]


def list_similar_applications(
    name: str, native_name: str | None, country: Country, *, but: int | None = None
) -> Sequence[InstitutionApplication]:
    """Other applications from the country that are probably of the same institution, the latest first."""
    there = db.session.scalars(
        select(_A).where(_A.country_id == country.id, _A.id != (but or 0)).order_by(_A.id.desc()).limit(500)
    )
    return [one for one in there if _alike(name, native_name, one)]


def is_same(name: str, other: Any) -> bool:
    """Whether the names are the same but for case, marks and blanks."""
    return header_key(name) == header_key(other.name)


def is_open(application: InstitutionApplication) -> bool:
    return application.state not in FINAL


def _alike(name: str, native_name: str | None, other: Institution | InstitutionApplication) -> bool:
    return are_probably_one(name, native_name or "", other.name, other.native_name or "")
