"""The key of a person's name is true however the row was written."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, select, text

from gdt.database import db
from gdt.people.models import Person
from gdt.people.name_keys import name_key
from gdt.row_security import owner_engine
from tests.factories import make_person

NAMES = ["TAN, Wei-Ling", "Nguyễn Thị Đào", "陈美玲", "กำพล ศรีสุข", "مُحَمَّد علی", "O’Brien, Seán"]


def _keys() -> list[str]:
    return list(db.session.scalars(select(Person.name_key).order_by(Person.id)))


def test_a_person_is_entered_with_the_key_of_her_name(app):
    assert make_person(printed_name="TAN, Wei-Ling").name_key == "ling tan wei"


def test_correcting_a_name_corrects_its_key(app):
    person = make_person(printed_name="Wrong")
    person.printed_name = "Right"
    db.session.commit()
    assert _keys() == ["right"]


def test_rows_inserted_in_bulk_get_their_keys(app):
    db.session.execute(insert(Person), [{"printed_name": name} for name in NAMES])
    db.session.connection().execute(insert(Person.__table__), [{"printed_name": name} for name in NAMES])
    assert _keys() == [name_key(name) for name in NAMES] * 2


@pytest.fixture
def before_keys(app):
    """The database as it was before names had keys; afterwards as it should be."""
    db.session.remove()
    downgrade(revision="0008-1")
    yield
    db.session.remove()
    upgrade()


def test_the_migration_gives_those_already_there_their_keys(before_keys):
    with owner_engine().begin() as connection:
        row = text("INSERT INTO persons (printed_name, created_at) VALUES (:name, :moment)")
        connection.execute(row, [{"name": name, "moment": "2026-01-01 00:00:00+00:00"} for name in NAMES])
    upgrade(revision="0008")
    with owner_engine().connect() as connection:
        keys = connection.execute(text("SELECT name_key FROM persons ORDER BY id")).scalars().all()
    assert keys == [name_key(name) for name in NAMES]
