"""Targets on pages: set by the office, seen by leaders and partners, and forecast from the rows."""

from datetime import date

from gdt.access import Role
from gdt.database import db, unit_of_work
from gdt.impact.forecast import forecast
from gdt.impact.seasons import count_seasons, count_seasons_daily
from gdt.impact.target_models import SeasonMonth, Target
from gdt.training.models import EnrolmentState
from tests.browser import squeezed, submit
from tests.factories import (
    TODAY,
    make_agreement,
    make_cohort,
    make_enrolment,
    make_institution,
    make_person,
)

YEAR = TODAY.year


def test_the_office_sets_targets_and_everyone_sees_those_of_their_place(app, officer, leader, sign_in):
    mine, other = make_institution(code="mine", name="My College"), make_institution(name="Their College")
    for institution in (mine, other):
        make_agreement(institution, teachers_target=7, students_target=100)
    make_enrolment(make_cohort(mine), make_person(), state=EnrolmentState.COMPLETED, completed_on=TODAY)
    assert "1 of" in squeezed(leader.get("/impact/targets?by=institution").text)
    assert "14 (the sum of the institutions" in squeezed(officer.get("/impact/targets/set").text)
    wrong = submit(officer, f"/impact/targets/set?year={YEAR}", teachers="many", students="-4")
    assert wrong.status_code == 422
    assert wrong.text.count("Write a whole number, or leave it empty.") >= 2
    assert "many" in wrong.text
    submit(officer, f"/impact/targets/set?year={YEAR}", teachers="400", students="10000")
    submit(officer, f"/impact/targets/set?year={YEAR}&institution=mine", teachers="", students="50")
    page = squeezed(leader.get("/impact").text)
    assert "of the target, 10,000 (set by the office)" in page
    assert "of the target, 400 (set by the office)" in page
    client = sign_in(Role.COORDINATOR, mine)
    own = squeezed(client.get("/impact/targets").text)
    assert "2 % of the target, 50 (set by the office)" in own
    assert "0 % of the target, 7 (from the agreement)" in own
    assert "Their College" not in own
    assert "10,000" not in own
    assert "Their College" in leader.get("/impact/targets").text  # it has not reported
    assert client.get("/impact/targets/set").status_code == 403
    submit(officer, f"/impact/targets/set?year={YEAR}&institution=mine", teachers="", students="")
    assert db.session.query(Target).count() == 1
    assert officer.get("/impact/targets/set?year=1999").status_code == 422


def test_the_months_of_earlier_years_are_counted_once_a_day_and_make_the_forecast(app, leader):
    institution = make_institution()
    make_agreement(institution, students_target=100)
    twice = make_person()
    for year in (YEAR - 1, YEAR - 2):
        first, second = make_cohort(institution), make_cohort(institution)
        for month in range(1, 13):
            done = {"state": EnrolmentState.COMPLETED, "completed_on": date(year, month, 1)}
            make_enrolment(first, make_person(), **done)
        for cohort, month in ((first, 3), (second, 9)):
            done = {"state": EnrolmentState.COMPLETED, "completed_on": date(year, month, 1)}
            make_enrolment(cohort, twice, **done)
    make_enrolment(
        make_cohort(institution), make_person(), state=EnrolmentState.COMPLETED, completed_on=TODAY
    )
    assert count_seasons() == 24
    month = db.session.query(SeasonMonth).filter_by(year=YEAR - 1, month=3).one()
    assert (month.students, month.teachers) == (2, 0)
    assert db.session.query(SeasonMonth).filter_by(year=YEAR - 1, month=9).one().students == 1
    make_enrolment(
        make_cohort(institution),
        make_person(),
        state=EnrolmentState.COMPLETED,
        completed_on=date(YEAR - 1, 3, 1),
    )
    count_seasons_daily()
    db.session.expire_all()
    assert db.session.query(SeasonMonth).filter_by(year=YEAR - 1, month=3).one().students == 2
    too_little = "No forecast: there is not enough history"
    assert (too_little in leader.get("/impact").text) == (date(YEAR, 12, 31) > TODAY)
    with unit_of_work():
        for one in db.session.query(SeasonMonth).filter_by(year=YEAR - 1):
            one.students = 10
            for year in (YEAR - 3, YEAR - 4):
                db.session.add(
                    SeasonMonth(
                        year=year,
                        month=one.month,
                        institution_id=one.institution_id,
                        students=one.month,
                        counted_on=TODAY,
                        teachers=0,
                    )
                )
    even, late = [10] * 12, list(range(1, 13))
    expected = forecast(1, 0, {YEAR - 1: even, YEAR - 3: late, YEAR - 4: late}, TODAY)
    assert ("Forecast for the end of" in leader.get("/impact").text) == (expected is not None)
