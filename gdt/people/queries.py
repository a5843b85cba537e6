"""Reading the register of persons."""

from sqlalchemy import ColumnElement, exists, select, true

from gdt.access import Viewer
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.people.models import Affiliation, Person


def visible_person(viewer: Viewer) -> ColumnElement[bool]:
    """A partner's people see the persons who are or were at their institution."""
    if not viewer.role.is_of_one_institution:
        return true()
    return exists().where(
        Affiliation.person_id == Person.id, Affiliation.institution_id == viewer.institution_id
    )


def get_person(viewer: Viewer, person_id: int) -> Person:
    person = db.session.scalar(select(Person).where(Person.id == person_id, visible_person(viewer)))
    if person is None:
        raise RecordNotFound
    return person
