"""The demo network: the figures people know, every state a page shows, and a second run without effect."""

from collections import Counter
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update

from gdt import documents
from gdt.access import OFFICE
from gdt.accounts.models import User
from gdt.accounts.passwords import is_password
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.certification.issuing.issuing import Orderer
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.community.models import Project, ProjectKind
from gdt.community.states import ProjectState
from gdt.database import Model, db, now, unit_of_work
from gdt.demo.accounts import DemoAccounts
from gdt.demo.certifying import issue_certificates
from gdt.demo.reporting import latest_year
from gdt.demo.samples import write_samples
from gdt.demo.services import load_demo
from gdt.events.models import Event
from gdt.events.people_models import EventRegistration
from gdt.events.queries import list_given_at, list_signed_at
from gdt.events.states import EventState, PlaceState
from gdt.exams.flag_models import FlagState, SittingFlag
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.exams.moderation import MarkingState
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.suspicion import FlagRule
from gdt.impact.closed_models import ClosedSummary
from gdt.impact.closing_queries import find_closed, read_published
from gdt.impact.measures import BY_KEY
from gdt.impact.queries import load_network, read_figures, totals
from gdt.impact.scopes import EVERYWHERE, Scope
from gdt.impact.summarising import published_content
from gdt.impact.target_queries import read_goals
from gdt.impact.targets import paces
from gdt.impact.year_pages import differences_within
from gdt.jobs import JobState
from gdt.joining.application_states import ApplicationState
from gdt.joining.models import InstitutionApplication
from gdt.partners.agreement_states import AgreementState, state_on
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, Institution, InstitutionStatus
from gdt.partners.reminder_models import AgreementReminder, ReminderState
from gdt.people.models import Affiliation, Gender, Person
from gdt.recognition.queries import certificates_of, list_honours
from gdt.reporting.finding_models import FindingState, RiskFinding
from gdt.reporting.models import InstitutionReport
from gdt.reporting.states import ReportState
from gdt.reporting.timing import Timing
from gdt.training.curriculum.models import ModuleVersion
from gdt.training.curriculum.states import VersionState
from gdt.training.feedback.models import TrainingFeedback
from gdt.training.feedback.totals import FEWEST
from gdt.training.models import Cohort, Course, Enrolment, EnrolmentState, Qualification
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.taking_part.states import InvitationState, PartState
from tests.emptying import forget_every_row
from tests.understood import understand_results, understand_roster

TODAY = now().date()


@pytest.fixture(scope="module")
def loaded(whole_app):
    """The whole network, loaded once and emptied after the last test; it takes more than a minute.

    On PostgreSQL the journeys load it, by its command, and look at the announced figures.
    """
    with whole_app.app_context():
        if db.engine.dialect.name == "postgresql":
            pytest.skip("the journeys load the demo on PostgreSQL")
        accounts = load_demo(password=None)
    yield accounts
    with whole_app.app_context():
        forget_every_row()


@pytest.fixture
def network(loaded, whole_app):
    with whole_app.app_context():
        yield loaded
        db.session.remove()


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def story_cohorts():
    """The cohorts that nobody was certified for yet."""
    recent = Cohort.starts_on > TODAY - timedelta(days=365)
    done = select(CertificateBatch.cohort_id).where(CertificateBatch.cohort_id.is_not(None))
    return db.session.scalars(select(Cohort).where(recent, Cohort.id.not_in(done))).all()


def reached(key, until, **place):
    """What was counted up to the end of a year, each person once."""
    scope = Scope(**place)
    network = load_network(OFFICE)
    return read_figures(OFFICE, network, scope).reached(BY_KEY[key], scope, until)


def test_the_totals_up_to_the_announcement_are_the_ones_that_were_announced(network):
    assert reached("teachers_certified", 2022) == 1400
    assert reached("students_trained", 2022) == 32_400
    found = totals()
    assert (found["institutions"], found["countries"]) == (30, 17)
    assert count(Institution) == 30


def test_the_year_of_the_announcement_is_published_with_them_and_one_figure_was_restated(network):
    closed = find_closed(2022)
    content = published_content(read_published(closed), EVERYWHERE)
    assert (content.reached("teachers_certified", 2022), content.reached("students_trained", 2022)) == (
        1400,
        32_400,
    )
    assert content.targets
    assert content.reports is not None
    assert not content.reports.open
    assert closed.job_state is JobState.DONE
    assert count(ClosedSummary) == closed.job_total > 40
    restated = [row for row in differences_within(closed, EVERYWHERE) if row.one.dimension is None]
    assert [(row.one.measure.key, row.one.difference) for row in restated] == [("certificates_issued", -1)]
    assert all(row.one.reasons for row in restated)


def test_the_programme_goes_on_after_the_announcement(network):
    by_year = {year: totals(year=year) for year in range(2023, TODAY.year + 1)}
    for year in range(2023, TODAY.year):
        assert by_year[year]["students_trained"] > 7_000
        assert by_year[year]["teachers_certified"] > 200
        shares = by_year[year]["shares"]["students_trained"]
        assert 0 < shares["recorded"] < shares["verified"]
        assert count(Certificate, Certificate.year == year, Certificate.kind == CertificateKind.STUDENT) > 100
    last_year = by_year[TODAY.year - 1]["shares"]["students_trained"]
    assert 0 < by_year[TODAY.year]["students_trained"] < sum(last_year.values())
    assert last_year["claimed"] > 0


def test_the_first_partner_in_malaysia_has_its_announced_figures(network):
    found = [reached(key, 2022, institution="utar") for key in ("teachers_certified", "students_trained")]
    assert found == [104, 3880]
    joined = db.session.execute(
        select(Institution.code).where(Institution.country.has(code="MY")).order_by(Institution.joined_on)
    )
    assert joined.scalars().first() == "utar"


def test_all_announced_teachers_were_certified_by_the_end_of_2022_and_renewals_count_nobody_twice(network):
    by_year = {year: totals(year=year)["teachers_certified"] for year in range(2017, TODAY.year + 1)}
    assert all(by_year[year] > 0 for year in range(2017, 2023))
    assert by_year[2017] == 110
    assert sum(by_year[year] for year in range(2017, 2023)) == 1400
    assert sum(by_year.values()) == totals()["teachers_certified"]
    assert totals(year=TODAY.year - 1)["certificates_issued"] > 200  # the renewals


def test_the_announced_project_awards_and_villages_are_there(network):
    care = db.session.scalars(select(Project).where(Project.title == "We Care, We Act")).one()
    assert care.is_public and care.products_helped > 30 and len(care.places) == 4
    assert count(Project, Project.kind == ProjectKind.DIGITAL_VILLAGE) == 8
    assert totals(country="MX")["projects"] == 8
    assert {project.state for project in db.session.scalars(select(Project))} == set(ProjectState)
    given = list_honours(2022)
    assert {one.category.name for one in given} == {"Academic excellence", "Social impact"}
    assert {one.institution.code for one in given} == {"utar"}
    papers = certificates_of(given).values()
    assert [paper.state(TODAY) for paper in papers] == [CertificateState.VALID] * 2


def test_students_grow_from_year_to_year_but_for_the_pandemic(network):
    by_year = [totals(year=year)["students_trained"] for year in range(2017, 2023)]
    assert by_year[0] < by_year[1] < by_year[2] > by_year[3] < by_year[4] < by_year[5]


def test_early_years_are_reported_and_claims_are_never_in_a_total(network):
    shares = totals()["shares"]["students_trained"]
    assert totals(year=2017)["shares"]["students_trained"]["recorded"] == 0
    assert shares["claimed"] > 0
    assert shares["recorded"] + shares["verified"] == totals()["students_trained"]


def test_the_year_after_the_announcement_has_its_announced_targets(network):
    targets = {}
    for agreement in db.session.scalars(select(Agreement).order_by(Agreement.starts_on)):
        if agreement.starts_on.year <= 2023 <= agreement.ends_on.year:
            targets[agreement.institution_id] = (agreement.teachers_target, agreement.students_target)
    assert [sum(column) for column in zip(*targets.values(), strict=True)] == [400, 10_000]


def test_of_the_present_year_some_have_reached_their_target_some_keep_its_pace_and_some_are_behind(network):
    whole, goals = load_network(OFFICE), read_goals(OFFICE, load_network(OFFICE))
    states = Counter()
    for place in whole.institutions.values():
        scope = Scope(year=TODAY.year, institution=place.code)
        states.update(pace.state for pace in paces(read_figures(OFFICE, whole, scope), scope, goals, TODAY))
    reached = ("reached",) if TODAY.month > 9 else ()  # a young year has reached nothing
    assert min(states[state] for state in (*reached, "on pace", "behind")) >= 2, states


def test_every_status_an_institution_can_have_appears(network):
    statuses = {i.code: i.status(TODAY) for i in db.session.scalars(select(Institution))}
    assert set(statuses.values()) == set(InstitutionStatus)
    assert statuses["utar"] is InstitutionStatus.IN_FORCE
    own_zones = select(Institution.code, Institution.time_zone).where(Institution.time_zone.is_not(None))
    assert db.session.execute(own_zones).all() == [("bahari", "Asia/Makassar")]


def test_every_state_of_agreements_reminders_and_applications_appears(network):
    terms, drafts = db.session.scalars(select(Agreement)).all(), db.session.scalars(select(AgreementDraft))
    lives = [term.life(terms) for term in terms] + [draft.life for draft in drafts]
    assert {state_on(life, TODAY) for life in lives} == set(AgreementState)
    reminders = set(db.session.scalars(select(AgreementReminder.state)))
    assert reminders == {ReminderState.DUE, ReminderState.SENT, ReminderState.ANSWERED}
    assert set(db.session.scalars(select(InstitutionApplication.state))) == set(ApplicationState)


def test_every_state_of_versions_invitations_and_taking_part_appears(network):
    for column, states in (
        (ModuleVersion.state, VersionState),
        (TrainingInvitation.state, set(InvitationState) - {InvitationState.WITHDRAWN}),
        (TrainingApplication.state, set(PartState) - {PartState.NAMED, PartState.NOT_REACHED}),
    ):
        assert set(db.session.scalars(select(column))) == set(states)
    assert db.session.scalar(select(func.count(TrainingFeedback.id))) >= FEWEST


def test_every_state_a_report_can_have_appears_and_only_the_latest_year_and_terms_are_unfinished(network):
    reports = db.session.scalars(select(InstitutionReport)).all()
    assert {report.state for report in reports} == set(ReportState)
    unfinished = {report.period_code for report in reports if report.state is not ReportState.APPROVED}
    latest = str(latest_year(TODAY))
    assert unfinished == {report.period_code for report in reports if report.period_code >= latest}
    awaited = {Timing.AWAITED} if any(report.round.due_on >= TODAY for report in reports) else set()
    assert {report.timing(TODAY) for report in reports} == set(Timing) - {Timing.AWAITED} | awaited
    looked_at = {finding.state for finding in db.session.scalars(select(RiskFinding))}
    assert looked_at == {FindingState.FINE, FindingState.TO_LOOK_AT}


@pytest.mark.parametrize("code", ["inti", "ntuc-learninghub"])
def test_two_partners_extended_their_agreement_at_the_conference(network, code):
    signed = db.session.scalars(
        select(Agreement).join(Institution).where(Institution.code == code, Agreement.extends_id.is_not(None))
    )
    assert (2023, 2) in {(agreement.signed_on.year, agreement.signed_on.month) for agreement in signed}


def test_working_partners_have_teachers_who_are_qualified_today(network):
    qualified = set(
        db.session.scalars(
            select(Qualification.institution_id).where(
                Qualification.valid_from <= TODAY, Qualification.valid_until >= TODAY
            )
        )
    )
    working = {InstitutionStatus.IN_FORCE, InstitutionStatus.EXPIRING, InstitutionStatus.IN_GRACE}
    for institution in db.session.scalars(select(Institution)):
        assert (institution.id in qualified) == (institution.status(TODAY) in working), institution.code


def test_one_cohort_is_running_one_waits_for_its_results_and_one_for_its_certificates(network):
    running, examined, ready = sorted(story_cohorts(), key=lambda cohort: cohort.ends_on, reverse=True)
    assert (running.institution.code, examined.institution.code) == ("utar", "utar")
    assert (
        count(Enrolment, Enrolment.cohort_id == running.id, Enrolment.state == EnrolmentState.ENROLLED) == 24
    )
    assert running.starts_on < TODAY < running.ends_on
    completed = (Enrolment.cohort_id == examined.id, Enrolment.state == EnrolmentState.COMPLETED)
    assert count(Enrolment, *completed) == 30
    [sitting] = db.session.scalars(select(Sitting).where(Sitting.cohort_id == examined.id))
    assert sitting.held_on <= TODAY
    assert count(Result, Result.sitting_id == sitting.id) == 0
    findings = assess_students([ready.id], TODAY)[ready.id]
    assert (len(findings), sum(finding.is_eligible for finding in findings)) == (28, 26)


@pytest.mark.parametrize(
    ("model", "begun"),
    [
        (Institution, Institution.joined_on),
        (Agreement, Agreement.signed_on),
        (Cohort, Cohort.starts_on),
        (Sitting, Sitting.held_on),
    ],
)
def test_every_record_that_has_begun_tells_how_in_its_history(network, model, begun):
    told = select(AuditEvent.subject_id).where(AuditEvent.subject_kind == model.__tablename__)
    assert count(model, begun <= TODAY) > 0
    assert count(model, begun <= TODAY, model.id.not_in(told)) == 0


def test_some_renewed_teachers_wait_to_be_certified_and_all_others_are(network):
    courses = db.session.scalars(select(Course.id)).all()
    found = assess_teachers(courses, TODAY)
    eligible = {f.candidate.person_id for findings in found.values() for f in findings if f.is_eligible}
    assert 0 < len(eligible) <= 40


def test_everyone_in_a_past_cohort_who_could_be_certified_is(network):
    past = db.session.scalars(select(Cohort.id).where(Cohort.ends_on.between(*years(2017, 2022)))).all()
    findings = [f for found in assess_students(past, TODAY).values() for f in found]
    passed = [
        finding.candidate
        for finding in findings
        if finding.candidate.enrolment is EnrolmentState.COMPLETED and not finding.candidate.missing_exams
    ]
    assert passed
    assert [candidate.printed_name for candidate in passed if candidate.held is None] == []


def years(first, last):
    return TODAY.replace(year=first, month=1, day=1), TODAY.replace(year=last, month=12, day=31)


def test_certificates_are_real_files_with_the_hash_in_the_register(network):
    for certificate in db.session.scalars(select(Certificate).where(Certificate.id % 500 == 1)):
        content = documents.read(certificate.file_key)
        assert content.startswith(b"%PDF")
        assert sha256(content).hexdigest() == certificate.file_sha256


def test_numbers_of_each_year_have_no_gap_and_rise_with_the_days(network):
    rows = db.session.execute(
        select(Certificate.year, Certificate.serial, Certificate.issued_on).order_by(
            Certificate.year, Certificate.serial
        )
    ).all()
    for year in {row.year for row in rows}:
        of_year = [row for row in rows if row.year == year]
        assert [row.serial for row in of_year] == list(range(1, len(of_year) + 1))
        assert [row.issued_on for row in of_year] == sorted(row.issued_on for row in of_year)
        assert {row.issued_on.year for row in of_year} == {year}


def test_certificates_stand_in_every_state_but_replaced(network):
    states = {c.state(TODAY) for c in db.session.scalars(select(Certificate))}
    assert states == set(CertificateState) - {CertificateState.REPLACED}
    assert count(Certificate, Certificate.revoked_at.is_not(None)) == 1
    assert count(Certificate, Certificate.kind == CertificateKind.TEACHER) > 900


def test_most_who_sat_an_exam_passed_it_and_not_the_same_share_everywhere(network):
    shares = {code: passed / sat for code, sat, passed in db.session.execute(_people_in_exams())}
    assert len(shares) == 29
    assert 0.75 < min(shares.values()) < 0.86
    assert 0.90 < max(shares.values()) < 0.97
    assert 0.82 <= sum(shares.values()) / len(shares) <= 0.93


def _people_in_exams():
    """Institutions with the exams people sat there, and those they passed in the end."""
    passed = func.count(Result.id).filter(Result.outcome == ResultOutcome.PASSED)
    sat = func.count(Result.id).filter(Result.attempt == 1, Result.outcome != ResultOutcome.ABSENT)
    return (
        select(Institution.code, sat, passed)
        .join(Cohort, Cohort.institution_id == Institution.id)
        .join(Sitting, Sitting.cohort_id == Cohort.id)
        .join(Result, Result.sitting_id == Sitting.id)
        .group_by(Institution.code)
    )


def test_gender_is_given_for_most_people_and_names_stand_in_their_own_script(network):
    people = count(Person)
    assert 0.82 < count(Person, Person.gender.is_not(None)) / people < 0.90
    assert count(Person, Person.gender == Gender.OTHER) > 0
    assert count(Person, Person.native_name.is_not(None)) / people > 0.4


def test_all_accounts_share_the_password_that_is_told_once(network):
    assert network.password
    users = db.session.scalars(select(User)).all()
    assert {user.email for user in users} == set(network.emails)
    assert all(is_password(network.password, user.password_hash) for user in users)


def test_a_second_run_changes_nothing_and_tells_no_password(network):
    before = {mapper.class_.__tablename__: count(mapper.class_) for mapper in Model.registry.mappers}
    hashes = db.session.scalars(select(User.password_hash).order_by(User.id)).all()
    db.session.rollback()
    assert load_demo(password="another one") == DemoAccounts(network.emails, None)
    assert {m.class_.__tablename__: count(m.class_) for m in Model.registry.mappers} == before
    assert db.session.scalars(select(User.password_hash).order_by(User.id)).all() == hashes


def test_the_sample_roster_is_good_but_for_three_rows_and_one_person_is_known(network, tmp_path):
    samples = write_samples(tmp_path)
    roster = understand_roster(samples.roster_csv.read_bytes(), samples.roster_csv.name)
    assert (roster.rows_in, len(roster.rows), len({p.line for p in roster.problems})) == (18, 15, 3)
    known = [
        person.printed_name
        for person in db.session.scalars(
            select(Person)
            .join(Affiliation)
            .where(Affiliation.own_number.in_([row.own_number for row in roster.rows]))
        )
    ]
    assert known == [roster.rows[-1].printed_name]


def test_the_sample_workbook_holds_the_same_roster(network, tmp_path):
    samples = write_samples(tmp_path)
    rows = [
        understand_roster(path.read_bytes(), path.name).rows
        for path in (samples.roster_csv, samples.roster_xlsx)
    ]
    assert [row[1:] for row in rows[0]] == [row[1:] for row in rows[1]]


def test_the_sample_marks_are_those_of_everyone_in_the_waiting_sitting(network, tmp_path):
    samples = write_samples(tmp_path)
    sheet = understand_results(samples.results_csv.read_bytes(), "marks.csv", maximum_mark=100)
    assert (len(sheet.rows), sheet.problems) == (30, [])
    assert {row.is_absent for row in sheet.rows} == {True, False}
    cohort = db.session.scalars(select(Cohort).where(Cohort.code == samples.cohort_code)).one()
    assert samples.sitting_code.startswith("utar-")
    assert cohort in story_cohorts()


def test_the_sample_files_can_be_written_again_once_they_were_used(network, tmp_path):
    sitting = db.session.scalars(
        select(Sitting).where(Sitting.code == write_samples(tmp_path).sitting_code)
    ).one()
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.cohort_id == sitting.cohort_id)):
        columns = {"exam_id": sitting.exam_id, "attempt": 1, "outcome": ResultOutcome.ABSENT}
        db.session.add(Result(sitting_id=sitting.id, person_id=enrolment.person_id, **columns))
    db.session.execute(update(Enrolment).values(state=EnrolmentState.WITHDREW, completed_on=None))
    db.session.flush()
    assert write_samples(tmp_path).sitting_code.startswith("utar-")
    db.session.rollback()


def test_an_interrupted_batch_is_finished_and_nothing_is_issued_twice(network):
    issued = count(Certificate)
    newest = db.session.scalar(select(func.max(CertificateBatch.id)))
    with unit_of_work():
        batch = db.session.get(CertificateBatch, newest)
        batch.job_state, batch.stage = JobState.RUNNING, BatchStage.ISSUING
    issue_certificates(Orderer(None, "GDT office"))
    assert db.session.get(CertificateBatch, newest).job_state is JobState.DONE
    assert count(Certificate) == issued


def test_the_conference_marks_of_two_people_and_unusual_sittings_are_there(network):
    event = db.session.scalars(select(Event).where(Event.code == "conference-2023")).one()
    signed = {one.institution.code for one in list_signed_at(event)}
    assert signed == {"inti", "ntuc-learninghub"}
    assert [one.institution.code for one in list_given_at(event)] == ["utar", "utar"]
    assert set(db.session.scalars(select(Event.state))) == set(EventState)
    assert set(db.session.scalars(select(EventRegistration.state))) == {
        PlaceState.REGISTERED,
        PlaceState.WAITING,
    }
    assert set(db.session.scalars(select(DoubleMark.state))) == set(MarkingState)
    flags = db.session.scalars(select(SittingFlag).where(SittingFlag.is_present)).all()
    assert {FlagState.TO_LOOK_AT, FlagState.FINE} <= {flag.state for flag in flags}
    assert FlagRule.AT_PASS_MARK in {flag.rule for flag in flags}
