"""Reading the register of persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.orm import aliased, selectinload

from gdt.access import Viewer, sees, sees_all, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.people.models import Affiliation, AffiliationRole, Person


@dataclass(frozen=True)
class PersonFilter:
    """What the list of people is narrowed to; empty means everyone the viewer may see."""

    search: str = ""
    institution_code: str = ""
    role: str = ""


def visible_person(viewer: Viewer) -> ColumnElement[bool]:
    """A partner's people see who is or was at their institution, an officer of some regions who is there."""
    if sees_all(viewer):
        return true()
    return exists().where(Affiliation.person_id == Person.id, within(viewer, Affiliation.institution_id))


def get_person(viewer: Viewer, person_id: int) -> Person:
    person = db.session.scalar(
        select(Person)
        .where(Person.id == person_id, visible_person(viewer))
        .options(selectinload(Person.affiliations).joinedload(Affiliation.institution))
    )
    if person is None:
        raise RecordNotFound
    return person


def find_survivor_id(viewer: Viewer, person_id: int) -> int | None:
    """Whose entry this one became part of, if the viewer may see her: old addresses lead there."""
    merged = aliased(Person)
    return db.session.scalar(
        select(Person.id)
        .join(merged, merged.merged_into_id == Person.id)
        .where(merged.id == person_id, visible_person(viewer))
    )


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def find_affiliation(person_id: int, institution_id: int, role: AffiliationRole) -> Affiliation | None:
    return db.session.scalar(
        select(Affiliation).where(
            Affiliation.person_id == person_id,
            Affiliation.institution_id == institution_id,
            Affiliation.role == role,
        )
    )


def list_affiliations(viewer: Viewer, person: Person) -> Sequence[Affiliation]:
    """Where a person belongs or belonged, as far as the viewer may know it."""
    return [affiliation for affiliation in person.affiliations if sees(viewer, affiliation.institution)]


def persons(viewer: Viewer, wanted: PersonFilter) -> Select[Person]:
    """The people of a list, before it is sorted and cut into pages; merged and erased ones are left out."""
    statement = select(Person).where(
        visible_person(viewer), Person.merged_into_id.is_(None), Person.erased_at.is_(None)
    )
    for condition in _conditions(viewer, wanted):
        statement = statement.where(condition)
    return statement.options(selectinload(Person.affiliations).joinedload(Affiliation.institution))


def _conditions(viewer: Viewer, wanted: PersonFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    belongs = [Affiliation.person_id == Person.id, within(viewer, Affiliation.institution_id)]
    if wanted.role or wanted.institution_code:
        narrowed = list(belongs)
        if wanted.role:
            narrowed.append(Affiliation.role == wanted.role)
        if wanted.institution_code:
            narrowed.append(Affiliation.institution.has(code=wanted.institution_code))
        conditions.append(exists().where(*narrowed))
    if wanted.search:
        conditions.append(_found_by(wanted.search.strip(), belongs))
    return conditions


def _found_by(words: str, belongs: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Part of a name (also of an entry that became part of hers), a whole e-mail, or how a number begins."""
    merged = aliased(Person)
    formerly = select(merged.merged_into_id).where(merged.merged_into_id.is_not(None))
    if "@" in words:
        by_email = formerly.where(merged.email == words.lower())
        return or_(Person.email == words.lower(), Person.id.in_(by_email))
    return or_(
        Person.id.in_(formerly.where(merged.printed_name.icontains(words, autoescape=True))),
        Person.printed_name.icontains(words, autoescape=True),
        Person.native_name.contains(words, autoescape=True),
        exists().where(*belongs, Affiliation.own_number.istartswith(words, autoescape=True)),
    )
