"""Erased means no byte left in the data folder, totals and log stay, a restore erases again."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import String, cast, select

from gdt import audit
from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.backups.backing_up import back_up
from gdt.backups.restoring import name_of_database, restore
from gdt.certification.checking.everything import check_log
from gdt.certification.models import Certificate
from gdt.database import Model, db, unit_of_work
from gdt.errors import DomainError
from gdt.exams.models import ResultCorrection
from gdt.impact.checking import check_totals
from gdt.impact.counted_models import CountedTotal
from gdt.imports.changing import effective_rows
from gdt.imports.models import Upload, UploadState
from gdt.imports.undoing import Deeds
from gdt.people.merge_models import Merge
from gdt.people.models import Person
from gdt.people.unmerging import unmerge_persons
from gdt.privacy import erased_list, traces
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.own_copy import make_copy
from gdt.privacy.requests import ask_to_forget, erase_person, go_on
from gdt.privacy.words import ERASED_NAME
from gdt.trail_checking import check_trail
from tests.factories import make_person, make_session, make_user
from tests.features.privacy.stories import EMAIL, HERS, NAME, OTHER, a_whole_life, every_form, unpacked


@pytest.fixture(autouse=True)
def _little_to_look_through(app, store):
    """An empty store, and a database without the free pages that other tests left in it."""
    began(store).touch()
    if db.engine.dialect.name == "sqlite":
        traces.rewrite()


def asked(person_id):
    with unit_of_work():
        person = db.session.get(Person, person_id)
        request = ask_to_forget(actor=OFFICE, person=person, words="Please.", asked_by=AskedBy.OFFICE)
        db.session.flush()
        return request.id


def forget(person_id, outcome=Outcome.NUMBER):
    request_id = asked(person_id)
    with unit_of_work():
        request = db.session.get(ErasureRequest, request_id)
        erase_person(actor=OFFICE, request=request, outcome=outcome)
    db.session.rollback()
    done = db.session.get(ErasureRequest, request_id)
    assert (done.state, done.job_failure) == (RequestState.ERASED, None)
    return done


def began(store):
    """A file as old as the test: older ones are of other tests, and cannot tell of her."""
    return store.parent / "began"


def every_file(app, store):
    folders = [store, Path(app.config["MAIL_FILE_PATH"])]
    if db.engine.dialect.name == "sqlite":
        folders.append(app.config["DATA_DIR"])
    oldest = began(store).stat().st_mtime
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if file.stat().st_mtime >= oldest]


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


def found_in_tables(words=HERS):
    """The same question of every row, as PostgreSQL keeps its files where no test should look."""
    told = []
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(select(*(cast(column, String) for column in table.c))):
            text = "\n".join(str(value) for value in row)
            told += [(table.name, word) for word in words if word in text or word.lower() in text]
            told += [(table.name, word) for word in words if word.encode("unicode_escape").decode() in text]
    return told


def totals():
    rows = db.session.query(CountedTotal).order_by(CountedTotal.fact, CountedTotal.id).all()
    return [(r.fact, r.year, r.level, r.place_id, r.gender, r.facts, r.people, r.newcomers) for r in rows]


def others_keep_their_rows():
    """What was kept can still be undone; a file nobody kept yet is put aside."""
    kept, pending = db.session.query(Upload).order_by(Upload.id)
    assert (kept.state, pending.state) == (UploadState.KEPT, UploadState.DISCARDED)
    assert (kept.document_key, pending.document_key) == ("", "")
    rows = [row for part in effective_rows(kept, {}) for row in part]
    assert [row.values[0] for row in rows] == [OTHER]
    undone = Deeds(kept).made["persons"]
    assert {row["printed_name"] for row in undone.values()} == {OTHER, ERASED_NAME}


def nothing_brings_her_back(person_id):
    merge = db.session.query(Merge).one()
    with pytest.raises(DomainError, match="was erased"), unit_of_work():
        unmerge_persons(actor=OFFICE, merge=db.session.get(Merge, merge.id))
    with pytest.raises(DomainError, match="erased"), unit_of_work():
        make_copy(actor=OFFICE, person=db.session.get(Person, person_id), form="json")


def account_of(person_id):
    """The id of an account by which she signed in as a teacher."""
    user = make_user(role=Role.TEACHER, person_id=person_id, email=EMAIL, name=NAME)
    make_session(user)
    with unit_of_work():
        audit.record(db.session.merge(user), "signed in", user, f"Signed in {NAME}")
    return user.id


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_byte_of_an_erased_person_is_left_and_totals_and_log_stay(app, store, outcome):
    person_id = a_whole_life()
    account = account_of(person_id)
    assert found_on_disk(app, store)
    assert {word for _table, word in found_in_tables()} == set(HERS)
    before = totals()
    forget(person_id, outcome)
    assert found_in_tables() == []
    assert found_on_disk(app, store) == []
    assert totals() == before
    assert list(check_totals(lambda _kind, _n: None)) == []
    assert list(check_log()) == []
    assert list(check_trail()) == []
    assert db.session.query(Person).filter_by(printed_name=OTHER).one().email == "lim@students.example"
    assert db.session.query(Certificate).count() == 2
    assert db.session.get_one(User, account).state == "forgotten"
    others_keep_their_rows()
    nothing_brings_her_back(person_id)


def test_a_backup_from_before_erases_again_when_it_is_restored(app, store, tmp_path):
    person_id = a_whole_life()
    file, _manifest = back_up(tmp_path, keys_password=None)
    forget(person_id, Outcome.NOTHING)
    db.session.remove()
    restored = restore(file, into=name_of_database())
    assert (restored.erased_again, restored.findings) == (1, [])
    assert found_in_tables() == []
    assert found_on_disk(app, store) == []
    certificate = db.session.query(Certificate).filter_by(person_id=person_id).one()
    assert certificate.stopped_verifying
    assert db.session.query(ErasureRequest.asked_by).all() == [(AskedBy.RESTORE,)]


def test_the_list_of_the_erased_is_of_no_use_under_another_secret(app, store, monkeypatch):
    person = make_person(printed_name="Somebody")
    erased_list.note([(person.id, person.created_at)], Outcome.NUMBER)
    assert set(erased_list.read().values()) == {Outcome.NUMBER}
    monkeypatch.setitem(app.config, "SECRET_KEY", "another" * 8)
    with pytest.raises(DomainError, match="GDT_SECRET_KEY"):
        erased_list.read()


def test_what_is_shared_with_a_namesake_stays_the_namesakes(app, store):
    person_id = a_whole_life()
    namesake = make_person(printed_name=NAME)
    note = db.session.query(ResultCorrection).one()
    trail = AuditEvent(actor_name="Ann", action="noted", subject_kind="cohorts", subject_id=1)
    trail.subject_name, trail.summary = "A cohort", f"{NAME} came late"
    db.session.add(trail)
    db.session.commit()
    trail_id, note_id = trail.id, note.id
    forget(person_id)
    assert db.session.get(Person, namesake.id).printed_name == NAME
    assert db.session.get(AuditEvent, trail_id).summary == f"{NAME} came late"
    assert NAME not in db.session.get(ResultCorrection, note_id).reason


def test_the_work_stops_before_a_file_in_use_and_goes_on_from_there(app, store):
    person_id = a_whole_life()
    first = db.session.query(Upload.id).order_by(Upload.id).first()[0]
    with unit_of_work():
        db.session.get(Upload, first).state = UploadState.KEEPING
    request = asked(person_id)
    with unit_of_work():
        erase_person(actor=OFFICE, request=db.session.get(ErasureRequest, request), outcome=Outcome.NUMBER)
    db.session.rollback()
    stopped = db.session.get(ErasureRequest, request)
    assert stopped.state is RequestState.ERASING and "is being worked on" in stopped.job_failure
    assert stopped.person.erased_at is not None
    with unit_of_work():
        db.session.get(Upload, first).state = UploadState.KEPT
    with unit_of_work():
        go_on(actor=OFFICE, request=db.session.get(ErasureRequest, request))
    db.session.rollback()
    assert db.session.get(ErasureRequest, request).state is RequestState.ERASED
    assert found_in_tables() == []
    with pytest.raises(DomainError), unit_of_work():
        go_on(actor=OFFICE, request=db.session.get(ErasureRequest, request))
