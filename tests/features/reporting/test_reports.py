"""A round from opening to approval: sent, queried, answered, approved, corrected late."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import OFFICE, Role
from gdt.audit import list_events
from gdt.commands.office import gdt
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.mail import OutgoingMail
from gdt.reporting.models import InstitutionReport
from gdt.reporting.reminding import remind
from gdt.reporting.services import end_lapsed_corrections, submit_report
from gdt.reporting.states import ReportState
from tests.browser import counted_queries, submit
from tests.factories import TODAY, make_agreement, make_enrolment, make_institution, make_person, make_user
from tests.features.reporting.stories import DAY, YEAR, approved, claim, opened, report_of, teaching_school


def path_of(school, step=""):
    return f"/institutions/{school.code}/reports/{YEAR}{step}"


def mark_on(page):
    return re.search(r'name="seen"[^>]*value="(\w+)"', page.text)[1]


def test_a_year_is_sent_queried_answered_approved_and_corrected_late(app, officer, leader, sign_in):
    school, _cohort = teaching_school()
    idle = make_institution(name="Never Active")
    coordinator = sign_in(Role.COORDINATOR, school)
    submit(officer, "/rounds/new", year=YEAR, due_on=(TODAY + timedelta(days=9)).isoformat())
    assert f"Your report of {YEAR} is due on" in coordinator.get("/").text
    assert "Never Active" not in officer.get(f"/rounds/{YEAR}").text

    page = coordinator.get(path_of(school))
    assert re.search(r"Students trained.*?>3</a>", page.text, re.DOTALL)
    form = coordinator.get(path_of(school, "/submit"))
    untold = submit(coordinator, path_of(school, "/submit"), seen=mark_on(form))
    assert untold.status_code == 422
    assert report_of(school).state is ReportState.OPEN
    submit(coordinator, path_of(school, "/submit"), seen=mark_on(form), is_true="y")
    assert report_of(school).state is ReportState.SUBMITTED
    sent_total = {one["measure"]: one["total"] for one in report_of(school).figures}
    assert sent_total["students_trained"] == 3

    submit(officer, path_of(school, "/query"), question="Is the fourth student still there?")
    assert "Is the fourth student still there?" in coordinator.get(path_of(school)).text
    form = coordinator.get(path_of(school, "/submit"))
    silent = submit(coordinator, path_of(school, "/submit"), seen=mark_on(form), is_true="y")
    assert "Answer the office" in silent.text
    submit(
        coordinator, path_of(school, "/submit"), seen=mark_on(form), is_true="y", answer="She left in May."
    )
    form = officer.get(path_of(school, "/approve"))
    submit(officer, path_of(school, "/approve"), seen=mark_on(form))
    assert report_of(school).state is ReportState.APPROVED
    assert submit(coordinator, path_of(school, "/submit"), is_true="y").status_code == 422

    submit(coordinator, path_of(school, "/correct"), reason="Four completed, not three.")
    again = submit(coordinator, path_of(school, "/correct"), reason="Please.")
    assert "You have asked already" in again.text
    assert "asks to correct what was approved" in officer.get("/").text
    too_long = submit(officer, path_of(school, "/correction"), outcome="grant", days="61")
    assert too_long.status_code == 422
    submit(officer, path_of(school, "/correction"), outcome="grant", days="3", answer="Until Friday.")
    report = report_of(school)
    assert (report.state, report.correctable_until) == (ReportState.CORRECTING, TODAY + timedelta(days=2))
    told = " ".join(event.summary for event in list_events(report))
    for words in ("Asked for the report", "Is the fourth student", "She left in May", "Until Friday"):
        assert words in told
    assert leader.get(path_of(school)).status_code == 200
    assert leader.get(path_of(school, "/approve")).status_code == 403
    assert idle.name not in told


def test_figures_that_changed_while_somebody_looked_are_neither_sent_nor_approved(app, officer, sign_in):
    school, cohort = teaching_school()
    opened()
    coordinator = sign_in(Role.COORDINATOR, school)
    seen = mark_on(coordinator.get(path_of(school, "/submit")))
    make_enrolment(cohort, make_person(), state="completed", completed_on=DAY)
    refused = submit(coordinator, path_of(school, "/submit"), seen=seen, is_true="y")
    assert refused.status_code == 422
    assert "changed while you were looking" in refused.text
    assert (
        submit(coordinator, path_of(school, "/submit"), seen=mark_on(refused), is_true="y").status_code == 302
    )
    seen = mark_on(officer.get(path_of(school, "/approve")))
    claim(school, cohort, 12)
    refused = submit(officer, path_of(school, "/approve"), seen=seen)
    assert "changed while you were looking" in refused.text
    assert report_of(school).state is ReportState.SUBMITTED


def test_who_has_not_sent_is_reminded_once_a_day_and_told_apart_from_who_has(app, officer, leader):
    late, _cohort = teaching_school(name="Late College")
    prompt, _cohort = teaching_school(name="Prompt College")
    teaching_school(name="Nobody College")
    for school in (late, prompt):
        make_user(role=Role.COORDINATOR, institution=school, email=f"{school.code}@schools.example")
    opened(due_in=0)
    app.extensions["mailman"].outbox = []
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(prompt))
    with unit_of_work():
        from_yesterday = db.session.query(InstitutionReport).first().round
        from_yesterday.due_on = TODAY - timedelta(days=1)
    assert "Late College" in officer.get(f"/rounds/{YEAR}/remind").text
    answer = submit(officer, f"/rounds/{YEAR}/remind")
    assert "Nobody to write to at Nobody College" in officer.get(answer.location).text
    submit(officer, f"/rounds/{YEAR}/remind", page="/rounds/new")
    submit(officer, path_of(late, "/remind"), page=path_of(late))
    mails = db.session.query(OutgoingMail).all()
    assert [mail.recipient for mail in mails] == [f"{late.code}@schools.example"]
    [letter] = app.extensions["mailman"].outbox
    assert "was due on" in letter.body
    assert f"/institutions/{late.code}/reports/{YEAR}" in letter.body
    assert f"{late.code}@schools.example" in officer.get(path_of(late)).text
    home = leader.get("/").text
    assert "2 institutions have not reported" in home
    assert "Late College" in home
    overdue = leader.get(f"/rounds/{YEAR}?timing=overdue").text
    assert ("Late College" in overdue, "Prompt College" in overdue) == (True, False)
    sent = leader.get(f"/rounds/{YEAR}.csv?timing=late").text.splitlines()
    assert len(sent) == 2
    assert '"Prompt College"' in sent[1]
    assert leader.get(f"/rounds/{YEAR}.xlsx").data.startswith(b"PK")
    office = app.test_cli_runner().invoke
    [line] = json.loads(office(gdt, ["rounds", "list", "--json"]).output)
    assert line["states"] == {"open": 2, "submitted": 1}
    assert (line["year"], line["in_time"], line["judged"]) == (YEAR, 0, 3)
    again = office(gdt, ["rounds", "remind", "--year", str(YEAR), "--json"])
    told = {"institutions": 0, "mails": 0, "without_coordinator": ["Nobody College"]}
    assert json.loads(again.output) == told
    assert office(gdt, ["rounds", "remind", "--year", "1999"]).exit_code == 2
    tomorrow = report_of(late)
    with unit_of_work():
        report_of(late).last_reminded_on = TODAY - timedelta(days=1)
    with pytest.raises(IntegrityError), unit_of_work():  # even so, the mail of a day has one key
        remind(actor=OFFICE, round_=tomorrow.round)


def test_a_round_is_opened_once_and_joined_by_who_signs_later(app, officer):
    school, _cohort = teaching_school()
    opened()
    twice = submit(officer, "/rounds/new", year=YEAR, due_on=TODAY.isoformat())
    assert "is open already" in twice.text
    assert submit(officer, "/rounds/new", year=TODAY.year + 1, due_on=TODAY.isoformat()).status_code == 422
    newcomer = make_institution(name="Newcomer College")
    make_agreement(newcomer, starts_on=DAY, signed_on=DAY)
    submit(officer, f"/rounds/{YEAR}/institutions", page="/rounds/new")
    submit(officer, f"/rounds/{YEAR}/institutions", page="/rounds/new")
    assert db.session.query(InstitutionReport).count() == 2
    early = submit(officer, f"/rounds/{YEAR}/due-day", due_on=f"{YEAR}-01-01")
    assert early.status_code == 422
    submit(officer, f"/rounds/{YEAR}/due-day", due_on=TODAY.isoformat())
    assert report_of(school).round.due_on == TODAY


def test_a_correction_that_lapsed_is_closed_as_approved_or_looked_at_again_if_rows_changed(app):
    same, _cohort = teaching_school()
    other, cohort = teaching_school()
    opened()
    for school in (same, other):
        approved(school)
        with unit_of_work():
            report = report_of(school)
            report.state, report.correctable_until = ReportState.CORRECTING, TODAY - timedelta(days=1)
    make_enrolment(cohort, make_person(), state="completed", completed_on=DAY)
    with unit_of_work():
        assert end_lapsed_corrections(TODAY) == 2
    assert report_of(same).state is ReportState.APPROVED
    assert report_of(other).state is ReportState.SUBMITTED
    with unit_of_work():
        assert end_lapsed_corrections(TODAY) == 0
    with pytest.raises(DomainError), unit_of_work():
        submit_report(actor=OFFICE, report=report_of(same))


def test_the_table_of_a_round_costs_the_same_however_many_report(app, officer):
    counts = []
    for many in (2, 6):
        for _n in range(many):
            make_agreement(make_institution(), starts_on=DAY, signed_on=DAY)
        if not counts:
            opened()
        submit(officer, f"/rounds/{YEAR}/institutions", page="/rounds/new")
        with counted_queries() as sent:
            assert officer.get(f"/rounds/{YEAR}").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
