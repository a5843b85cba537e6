"""The same file once more after the register has moved: compared with it, and read anew where it must be."""

import pytest

from gdt import audit
from gdt.access import OFFICE
from gdt.database import db, unit_of_work
from gdt.imports import keeping
from gdt.imports.models import Upload
from gdt.people.models import Affiliation, Person
from gdt.training.models import Enrolment
from gdt.training.roster_importing import import_roster
from tests.factories import make_cohort, make_institution

FILE = (
    "Full name,Native name,Student number,E-mail,Gender\nAna,安娜,A1,ANA@x.example,F\nBen,,B2,,\nCy,,c3,,\n"
)


@pytest.fixture
def cohort(app):
    return make_cohort(make_institution(code="utar"), code="utar-2026-001")


def imported(cohort, text=FILE):
    with unit_of_work():
        return import_roster(
            viewer=OFFICE,
            institution_code="utar",
            cohort_code=cohort.code,
            filename="r.csv",
            data=text.encode(),
        )


def moved(cohort, change=lambda: None):
    with unit_of_work():
        change()
        audit.record(OFFICE, "did something", cohort, "Something happened.")


def counts(told):
    return told["rows_in"], told["rows_kept"], told["rows_matched"], told["rows_refused"]


def named(name):
    return db.session.query(Person).filter_by(printed_name=name).one()


def test_a_file_that_says_nothing_new_is_compared_and_not_read(cohort, monkeypatch):
    imported(cohort)
    moved(cohort)
    with monkeypatch.context() as only_here:
        only_here.setattr(keeping, "open_file", lambda *_all, **_more: pytest.fail("read anew"))
        assert counts(imported(cohort)) == (3, 3, 3, 0)
    assert db.session.query(Upload).count() == 1


def taken_out():
    db.session.delete(db.session.query(Enrolment).filter_by(person_id=named("Ben").id).one())


def renumbered():
    person_id = named("Ben").id
    db.session.query(Affiliation).filter_by(person_id=person_id).one().own_number = "b2"


@pytest.mark.parametrize(
    ("change", "told", "rows"),
    [
        (lambda: setattr(named("Ana"), "native_name", None), (3, 3, 3, 0), 1),  # the file fills it in again
        (lambda: setattr(named("Ana"), "email", "other@x.example"), (3, 3, 3, 0), 0),
        (lambda: setattr(named("Cy"), "printed_name", "Somebody Else"), (3, 2, 2, 1), 0),
        (taken_out, (3, 3, 3, 0), 1),
        (renumbered, (3, 3, 3, 0), 0),
    ],
)
def test_what_changed_in_the_register_is_found_by_reading_the_file_anew(cohort, change, told, rows):
    imported(cohort)
    moved(cohort, change)
    assert counts(imported(cohort)) == told
    again = db.session.query(Upload).order_by(Upload.id.desc()).first()
    assert db.session.query(Upload).count() == 2
    assert again.rows_changed == rows


def test_what_the_register_learned_since_is_not_news_of_the_file(cohort, monkeypatch):
    imported(cohort)
    moved(cohort, lambda: setattr(named("Ben"), "email", "ben@x.example"))
    monkeypatch.setattr(keeping, "open_file", lambda *_all, **_more: pytest.fail("read anew"))
    assert counts(imported(cohort)) == (3, 3, 3, 0)


def test_a_list_in_which_somebody_has_no_number_is_read_anew(cohort):
    text = FILE + "Dee,,,dee@x.example,\n"
    imported(cohort, text)
    moved(cohort)
    assert counts(imported(cohort, text)) == (4, 4, 4, 0)
    assert db.session.query(Upload).count() == 2
