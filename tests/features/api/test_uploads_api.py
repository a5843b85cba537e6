"""Files handed in by a program: the same upload as on the pages, from the file to the undoing."""

import io
import threading
import unicodedata

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gdt.access import Role
from gdt.accounts.token_models import TokenRight
from gdt.api import uploading
from gdt.database import db
from gdt.imports import large_files
from gdt.imports.models import Upload
from gdt.people.models import Person
from gdt.spreadsheets.refusals import Refused
from gdt.training.models import Enrolment
from tests.browser import counted_queries
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
    make_token,
    make_user,
)
from tests.features.imports.test_several_sheets import CLASS_A, CLASS_B, TEACHERS, workbook
from tests.features.imports.test_without_headings import ROWS, as_csv

UPLOADS = "/api/v1/uploads"
ROSTER = "Full name,Student number,E-mail\nTan Mei Ling,001,mei@x.example\nNguyễn Thị Minh Anh,002,\n,003,\n"


@pytest.fixture
def school(app):
    return make_institution(code="utar")


@pytest.fixture
def cohort(school):
    return make_cohort(school, code="dm-2026")


@pytest.fixture
def program(app, client, school):
    """A client whose every request carries the token of the school's coordinator."""
    user = make_user(role=Role.COORDINATOR, institution=school)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(user, TokenRight.UPLOADS)}"
    return client


def send(program, content=ROSTER, *, name="roster.csv", headers=None, **said):
    content = content.encode() if isinstance(content, str) else content
    data = {"kind": "roster", "subject": "dm-2026", **said, "file": (io.BytesIO(content), name)}
    return program.post(UPLOADS, data=data, headers=headers, content_type="multipart/form-data")


def counts(told) -> tuple:
    rows = told["rows"]
    return tuple(rows[name] for name in ("in", "kept", "matched", "unchanged", "refused"))


def test_a_program_takes_a_roster_from_the_file_to_the_undoing(program, cohort):
    handed_in = send(program)
    assert handed_in.status_code == 201, handed_in.text
    upload = handed_in.json
    assert handed_in.headers["Location"] == f"{UPLOADS}/{upload['id']}"
    assert (upload["state"], counts(upload), upload["need_a_decision"]) == ("checked", (3, 0, 0, 0, 1), 1)
    assert [column["field"] for column in upload["columns"]] == ["full_name", "own_number", "email"]
    assert db.session.query(Enrolment).count() == 0
    place = f"{UPLOADS}/{upload['id']}"
    refused = program.get(f"{place}/rows", query_string={"state": "refused"}).json
    assert [(row["line"], row["reasons"][0]["column"]) for row in refused["items"]] == [(4, "Full name")]
    new = program.get(f"{place}/rows", query_string={"state": "new"}).json["items"]
    assert [row["values"]["Name"] for row in new] == ["Tan Mei Ling", "Nguyễn Thị Minh Anh"]
    cell = refused["items"][0]["cells"][0]
    decided = program.post(
        f"{place}/decisions", json={"rows": [{"line": 4, "cells": {str(cell["index"]): "Ana Ruiz"}}]}
    )
    assert (decided.status_code, decided.json["rows_by_state"]) == (200, {"new": 3})
    kept = program.post(f"{place}/confirm")
    assert kept.status_code == 202
    assert counts(program.get(place).json) == (3, 3, 0, 0, 0)
    assert program.post(f"{place}/confirm").status_code == 202
    assert db.session.query(Enrolment).count() == 3
    assert program.get(f"{place}/returned").status_code == 404
    undone = program.post(f"{place}/undo")
    assert undone.status_code == 202
    assert program.get(place).json["state"] == "undone"
    assert db.session.query(Enrolment).count() == 0
    listed = program.get(UPLOADS, query_string={"kind": "roster", "state": "undone"}).json
    assert [one["id"] for one in listed["items"]] == [upload["id"]]


def takes_too_long(_upload) -> None:
    raise Refused("It takes too long.")


def test_what_was_not_kept_comes_back_as_the_same_workbook(program, cohort, monkeypatch):
    place = f"{UPLOADS}/{send(program).json['id']}"
    program.post(f"{place}/confirm")
    assert counts(program.get(place).json) == (3, 2, 0, 0, 1)
    monkeypatch.setattr(uploading, "refused_workbook", takes_too_long)
    assert program.get(f"{place}/returned").json["detail"] == "It takes too long."
    monkeypatch.undo()
    returned = program.get(f"{place}/returned")
    assert returned.mimetype == "text/csv"
    assert "003" in returned.text
    assert "Mei Ling" not in returned.text
    corrected = returned.text.replace(",003", "Ana Ruiz,003")
    again = send(program, corrected, name="corrected.csv").json
    assert (again["state"], again["rows_by_state"]) == ("checked", {"new": 1})


def test_the_same_key_and_file_are_one_upload_and_another_file_is_refused(program, cohort):
    key = {"Idempotency-Key": "autumn-2026"}
    first = send(program, headers=key).json
    program.post(f"{UPLOADS}/{first['id']}/confirm")
    assert send(program, headers=key).json["id"] == first["id"]
    assert send(program, headers=key).json["state"] == "kept"
    other = send(program, ROSTER + "Ana Ruiz,004,\n", headers=key)
    assert (other.status_code, other.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert db.session.query(Upload).count() == 1
    assert send(program, headers={"Idempotency-Key": "a b"}).status_code == 422
    assert send(program, headers={"Idempotency-Key": "x" * 101}).status_code == 422


def test_a_key_belongs_to_its_user(app, program, cohort):
    key = {"Idempotency-Key": "1"}
    first = send(program, headers=key).json
    colleague = make_user(role=Role.COORDINATOR, institution=cohort.institution)
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(colleague)}"
    other = send(program, ROSTER + "Ana Ruiz,004,\n", headers=key)
    assert other.status_code == 201
    assert other.json["id"] != first["id"]


def test_a_dry_run_tells_what_would_be_and_leaves_no_trace(program, cohort):
    with counted_queries() as sent:
        answer = send(program, dry_run="true")
    assert answer.status_code == 200
    told = answer.json
    assert (told["rows_in"], told["rows_kept"], told["rows_refused"]) == (3, 2, 1)
    assert [problem["line"] for problem in told["problems"]] == [4]
    writes = {line.split()[2] for line in sent if line.startswith("INSERT")}
    assert writes & {"uploads", "persons", "enrolments", "upload_keys", "audit_events"} == set()
    assert (db.session.query(Upload).count(), db.session.query(Person).count()) == (0, 0)
    assert send(program, dry_run="true", kind="results", subject="none").status_code == 404


def test_what_can_be_read_two_ways_is_asked_once_or_said_beforehand(program, school, cohort):
    person = make_person(printed_name="Tan Mei Ling")
    make_affiliation(person, school, own_number="001")
    db.session.add(Enrolment(cohort_id=cohort.id, person_id=person.id))
    db.session.commit()
    sheet = "Student number,Completed on\n001,03/04/2026\n"
    asked = send(program, sheet, kind="progress").json
    assert asked["state"] == "asking"
    assert asked["question"]["days"] == [{"text": "03/04/2026", "one": "2026-04-03", "other": "2026-03-04"}]
    place = f"{UPLOADS}/{asked['id']}"
    refused = program.post(f"{place}/confirm")
    assert (refused.status_code, refused.json["detail"]) == (
        422,
        "This file has a question. Answer it first.",
    )
    answered = program.post(f"{place}/answers", json={"day_order": "month_first"}).json
    assert (answered["state"], answered["question"]) == ("checked", None)
    said = send(program, sheet + "\n", kind="progress", day_order="day_first").json
    assert said["state"] == "checked"
    assert program.post(f"{place}/discard").json["state"] == "discarded"


def test_sheets_headings_and_days_are_answered_as_on_the_pages(program, school, cohort):
    file = workbook(Class_A=CLASS_A, Class_B=CLASS_B, Teachers=TEACHERS)
    asked = send(program, file, name="classes.xlsx").json
    assert [one["is_alike"] for one in asked["question"]["sheets"]] == [True, True, False]
    place = f"{UPLOADS}/{asked['id']}"
    told = program.post(f"{place}/answers", json={"sheets": ["Class A", "Class B"]}).json
    assert (told["state"], told["sheets"], told["rows"]["in"]) == ("checked", ["Class A", "Class B"], 5)
    rows = program.get(f"{place}/rows", query_string={"state": "refused"}).json["items"]
    assert "2 of “Class B”" not in {row["line_in_words"] for row in rows}
    assert any(row["line_in_words"].endswith("of “Class B”") for row in rows)
    said = send(program, file + b" ", name="classes.xlsx", sheets=["Class A"])
    assert (said.json["state"], said.json["rows"]["in"]) == ("checked", 2)
    asked = send(program, as_csv(ROWS)).json
    assert asked["question"]["headings"]["is_row"] is True
    columns = ["own_number", "full_name", "email", ""]
    place = f"{UPLOADS}/{asked['id']}/answers"
    told = program.post(place, json={"columns": columns, "has_header": False}).json
    assert (told["state"], told["rows"]["in"], told["rows"]["refused"]) == ("checked", len(ROWS), 1)
    person = make_person(printed_name="Tan Mei Ling")
    make_affiliation(person, school, own_number="001")
    db.session.add(Enrolment(cohort_id=cohort.id, person_id=person.id))
    db.session.commit()
    sheet = "Student number,Completed\n001,yes\n"
    undated = send(program, sheet, kind="progress").json
    assert undated["question"]["undated"]["rows"] == 1
    assert send(program, sheet, kind="progress", otherwise_on="2999-01-01").status_code == 422
    day = cohort.starts_on.isoformat()
    assert send(program, sheet, kind="progress", otherwise_on=day).json["state"] == "checked"


def test_results_say_what_their_marks_are_out_of(program, school, cohort):
    sitting = make_sitting(cohort, make_exam(cohort.course), code="sit-1")
    person = make_person(printed_name="Tan Mei Ling")
    make_affiliation(person, school, own_number="001")
    db.session.add(Enrolment(cohort_id=cohort.id, person_id=person.id))
    db.session.commit()
    sheet = "Student number,Mark\n001,9\n"
    told = send(program, sheet, kind="results", subject=sitting.code, out_of="10").json
    rows = program.get(f"{UPLOADS}/{told['id']}/rows").json["items"]
    assert "90.00" in rows[0]["values"].values()


def test_refusals_are_problems_with_the_sentences_of_the_pages(program, cohort):
    for sent, status, word in (
        ({"content": "no,names\n1,2\n"}, 422, "No column holds the name"),
        ({"content": ""}, 422, "empty"),
        ({"kind": "nonsense"}, 422, "errors"),
        ({"subject": "unknown"}, 404, "the record is not one you may see"),
        ({"kind": "institutions", "subject": ""}, 403, "Your role does not include"),
        ({"day_order": "year_first"}, 422, "day_order"),
    ):
        answer = send(program, **sent)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), sent
        assert answer.json["status"] == status
        assert word in answer.text
    no_file = program.post(UPLOADS, data={"kind": "roster", "subject": "dm-2026"})
    assert (no_file.status_code, no_file.json["errors"][0]["field"]) == (422, "file")
    for method, path, status in (
        ("GET", "/api/v1/nowhere", 404),
        ("DELETE", UPLOADS, 405),
        ("GET", f"{UPLOADS}/999999", 404),
        ("GET", f"{UPLOADS}/99999999999999", 404),
    ):
        answer = program.open(path, method=method)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    place = f"{UPLOADS}/{send(program).json['id']}"
    for body in (
        {},
        {"rows": [{"line": 0}]},
        {"for_all": {"new": "x"}},
        {"for_all": {"conflict": "no"}},
        [],
        "x",
    ):
        assert program.post(f"{place}/decisions", json=body).status_code == 422
    assert program.post(f"{place}/undo").json["detail"].startswith("Nothing of this file has been kept")


def test_a_file_of_another_institution_is_not_there(app, program, cohort):
    upload = send(program).json
    stranger = make_user(role=Role.COORDINATOR)
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(stranger)}"
    place = f"{UPLOADS}/{upload['id']}"
    for path in (place, f"{place}/rows", f"{place}/returned"):
        assert program.get(path).status_code == 404
    for deed in ("confirm", "undo", "discard"):
        assert program.post(f"{place}/{deed}").status_code == 404
    assert program.post(f"{place}/answers", json={}).status_code == 404
    assert program.get(UPLOADS).json["items"] == []
    assert send(program).status_code == 404


def test_two_requests_with_one_key_at_once_are_one_upload(app, program, cohort):
    answers = []
    bearer = program.environ_base["HTTP_AUTHORIZATION"]

    def work() -> None:
        client = FlaskClient(app, TestResponse)  # of a thread of its own, which shares no context
        headers = {"Idempotency-Key": "once", "Authorization": bearer}
        answers.append(send(client, headers=headers))

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json["id"] for answer in answers}) == 1
    assert db.session.query(Upload).count() == 1


def test_answers_given_with_a_large_file_are_there_when_it_is_read(program, school, cohort, monkeypatch):
    monkeypatch.setattr(large_files, "AT_ONCE_BYTES", 0)
    person = make_person(printed_name="Tan Mei Ling")
    make_affiliation(person, school, own_number="001")
    db.session.add(Enrolment(cohort_id=cohort.id, person_id=person.id))
    db.session.commit()
    sheet = "Student number,Completed on\n001,03/04/2026\n"
    begun = send(program, sheet, kind="progress", day_order="month_first").json
    read = program.get(f"{UPLOADS}/{begun['id']}").json
    assert (begun["state"], read["state"]) == ("reading", "checked")
    rows = program.get(f"{UPLOADS}/{begun['id']}/rows").json["items"]
    assert "2026-03-04" in str(rows[0]["values"])
    dry = send(program, sheet, kind="progress", dry_run="true")
    assert (dry.status_code, dry.json["errors"][0]["field"]) == (422, "dry_run")


NAMES = (
    "Nguyễn Thị Minh Anh",
    "陈美玲",
    "สมชาย ใจดี",
    "សុខ ចាន់ធី",
    "محمد علي",
    "አበበ ቢቂላ",
    "கண்ணன் சுப்பிரமணியம்",
    "Айгүл Нұрланқызы",
    "José Peña y Núñez",
    "राम शर्मा",
    "Ганбаатар Болд",
    "Uwimana Jean d’Arc",
)


def test_names_of_twelve_scripts_come_back_sign_for_sign(program, cohort):
    decomposed = [unicodedata.normalize("NFD", name) for name in NAMES]
    told = send(program, "\n".join(["Full name", *decomposed])).json
    rows = program.get(f"{UPLOADS}/{told['id']}/rows").json["items"]
    assert [row["values"]["Name"] for row in rows] == list(NAMES)
    program.post(f"{UPLOADS}/{told['id']}/confirm")
    assert {person.printed_name for person in db.session.query(Person)} == set(NAMES)
