"""The totals are kept right in the transaction that changes a row, whoever changes it and by whatever way."""

import re
import threading
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.sql import visitors

from gdt.access import OFFICE
from gdt.database import db, unit_of_work
from gdt.impact.cells import KINDS
from gdt.impact.checking import check_totals
from gdt.impact.counted_models import CountedPerson, CountedTotal, CountingMark
from gdt.impact.counting_triggers import COUNTING
from gdt.impact.everyone import words_in
from gdt.impact.queries import totals
from gdt.impact.settling import readings
from gdt.impact.spreading import SPREADS
from gdt.impact.teaching_years import teaching
from gdt.people.models import Person
from gdt.row_security import owner_engine
from gdt.training.models import Enrolment, EnrolmentState
from tests.factories import (
    make_cohort,
    make_country,
    make_course,
    make_enrolment,
    make_institution,
    make_person,
    make_region,
)
from tests.features.impact.networks import random_network
from tests.triggers import assert_they_stand

DONE = {"state": EnrolmentState.COMPLETED, "completed_on": date(2024, 5, 2)}


def trained(**scope):
    return totals(viewer=OFFICE, **scope)["students_trained"]


def test_the_database_has_exactly_the_triggers_the_code_says(app):
    assert_they_stand(COUNTING)


def read_columns():
    """(table, column) of everything the counting reads of the rows themselves."""
    asked = [one for kind in KINDS for one in readings(kind, select(Person.id)) if one is not None]
    for statement in (*asked, words_in({"first": 1, "last": 9}), teaching()):
        for part in visitors.iterate(statement):
            table = getattr(getattr(part, "table", None), "name", None)
            if part.__visit_name__ == "column" and table is not None:
                yield table, part.name


def test_every_column_the_counting_reads_is_watched_by_a_trigger(app):
    watched = {(watch.table, column) for watch in COUNTING.watched for column in (*watch.columns, "id")}
    tables = {table for table in db.metadata.tables if not table.startswith(("counted_", "counting_"))}
    read = {(table, column) for table, column in read_columns() if table in tables}
    assert {"enrolments", "results", "certificates", "cohorts", "persons"} <= {table for table, _ in read}
    assert read - watched == set()


def test_every_mark_is_understood():
    statements = [statement for watch in COUNTING.watched for statement in watch.written("r", "")]
    subjects = {re.search(r"SELECT '([\w]+)'", statement)[1] for statement in statements}
    assert subjects <= set(SPREADS) | {"completions", "results", "certificates", "institution"}


def test_a_row_counts_when_its_transaction_commits_and_leaves_no_mark(app):
    cohort = make_cohort(make_institution())
    enrolment = make_enrolment(cohort, make_person())
    assert trained() == 0
    enrolment.state, enrolment.completed_on = DONE.values()
    db.session.commit()
    assert (trained(), trained(year=2024), trained(year=2023)) == (1, 1, 0)
    assert db.session.scalars(select(CountingMark)).all() == []
    enrolment.completed_on = date(2023, 5, 2)
    db.session.commit()
    assert (trained(), trained(year=2024), trained(year=2023)) == (1, 0, 1)
    db.session.delete(enrolment)
    db.session.commit()
    assert (trained(), trained(year=2023)) == (0, 0)
    assert not db.session.scalars(select(CountedTotal).where(CountedTotal.facts != 0)).all()


def test_many_people_at_once_count_as_one_by_one(app):
    cohort, people = make_cohort(make_institution()), [Person(printed_name="Ayu") for _ in range(60)]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all(Enrolment(cohort=cohort, person=person, **DONE) for person in people)
    db.session.commit()
    assert (trained(), trained(year=2024)) == (60, 60)
    assert len(set(db.session.scalars(select(CountedPerson.completions)))) == 1
    db.session.execute(update(Enrolment).values(state=EnrolmentState.WITHDREW, completed_on=None))
    db.session.commit()
    assert trained() == 0
    assert set(db.session.scalars(select(CountedPerson.completions))) == {None}
    assert list(check_totals(lambda _kind, _portion: None)) == []


def test_what_is_rolled_back_does_not_count(app):
    cohort = make_cohort(make_institution())
    first, second = make_person(), make_person()
    with pytest.raises(ZeroDivisionError), db.session.begin_nested():
        db.session.add(Enrolment(cohort=cohort, person=first, **DONE))
        db.session.flush()
        raise ZeroDivisionError
    with db.session.begin_nested():
        db.session.add(Enrolment(cohort=cohort, person=second, **DONE))
    db.session.commit()
    assert trained() == 1
    db.session.add(Enrolment(cohort=cohort, person=first, **DONE))
    db.session.flush()
    db.session.rollback()
    assert trained() == 1


def test_a_row_written_past_the_application_is_seen_by_the_next_page_and_counted_by_the_next_commit(
    app, leader
):
    cohort, person = make_cohort(make_institution()), make_person()
    row = f"({cohort.id}, {person.id}, 'completed', '2024-05-02')"
    db.session.rollback()
    with owner_engine().begin() as connection:
        insert = "INSERT INTO enrolments (cohort_id, person_id, state, completed_on) VALUES"
        connection.execute(text(f"{insert} {row}"))
    assert re.search(r'id="count">\s*1 people', leader.get("/impact/students-trained").text)
    db.session.rollback()
    assert db.session.scalars(select(CountedPerson.completions)).all() == []
    with unit_of_work():
        db.session.add(Person(printed_name="Whoever Comes Next"))
    assert db.session.scalars(select(CountedPerson.completions)).all() != []
    assert trained() == 1


def test_an_institution_that_moves_takes_its_numbers_along(app):
    asia, africa = make_region(), make_region(code="africa", name="Africa", position=2)
    malaysia, rwanda = make_country(region=asia), make_country(code="RW", region=africa)
    moving, staying = make_institution(country=malaysia), make_institution(country=malaysia)
    for country in (malaysia, rwanda):
        make_institution(country=country)
    person = make_person()
    for institution in (moving, staying):
        make_enrolment(make_cohort(institution), person, **DONE)
    assert (trained(country="MY"), trained(country="RW"), trained()) == (1, 0, 1)
    moving.country = rwanda
    db.session.commit()
    assert (trained(country="MY"), trained(country="RW"), trained(region="africa"), trained()) == (1, 1, 1, 1)
    staying.country = rwanda
    db.session.commit()
    assert (trained(country="MY"), trained(country="RW"), trained(region="asia-pacific"), trained()) == (
        0,
        1,
        0,
        1,
    )
    rwanda.region = asia
    db.session.commit()
    assert (trained(region="africa"), trained(region="asia-pacific"), trained()) == (0, 1, 1)


def test_merged_records_are_one_person_through_any_chain_and_apart_again_when_unmerged(app):
    cohort, other = make_cohort(make_institution()), make_cohort(make_institution())
    first, second, third = make_person(), make_person(), make_person()
    make_enrolment(cohort, first, **DONE)
    make_enrolment(other, second, **DONE)
    make_enrolment(cohort, third, **DONE)
    assert trained() == 3
    first.merged_into_id = second.id
    db.session.commit()
    second.merged_into_id = third.id
    db.session.commit()
    found = totals(viewer=OFFICE)
    assert (found["students_trained"], found["completions"]) == (1, 3)
    second.merged_into_id = None
    db.session.commit()
    assert trained() == 2
    first.merged_into_id = None
    db.session.commit()
    assert trained() == 3


def test_a_module_taken_off_a_cohort_no_longer_counts_its_students(app):
    course = make_course()
    cohort = make_cohort(make_institution(), course=course)
    make_enrolment(cohort, make_person(), **DONE)
    module = course.modules[0].code
    assert trained(module=module) == 1
    cohort.modules = []
    db.session.commit()
    assert (trained(module=module), trained()) == (0, 1)


def test_two_transactions_that_count_the_same_person_at_once_count_her_once(app):
    """Each sees only its own row when it begins to commit; the second waits and then sees both."""
    person = make_person()
    cohorts = [make_cohort(make_institution()).id for _ in range(6)]
    person_id, start, failures = person.id, threading.Barrier(len(cohorts)), []

    def complete(cohort_id):
        with app.app_context():
            try:
                start.wait()
                db.session.add(Enrolment(cohort_id=cohort_id, person_id=person_id, **DONE))
                db.session.commit()
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=complete, args=(cohort_id,)) for cohort_id in cohorts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = totals(viewer=OFFICE)
    assert failures == []
    assert (found["students_trained"], found["completions"]) == (1, len(cohorts))


def test_only_the_session_writes_so_every_change_is_settled_in_its_own_transaction():
    """A connection of one's own leaves its counting to the next commit; a restore brings the counts along.

    What `database.in_passing` is for, when somebody was last seen, nothing counts; nor does asking
    PostgreSQL, at the start, who it is that signs in.
    """
    own = re.compile(r"engine\.(begin|connect)\(|raw_connection\(")
    gdt = Path(__file__).parents[3] / "gdt"
    found = {str(path.relative_to(gdt)) for path in gdt.rglob("*.py") if own.search(path.read_text())}
    assert {path for path in found if not path.startswith("backups/")} == {
        "counters.py",
        "database.py",
        "jobs.py",
        "row_security.py",
    }


def test_settling_walks_indexes_and_never_reads_a_whole_table(app):
    """After ANALYZE SQLite may read all of a table for one person: the plans say whether it would."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the marks")
    random_network(31)
    db.session.execute(text("ANALYZE"))
    marks = select(CountingMark.subject_id).where(CountingMark.id.between(1, 5000)).distinct()
    for kind in KINDS:
        for statement in [one for one in readings(kind, marks) if one is not None]:
            spelled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {spelled}".replace(":", "\\:")))
            whole = re.compile(r"(SCAN|BLOOM FILTER ON) (enrol|res|cert|pers|coh|sit)")
            read = [step for *_ids, step in plan if whole.match(step)]
            assert read == [], (kind, read)
    db.session.rollback()
