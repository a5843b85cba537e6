"""The trail: one event an action, chained, guarded by the database, searchable; it forgets words alone."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from gdt import audit, trail
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.certification.log.heads import sign_head_now
from gdt.commands.office import gdt as office
from gdt.database import db, now, unit_of_work
from gdt.row_security import owner_engine
from gdt.trail import AuditSeal
from gdt.trail_checking import KnownHead, check_trail
from gdt.trail_forgetting import about_person, forget, forget_actor
from tests.browser import counted_queries
from tests.factories import make_affiliation, make_institution, make_person, make_user
from tests.insider import tamper

COLUMNS = (
    "happened_at, actor_name, action, subject_kind, subject_id, subject_name, summary, details, actor_salt,"
    " words_salt"
)
REFUSED = r"only grows|CHECK|check|permission denied|must be owner"
NAME = "Zoë Šimić 李"


def happen(times=1, *, actor=OFFICE, subject=None, summary="Did it", **details):
    with unit_of_work():
        about = db.session.merge(subject or make_institution())
        for n in range(times):
            audit.record(actor, "did", about, f"{summary} {n}", **details)


def every_seal():
    return list(db.session.scalars(select(AuditSeal.hash).order_by(AuditSeal.id)))


def questions_for(browser, path, after=lambda: None):
    after()
    db.session.remove()
    with counted_queries() as sent:
        browser.get(path)
    return len(sent)


def found(*known):
    db.session.remove()
    return list(check_trail(known))


def test_events_are_sealed_in_the_order_of_the_commits_and_the_chain_holds(app):
    happen(3)
    happen(2, actor=make_user(role=Role.OFFICER), marks={"b": [1, 2.5], "a": NAME})
    school = make_institution()
    with unit_of_work():
        audit.record(OFFICE, "did", db.session.merge(school), "Kept")
        savepoint = db.session.begin_nested()
        audit.record(OFFICE, "did", school, "Taken back")
        db.session.flush()
        savepoint.rollback()
    seals = db.session.execute(select(AuditSeal.id, AuditSeal.event_id).order_by(AuditSeal.id)).all()
    events = db.session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all()
    assert [place for place, _event in seals] == list(range(1, len(events) + 1))
    assert [event for _place, event in seals] == list(events)
    assert found() == []


def test_sealing_is_the_last_thing_before_a_commit(app):
    """Another part could write an event behind its back, or wait for a lock while holding the chain."""
    names = [listener.__name__ for listener in db.session().dispatch.before_commit]
    assert names[-1] == "_seal_before_commit"
    assert len(names) > 2


@pytest.mark.parametrize("table", ["audit_events", "audit_seals"])
def test_the_database_lets_nobody_change_delete_or_empty(app, table):
    happen(2)
    column = {"audit_events": "summary", "audit_seals": "hash"}[table]
    deeds = [f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"]
    if table == "audit_events":
        blank = "subject_name = 'Erased', summary = 'Erased', details = '{}'"
        gone = f"UPDATE audit_events SET {blank}, words_salt = NULL, words_commitment = '{'0' * 64}'"
        deeds += [f"{gone}, action = 'x'", gone.replace("summary = 'Erased'", "summary = 'Another'")]
        deeds += [f"UPDATE audit_events SET {blank}", gone.replace("words_salt = NULL", "words_salt = 'a'")]
    if db.engine.name == "postgresql":
        deeds.append(f"TRUNCATE {table} CASCADE")
        deeds += [f"TRUNCATE {one} CASCADE" for one in ("log_leaves", "log_heads")]
    for deed in deeds:
        for engine in {db.engine, owner_engine()}:
            with pytest.raises(DatabaseError, match=REFUSED), engine.begin() as connection:
                connection.execute(text(deed))
    assert found() == []


DEEDS = {
    "a word": ("UPDATE audit_events SET summary = 'Other' WHERE id = 3", "Event 3 "),
    "who": ("UPDATE audit_events SET actor_name = 'Other' WHERE id = 3", "Event 3 "),
    "who, by number": ("UPDATE audit_events SET actor_id = 7 WHERE id = 3", "Event 3 "),
    "when": ("UPDATE audit_events SET happened_at = '2020-01-01 00:00:00' WHERE id = 3", "Event 3 "),
    "a detail": ("UPDATE audit_events SET details = '{\"n\": 2}' WHERE id = 3", "Event 3 "),
    "another record": ("UPDATE audit_events SET subject_id = 99 WHERE id = 3", "Event 3 "),
    "a salt": (f"UPDATE audit_events SET words_salt = '{'a' * 32}' WHERE id = 3", "Event 3 "),
    "an event gone": ("DELETE FROM audit_events WHERE id = 3", "Event 3 is gone"),
    "both gone": (
        "DELETE FROM audit_seals WHERE id = 3; DELETE FROM audit_events WHERE id = 3",
        "Seal 3 is missing",
    ),
    "a seal gone": ("DELETE FROM audit_seals WHERE id = 3", "Event 3 (", "has no seal"),
    "a seal": (f"UPDATE audit_seals SET hash = '{'0' * 64}' WHERE id = 3", "seal 3, was changed"),
    "two in each other's place": (
        "UPDATE audit_events SET summary = CASE id WHEN 3 THEN 'Did it 3' ELSE 'Did it 2' END"
        " WHERE id IN (3, 4)",
        "Event 3 ",
        "Event 4 ",
    ),
    "erased by hand, another word there": (
        "UPDATE audit_events SET summary = 'Other', words_salt = NULL,"
        f" words_commitment = '{'0' * 64}' WHERE id = 3",
        "others stand there now",
    ),
    "the end cut off": (
        "DELETE FROM audit_seals WHERE id > 3; DELETE FROM audit_events WHERE id > 3",
        "the end was cut off",
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_an_insider_changes_in_the_trail_is_found_and_said(app, deed):
    happen(5)
    head = KnownHead("The head", *trail.head())
    assert found(head) == []
    statements, *words = DEEDS[deed]
    tamper(*statements.split("; "))
    said = "\n".join(found(head))
    assert [word for word in words if word not in said] == []


def test_a_trail_written_anew_is_found_through_a_head_kept_elsewhere(app):
    happen(3)
    with unit_of_work():
        head, _is_new = sign_head_now()
        size, seal = head.trail_size, head.trail_hash
        assert (size, seal) == trail.head()
        assert (
            seal in db.session.scalar(select(db.metadata.tables["outgoing_mails"].c.body))
            if head.mailed_to
            else True
        )
    tamper("DELETE FROM audit_seals", "UPDATE audit_events SET summary = 'Other' WHERE id = 2")
    happen(1)
    assert found() == []
    assert "written anew" in found(KnownHead("The head", size, seal))[0]
    runner = app.test_cli_runner()
    told = runner.invoke(office, ["trail", "verify"])
    assert told.exit_code == 1
    assert "The log's head of" in told.output


def test_the_command_says_in_words_or_json_whether_all_is_well(app):
    happen(2)
    runner = app.test_cli_runner()
    head = runner.invoke(office, ["trail", "head"]).output.strip()
    assert head == ":".join(map(str, trail.head()))
    assert runner.invoke(office, ["trail", "verify", "--head", head]).exit_code == 0
    assert runner.invoke(office, ["trail", "verify", "--head", "nonsense"]).exit_code == 2
    tamper("UPDATE audit_events SET summary = 'Other' WHERE id = 1")
    told = runner.invoke(office, ["trail", "verify", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output)["findings"][0].startswith("Event 1 (")


def test_a_persons_words_are_forgotten_and_the_chain_goes_on(app):
    school, person = make_institution(), make_person(printed_name=NAME)
    placed = make_affiliation(person, school)
    happen(1, subject=person, summary=f"Corrected {NAME}", name=NAME)
    happen(1, subject=placed, summary="Placed her")
    happen(1, subject=school, summary="Wrote to a student", to={"name": NAME})
    happen(1, subject=school, summary="Something else")
    seals = every_seal()
    with unit_of_work():
        assert forget(about_person(person.id)) == 2
        assert forget(AuditEvent.id == 3) == 1
        assert forget(about_person(person.id)) == 0
        assert forget_actor(AuditEvent.id == 4) == 1
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [one.summary for one in events] == ["Erased"] * 3 + ["Something else 0"]
    assert [one.words_salt is None for one in events] == [True] * 3 + [False]
    assert [one.actor_name for one in events] == [OFFICE.name] * 3 + ["Erased"]
    assert NAME not in str([(one.details, one.subject_name) for one in events])
    assert found() == []
    happen(1)
    assert [seal for (seal,) in db.session.execute(select(AuditSeal.hash).order_by(AuditSeal.id))][
        :4
    ] == seals
    assert found() == []


def test_what_was_there_before_the_chain_is_taken_into_it_by_the_first_to_write(app):
    happen(3)
    tamper("DELETE FROM audit_seals")
    assert len(found()) == 3
    happen(1)
    assert found() == []
    with db.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO audit_events ({COLUMNS}) SELECT {COLUMNS} FROM audit_events WHERE id = 1")
        )
    happen(1)
    (sentence,) = found()
    assert "has no seal: it was written past the application" in sentence


def test_writers_at_the_same_time_make_one_chain(app):
    school, together = make_institution(), Barrier(4)
    school_id = school.id
    db.session.remove()
    broken = []

    def write():
        try:
            with app.app_context():
                together.wait()
                for n in range(5):
                    with unit_of_work():
                        audit.record(OFFICE, "did", db.session.get(type(school), school_id), f"Did {n}")
        except Exception as error:
            broken.append(error)

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert trail.head().size == 20
    assert found() == []


def test_the_trail_is_found_by_record_person_actor_and_time_and_taken_away(app, officer):
    lin = make_user(role=Role.OFFICER, name="Lin Meihua")
    school, person = make_institution(name="Lakeside"), make_person(printed_name="Mei")
    placed = make_affiliation(person, school)
    happen(1, subject=school, actor=lin, summary="By Lin")
    happen(1, subject=person, summary="On Mei")
    happen(1, subject=placed, summary="On her place")
    with unit_of_work():
        at = now() - timedelta(days=400)
        about = {"subject_kind": "institutions", "subject_id": school.id, "subject_name": "Lakeside"}
        by = {"actor_id": lin.id, "actor_name": lin.name, "action": "did", "summary": "Long ago"}
        db.session.add(AuditEvent(happened_at=at, **by, **about))
    every = {"By Lin 0", "On Mei 0", "On her place 0", "Long ago"}
    today, last_year = now().date(), (now() - timedelta(days=400)).date()
    for query, expected in {
        "": every,
        f"actor={lin.id}": {"By Lin 0", "Long ago"},
        f"person={person.id}": {"On Mei 0", "On her place 0"},
        f"kind=institutions&record={school.id}": {"By Lin 0", "Long ago"},
        f"from={today}": every - {"Long ago"},
        f"until={last_year}": {"Long ago"},
        f"q=mei&from={today}&kind=persons": {"On Mei 0"},
        "actor=x&record=99999999999&from=nonsense&person=": every,
    }.items():
        page, file = officer.get(f"/trail?{query}").text, officer.get(f"/trail.csv?{query}").text
        assert {words for words in every if words in page} == expected, query
        assert {words for words in every if words in file} == expected, query
    taken = db.session.query(AuditEvent).filter_by(action="took out").order_by(AuditEvent.id).all()
    assert len(taken) == 8
    assert taken[1].details["asked"] == f"actor={lin.id}"
    assert questions_for(officer, "/trail") == questions_for(officer, "/trail", after=lambda: happen(40))


def test_a_file_is_not_handed_out_when_its_event_cannot_be_written(app, officer, monkeypatch):
    happen(1)

    def refuse(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_operation", refuse)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = officer.get("/trail.csv")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert "Did it" not in answer.text


def test_a_wrong_statement_cannot_reach_events_through_the_model_either(app):
    happen(1)
    with pytest.raises(DatabaseError, match="only grows"), unit_of_work():
        db.session.execute(update(AuditEvent).values(action="x"))
