"""What looks unusual is found once, looked at by a person, and never tells a partner about another."""

import pytest

from gdt.access import OFFICE, Role
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.reporting.finding_models import FindingState, RiskFinding
from gdt.reporting.risk_rules import Rule
from gdt.reporting.services import approve_report, submit_report
from gdt.reporting.states import ReportState
from gdt.training.models import Enrolment, EnrolmentState, Headcount
from tests.browser import submit
from tests.factories import make_cohort, make_enrolment
from tests.features.reporting.stories import DAY, YEAR, claim, opened, report_of, teaching_school


def findings():
    return db.session.query(RiskFinding).order_by(RiskFinding.rule, RiskFinding.id).all()


def test_the_same_list_at_two_institutions_is_found_looked_at_and_kept(app, officer, sign_in):
    school, cohort = teaching_school(students=9)
    other, theirs = teaching_school(students=0, name="Zyxwv College", code="zyxwv")
    for student in [one.person for one in cohort_of(cohort) if one.completed_on]:
        make_enrolment(theirs, student, state=EnrolmentState.COMPLETED, completed_on=DAY)
    theirs.code = "zyxwv-2025-001"
    db.session.commit()
    claim(school, cohort, 150)
    claim(other, cohort, 149)
    opened()
    path = f"/institutions/{school.code}/reports/{YEAR}"
    coordinator = sign_in(Role.COORDINATOR, school)
    page = coordinator.get(path).text
    assert "are also in a cohort of another institution" in page
    assert "exactly 150 students trained" in page
    assert findings() == [], "looking keeps nothing"

    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(school))
    same = [(one.rule, one.is_present, one.state) for one in findings()]
    assert same == [
        (Rule.ROUND_NUMBER, True, FindingState.TO_LOOK_AT),
        (Rule.SAME_PEOPLE, True, FindingState.TO_LOOK_AT),
    ]
    with pytest.raises(DomainError, match="wait"), unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))
    queue = officer.get("/findings").text
    assert "zyxwv-2025-001" in queue
    for finding in findings():
        said = {"state": "fine", "note": "The two share a class."}
        empty = submit(officer, f"/findings/{finding.id}", state="fine")
        assert empty.status_code == 422
        submit(officer, f"/findings/{finding.id}", **said)
    looked = coordinator.get(path).text
    assert "The two share a class." in looked
    assert "zyxwv" not in looked.lower()

    submit(officer, f"{path}/check", page=path)
    assert [one.state for one in findings()] == [FindingState.FINE] * 2, "found again is the same finding"
    with unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))
    assert report_of(school).state is ReportState.APPROVED


def cohort_of(cohort):
    return db.session.query(Enrolment).filter_by(cohort_id=cohort.id).all()


def test_a_finding_whose_numbers_change_is_looked_at_again_and_one_that_is_gone_stays_in_the_history(
    app, officer
):
    school, cohort = teaching_school()
    headcount = claim(school, cohort, 100)
    opened()
    path = f"/institutions/{school.code}/reports/{YEAR}"
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(school))
    [finding] = findings()
    submit(officer, f"/findings/{finding.id}", state="to correct", note="The list has fewer names.")
    with pytest.raises(DomainError, match="has to be corrected"), unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))
    for people, present, state in (
        (200, True, FindingState.TO_LOOK_AT),
        (97, False, FindingState.TO_LOOK_AT),
    ):
        with unit_of_work():
            db.session.get(Headcount, headcount.id).people = people
        submit(officer, f"{path}/check", page=path)
        [finding] = findings()
        assert (finding.is_present, finding.state) == (present, state)
    assert "The list has fewer names" in officer.get(path).text, "the history keeps what was said"
    with unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))


def test_the_queue_is_of_the_office_alone(app, officer, leader, sign_in):
    school, cohort = teaching_school()
    make_cohort(school)
    claim(school, cohort, 300)
    opened()
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(school))
    everything = officer.get("/findings?show=all&rule=round+number").text
    assert "exactly 300" in everything
    assert "No finding fits" in officer.get("/findings?state=fine").text
    for client in (leader, sign_in(Role.COORDINATOR, school)):
        assert client.get("/findings").status_code == 403
