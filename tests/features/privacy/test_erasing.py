"""Erased means no byte left in the data folder, totals and log stay, a restore erases again."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import String, cast, select

from gdt.access import OFFICE
from gdt.certification.checking.everything import check_log
from gdt.certification.models import Certificate
from gdt.database import Model, db, unit_of_work
from gdt.impact.checking import check_totals
from gdt.impact.counted_models import CountedTotal
from gdt.people.models import Person
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.requests import ask_to_forget, erase_person
from tests.features.privacy.stories import HERS, OTHER, a_whole_life, every_form, unpacked

pytestmark = pytest.mark.usefixtures("store")


def forget(person_id, outcome=Outcome.NUMBER):
    with unit_of_work():
        person = db.session.get(Person, person_id)
        request = ask_to_forget(actor=OFFICE, person=person, words="Please.", asked_by=AskedBy.OFFICE)
        db.session.flush()
        request_id = request.id
    with unit_of_work():
        request = db.session.get(ErasureRequest, request_id)
        erase_person(actor=OFFICE, request=request, outcome=outcome)
    db.session.rollback()
    done = db.session.get(ErasureRequest, request_id)
    assert (done.state, done.job_failure) == (RequestState.ERASED, None)
    return done


def every_file(app, store):
    folders = [store, Path(app.config["MAIL_FILE_PATH"])]
    if db.engine.dialect.name == "sqlite":
        folders.append(app.config["DATA_DIR"])
    return [file for folder in folders for file in folder.rglob("*") if file.is_file()]


def found_on_disk(app, store):
    forms = {form for word in HERS for form in every_form(word)}
    forms |= {base64.b64encode(word.encode())[:-4] for word in HERS}
    return [
        (file.name, form)
        for file in every_file(app, store)
        for piece in unpacked(file.read_bytes())
        for form in forms
        if form in piece
    ]


def found_in_tables():
    """The same question of every row, as PostgreSQL keeps its files where no test should look."""
    told = []
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(select(*(cast(column, String) for column in table.c))):
            text = "\n".join(str(value) for value in row)
            told += [(table.name, word) for word in HERS if word in text or word.lower() in text]
            told += [(table.name, word) for word in HERS if word.encode("unicode_escape").decode() in text]
    return told


def totals():
    rows = db.session.query(CountedTotal).order_by(CountedTotal.fact, CountedTotal.id).all()
    return [(r.fact, r.year, r.level, r.place_id, r.module_id, r.facts, r.people, r.newcomers) for r in rows]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_byte_of_an_erased_person_is_left_and_totals_and_log_stay(app, store, outcome):
    person_id = a_whole_life()
    assert found_on_disk(app, store)
    assert {word for _table, word in found_in_tables()} == set(HERS)
    before = totals()
    forget(person_id, outcome)
    assert found_in_tables() == []
    assert found_on_disk(app, store) == []
    assert totals() == before
    assert list(check_totals(lambda _kind, _n: None)) == []
    assert list(check_log()) == []
    assert db.session.query(Person).filter_by(printed_name=OTHER).one().email == "lim@students.example"
    assert db.session.query(Certificate).count() == 2
