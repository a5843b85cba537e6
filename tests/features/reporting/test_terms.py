"""Reports of a part of a year: what they count, what they lock, and what closing the year says of them."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import OFFICE, Role
from gdt.commands.office import gdt
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.impact.closing import preview_closing
from gdt.impact.periods import part_of
from gdt.impact.queries import totals
from gdt.partners.models import InstitutionKind
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.rounds import open_round
from gdt.reporting.services import approve_report, submit_report
from gdt.reporting.states import ReportState
from gdt.training.models import Enrolment, Headcount
from tests.browser import squeezed, submit
from tests.factories import TODAY, make_enrolment, make_person, make_user
from tests.features.reporting.stories import DAY, YEAR, claim, teaching_school

SPRING, AUTUMN = part_of(YEAR, "s1"), part_of(YEAR, "s2")
IN_AUTUMN = date(YEAR, 11, 20)


def opened_term(period, **about):
    with unit_of_work():
        open_round(actor=OFFICE, period=period, due_on=TODAY + timedelta(days=30), **about)


def term_report(school, period) -> InstitutionReport:
    found = db.session.query(InstitutionReport).filter_by(institution_id=school.id)
    return found.filter_by(starts_on=period.starts_on).one()


def approve_term(school, period):
    with unit_of_work():
        submit_report(actor=OFFICE, report=term_report(school, period))
    with unit_of_work():
        approve_report(actor=OFFICE, report=term_report(school, period))


def test_a_term_is_sent_approved_and_locks_its_days_alone_and_the_year_knows_which_are_done(
    app, officer, sign_in
):
    school, cohort = teaching_school(code="terms", name="Term College", kind=InstitutionKind.COLLEGE)
    again = db.session.query(Enrolment).filter_by(cohort_id=cohort.id).first().person
    other, _cohort = teaching_school(code="years", name="Year University")
    make_enrolment(_cohort, again, state="completed", completed_on=IN_AUTUMN)
    for person in (make_person(), make_person()):
        make_enrolment(cohort, person, state="completed", completed_on=IN_AUTUMN)
    claim(school, cohort, 12)
    coordinator = sign_in(Role.COORDINATOR, school)
    submit(officer, "/rounds/new", year=YEAR, part="s1", kinds="college", due_on=TODAY.isoformat())
    assert {one.institution_id for one in db.session.query(InstitutionReport)} == {school.id}
    assert f"Your report of the first semester of {YEAR} is due on" in coordinator.get("/").text
    path = f"/institutions/terms/reports/{YEAR}-s1"
    page = squeezed(coordinator.get(path).text)
    assert f"Report of the first semester of {YEAR}" in page
    assert "Headcounts are of a whole year" in page
    rows = f"/impact/students-trained?institution=terms&year={YEAR}&term={YEAR}-s1"
    assert rows.replace("&", "&amp;") in coordinator.get(path).text
    shown = squeezed(coordinator.get(rows).text)
    assert f"3 people · {YEAR}, first semester" in shown
    assert len(coordinator.get(rows.replace("trained?", "trained.csv?")).text.splitlines()) == 4
    assert coordinator.get(f"/impact/institutions?term={YEAR}-s1").status_code == 404
    assert coordinator.get("/impact/students-trained?term=2024-x1").status_code == 404

    opened_term(AUTUMN, kinds=[InstitutionKind.COLLEGE])
    approve_term(school, SPRING)
    coordinator_user = make_user(role=Role.COORDINATOR, institution=school)
    completed = update(Enrolment).where(Enrolment.cohort_id == cohort.id)
    with pytest.raises(DomainError, match="first semester"), unit_of_work():
        audit.act_for(coordinator_user)
        db.session.execute(completed.where(Enrolment.completed_on == DAY).values(completed_on=IN_AUTUMN))
    with unit_of_work():
        audit.act_for(coordinator_user)
        db.session.execute(update(Headcount).values(people=13))
        moved = completed.where(Enrolment.completed_on == IN_AUTUMN)
        db.session.execute(moved.values(completed_on=IN_AUTUMN + timedelta(days=1)))
    kept = {one["measure"]: one for one in term_report(school, SPRING).figures}
    assert (kept["students_trained"]["total"], kept["students_trained"]["claimed"]) == (3, 0)

    with unit_of_work():
        submit_report(actor=OFFICE, report=term_report(school, AUTUMN))
    kept = {one["measure"]: one for one in term_report(school, AUTUMN).figures}
    assert (kept["students_trained"]["total"], kept["students_trained"]["claimed"]) == (2, 13)
    year = totals(year=YEAR, institution="terms")
    assert year["students_trained"] == 5
    preview = squeezed(officer.get(f"/impact/years/{YEAR}/close").text)
    assert "1 of 2 reports are not approved" in preview
    assert f"{YEAR}, second semester: submitted, not approved" in preview
    assert f"/institutions/terms/reports/{YEAR}-s2" in officer.get(f"/impact/years/{YEAR}/close").text
    with unit_of_work():
        approve_report(actor=OFFICE, report=term_report(school, AUTUMN))
    with pytest.raises(DomainError, match="headcounts"), unit_of_work():
        audit.act_for(coordinator_user)
        db.session.execute(update(Headcount).values(people=14))
    assert preview_closing(YEAR).facts["reports"] == [
        ["terms", "approved", 0, f"{YEAR}-s1"],
        ["terms", "approved", 0, f"{YEAR}-s2"],
    ]
    assert other.code not in str(preview_closing(YEAR).facts["reports"])


def test_rounds_that_would_ask_for_a_day_twice_are_refused_by_page_command_and_database(app, officer):
    school, _cohort = teaching_school(kind=InstitutionKind.COLLEGE)
    teaching_school(kind=InstitutionKind.UNIVERSITY)
    office = app.test_cli_runner().invoke
    due = ["--due-on", TODAY.isoformat(), "--json"]
    opened = office(gdt, ["rounds", "open", f"{YEAR}-t1", "--kind", "college", *due])
    assert json.loads(opened.output) == {"round": f"{YEAR}-t1-college", "reports": 1}
    for code, words in ((str(YEAR), "holds days of"), (f"{YEAR}-t1", "open already"), ("soon", "no period")):
        assert words in json.loads(office(gdt, ["rounds", "open", code, *due]).output)["refused"]
    whole = submit(officer, "/rounds/new", year=YEAR, due_on=TODAY.isoformat())
    assert whole.status_code == 422
    assert f"holds days of {YEAR} for the same institutions" in whole.text
    days = {"part": "days", "starts_on": f"{YEAR}-05-01", "ends_on": f"{YEAR}-09-30"}
    for wrong in ({"starts_on": ""}, {"ends_on": f"{YEAR + 1}-02-01"}, {"ends_on": f"{YEAR}-04-01"}):
        refused = submit(officer, "/rounds/new", year=YEAR, due_on=TODAY.isoformat(), **(days | wrong))
        assert refused.status_code == 422
    fine = submit(officer, "/rounds/new", year=YEAR, due_on=TODAY.isoformat(), **days)
    assert fine.location.endswith(f"/rounds/{YEAR}-0501-0930")
    universities = [*due, "--kind", "university"]
    assert office(gdt, ["rounds", "open", f"{YEAR}-q4", *universities]).exit_code == 0
    assert office(gdt, ["rounds", "open", f"{YEAR}-s1", *universities]).exit_code == 2
    listed = json.loads(office(gdt, ["rounds", "list", "--json"]).output)
    assert [one["round"] for one in listed] == [
        f"{YEAR}-q4-university",
        f"{YEAR}-0501-0930",
        f"{YEAR}-t1-college",
    ]
    table = officer.get("/rounds").text
    for words in (f"{YEAR}, fourth quarter", f"1 May – 30 Sep {YEAR}", "college"):
        assert words in table
    gaps = [one for one in preview_closing(YEAR).facts["reports"] if one[1] == "not asked"]
    assert [f"{YEAR}-q4"] == [one[3] for one in gaps if one[0] == school.code]

    term = db.session.query(ReportingRound).filter_by(code=f"{YEAR}-t1-college").one()
    within = {"starts_on": date(YEAR, 4, 30), "ends_on": date(YEAR, 5, 2), "year": YEAR}
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(
            insert(ReportingRound).values(
                within | {"code": "x", "due_on": TODAY, "opened_by_name": "X", "kinds": []}
            )
        )
        [new] = db.session.query(ReportingRound.id).filter_by(code="x").one()
        db.session.execute(
            insert(InstitutionReport).values(
                within
                | {"round_id": new, "institution_id": school.id, "state": ReportState.OPEN, "figures": []}
            )
        )
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(update(ReportingRound).where(ReportingRound.id == term.id).values(year=YEAR + 1))
