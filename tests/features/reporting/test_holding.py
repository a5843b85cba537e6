"""What is approved is locked: by hand, by file, by job or past every service, and the office stays free."""

from decimal import Decimal
from threading import Thread

import pytest
from sqlalchemy import text, update

from gdt import audit
from gdt.access import OFFICE, Role
from gdt.audit import list_events
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.exams.models import Result
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.models import Upload
from gdt.imports.rows import Read
from gdt.jobs import JobState
from gdt.reporting.holding_triggers import HOLDING
from gdt.reporting.models import HeldChange, InstitutionReport
from gdt.reporting.services import approve_report, submit_report
from gdt.reporting.states import ReportState
from gdt.training.completion import complete_students
from gdt.training.headcount_checking import HeadcountChecker
from gdt.training.headcount_sheet import Counted
from gdt.training.held_days import refuse_held_day
from gdt.training.models import CohortModule, Enrolment, EnrolmentState, Headcount
from gdt.training.progress_kind import PROGRESS, subject_of
from tests.browser import submit
from tests.factories import TODAY, make_exam, make_module, make_sitting, make_user
from tests.features.certification.stories import give_result
from tests.features.reporting.stories import DAY, YEAR, approved, claim, opened, report_of, teaching_school
from tests.triggers import assert_they_stand


@pytest.fixture
def held(app):
    """An approved report with a cohort, a sitting, a result and a headcount in its year."""
    school, cohort = teaching_school()
    sitting = make_sitting(cohort, make_exam(cohort.course), held_on=DAY)
    student = db.session.query(Enrolment).filter_by(cohort_id=cohort.id).first().person
    give_result(sitting, student, 71)
    claim(school, cohort, 12)
    opened()
    approved(school)
    return school, cohort, sitting, make_user(role=Role.COORDINATOR, institution=school)


def changes(cohort, sitting):
    """Every way a counted row can change, as an institution's hand would do it."""
    enrolment = update(Enrolment).where(Enrolment.cohort_id == cohort.id)
    completed = enrolment.where(Enrolment.state == EnrolmentState.COMPLETED)
    other = make_module()
    return {
        "one completes": enrolment.where(Enrolment.state == EnrolmentState.ENROLLED).values(
            state=EnrolmentState.COMPLETED, completed_on=DAY
        ),
        "one has not completed": completed.values(state=EnrolmentState.WITHDREW, completed_on=None),
        "one moves to another year": completed.values(completed_on=TODAY),
        "a mark": update(Result).values(mark=Decimal(90)),
        "a result goes": text("DELETE FROM results"),
        "the day of a sitting": text(f"UPDATE sittings SET held_on = '{TODAY}'"),
        "a headcount": update(Headcount).values(people=40),
        "a headcount comes": text(
            "INSERT INTO headcounts (institution_id, module_id, year, measure, people, evidence)"
            f" SELECT institution_id, {other.id}, year, measure, 5, 'x' FROM headcounts"
        ),
        "a headcount goes": text("DELETE FROM headcounts"),
        "a module of the cohort": update(CohortModule).values(module_id=other.id),
    }


def test_whatever_way_an_institution_changes_an_approved_year_it_is_refused_and_the_office_is_told_of(held):
    school, cohort, sitting, coordinator = held
    for what, statement in changes(cohort, sitting).items():
        with pytest.raises(DomainError, match="late correction"), unit_of_work():
            audit.act_for(coordinator)
            db.session.execute(statement)
        assert db.session.query(HeldChange).count() == 0, what
    for what, statement in list(changes(cohort, sitting).items())[::4]:
        before = len(list_events(report_of(school), limit=500))
        with unit_of_work():
            db.session.execute(statement)
        newest = list_events(report_of(school), limit=500)
        assert len(newest) == before + 1, what
        assert newest[0].action == "changed"
        assert db.session.query(HeldChange).count() == 0, what


def test_a_row_that_changes_while_the_office_approves_is_refused_as_well(app):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("it has one writer at a time")
    school, _cohort = teaching_school()
    opened()
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(school))
    coordinator = make_user(role=Role.COORDINATOR, institution=school)
    with pytest.raises(DomainError, match="late correction"), unit_of_work():
        audit.act_for(coordinator)
        completed = update(Enrolment).where(Enrolment.completed_on == DAY)
        db.session.execute(completed.values(completed_on=TODAY))
        approval = Thread(target=_approve_elsewhere, args=(app, school.id))
        approval.start()
        approval.join(timeout=30)
        assert not approval.is_alive()
    assert report_of(school).state is ReportState.APPROVED


def _approve_elsewhere(app, school_id):
    with app.app_context(), unit_of_work():
        report = db.session.query(InstitutionReport).filter_by(institution_id=school_id).one()
        approve_report(actor=OFFICE, report=report)


def test_what_is_not_counted_in_the_approved_year_stays_free(held):
    _school, cohort, _sitting, coordinator = held
    open_ones = [Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED]
    free = (
        update(Enrolment).where(*open_ones).values(attendance_percent=80),
        update(Enrolment).where(*open_ones).values(state=EnrolmentState.COMPLETED, completed_on=TODAY),
        update(Enrolment).where(Enrolment.completed_on == TODAY).values(state="withdrew", completed_on=None),
        text("UPDATE persons SET printed_name = 'Another Name'"),
    )
    for statement in free:
        with unit_of_work():
            audit.act_for(coordinator)
            db.session.execute(statement)


def test_the_pages_and_files_of_a_coordinator_say_the_way_out_and_open_again_while_she_may_correct(
    held, sign_in, officer
):
    school, cohort, sitting, coordinator = held
    browser = sign_in(Role.COORDINATOR, school)
    module = cohort.modules[0].id
    reported = {"measure": "students trained", "module": module, "year": YEAR, "people": 30, "evidence": "x"}
    refused = submit(browser, f"/institutions/{school.code}/headcounts/new", **reported)
    assert refused.status_code == 422
    assert "ask the office for a late correction" in refused.text
    assert 'value="30"' in refused.text, "what was typed is still there"
    with pytest.raises(DomainError, match="late correction"), unit_of_work():
        complete_students(actor=coordinator, cohort=db.session.merge(cohort), completed_on=DAY)
    upload = handed_in(cohort, coordinator)
    assert upload.job_state is JobState.FAILED, "it was checked by somebody whom the lock lets pass"
    assert "late correction" in upload.job_failure
    with unit_of_work():
        audit.act_for(coordinator)
        data = sheet_of(cohort, attendance=90)
        about = {"actor": coordinator, "filename": "again.csv", "data": data}
        told = hand_in(kind=PROGRESS, subject=subject_of(db.session.merge(cohort)), **about)
        assert told.rows_refused == 1, "the row says so before anything is kept"
        with pytest.raises(DomainError, match="late correction"):
            refuse_held_day(school.id, sitting.held_on)
        counted = Counted(YEAR, "students trained", cohort.modules[0].title, 30, "The signed list")
        [told] = HeadcountChecker(db.session.merge(school), {}).decide([Read(2, tuple(counted))])
        assert "late correction" in told.note
    with unit_of_work():
        report = report_of(school)
        report.state, report.correctable_until = ReportState.CORRECTING, TODAY
    assert submit(browser, f"/institutions/{school.code}/headcounts/new", **reported).status_code == 302
    with unit_of_work():
        confirm(actor=coordinator, upload=db.session.merge(upload))
    assert db.session.get(Upload, upload.id).job_state is JobState.DONE
    assert db.session.query(Enrolment).filter_by(completed_on=DAY).count() == 4


def sheet_of(cohort, attendance):
    last = db.session.query(Enrolment).filter_by(cohort_id=cohort.id, completed_on=None).one()
    header = "Full name,Attendance,Status,Completion date"
    return f"{header}\n{last.person.printed_name},{attendance},completed,{DAY}\n".encode()


def handed_in(cohort, coordinator):
    """A sheet that says the last student completed in the approved year, handed in and confirmed."""
    sheet = sheet_of(cohort, attendance=80)
    with unit_of_work():
        about = {"actor": coordinator, "filename": "progress.csv", "data": sheet}
        upload = hand_in(kind=PROGRESS, subject=subject_of(db.session.merge(cohort)), **about)
    with unit_of_work():
        confirm(actor=coordinator, upload=db.session.merge(upload))
    return db.session.get(Upload, upload.id)


def test_the_database_has_exactly_the_triggers_the_code_says(app):
    assert_they_stand(HOLDING)
