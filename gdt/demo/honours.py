"""The demo's awards: the two UTAR was given at the conference, and this year's, which are being judged."""

from datetime import date, timedelta

from gdt import documents
from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.community.models import Project
from gdt.database import db, now
from gdt.demo.network import moment
from gdt.demo.projects import WE_CARE
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.recognition.certifying import assess_awards, issue_award_certificates
from gdt.recognition.forms import CATEGORIES, CRITERIA
from gdt.recognition.judging_models import AwardJudge, Judgement, Score
from gdt.recognition.models import (
    AwardCall,
    AwardCategory,
    AwardCriterion,
    Nomination,
    NominationEvidence,
    NomineeKind,
)
from gdt.recognition.queries import get_call
from gdt.recognition.services import EVIDENCE
from gdt.recognition.stages import NominationState as S
from gdt.recognition.words import read_categories, read_criteria

YEAR, GIVEN_ON, PLACE = 2022, date(2023, 2, 22), "GDT conference"
EXCELLENCE, IMPACT, INNOVATION, INCLUSIVENESS = range(4)
CASES = {
    EXCELLENCE: "Over 100 lecturers certified since 2017, and more students passed their exams each year.",
    IMPACT: "Over 30 local products of four states are sold online by the families who make them.",
    INNOVATION: "Students plan real deliveries of a port in the course on logistics.",
    INCLUSIVENESS: "Evening cohorts for people who work, in three languages.",
}
CITATIONS = {
    EXCELLENCE: "For lecturers who never stop learning, and students who pass what they are asked.",
    IMPACT: "For carrying the products of families across four states, and leaving the shops in their hands.",
}


def add_awards(today: date) -> None:
    """Write both years: one decided, one whose judges are at work."""
    users = {user.email.partition("@")[2].partition(".")[0]: user for user in _users("coordinator@")}
    officer, leader = (_users(name)[0] for name in ("officer@", "leader@"))
    schools = {code: _school(code) for code in ("utar", "inti")}
    past = _call(YEAR, date(2022, 9, 1), date(2022, 10, 31), date(2022, 12, 15))
    _add_past(past, users, schools, officer, leader)
    present = _call(
        today.year, today - timedelta(days=70), today - timedelta(days=15), today + timedelta(days=25)
    )
    _add_present(present, users, schools, leader)
    db.session.flush()


def certify_awards(officer: Viewer) -> None:
    """Issue the certificates of the conference, dated on its day; what is done is left."""
    call = get_call(YEAR)
    ready = sum(finding.is_ready for finding in assess_awards(call, GIVEN_ON))
    if ready:
        issue_award_certificates(actor=officer, call=call, seen=ready, issued_on=GIVEN_ON)


def _add_past(
    call: AwardCall, users: dict[str, User], schools: dict[str, Institution], officer: User, leader: User
) -> None:
    judge = _judge(call, leader)
    project = db.session.query(Project).filter_by(code=WE_CARE).one()
    for code, category, points in (
        ("utar", EXCELLENCE, (9, 8, 9)),
        ("utar", IMPACT, (10, 9, 9)),
        ("inti", EXCELLENCE, (8, 8, 7)),
        ("inti", INNOVATION, (6, 5, 7)),
    ):
        nomination = _nomination(call, category, schools[code], users[code])
        is_given = code == "utar"
        nomination.state = S.GIVEN if is_given else S.PASSED_OVER
        nomination.project = project if category == IMPACT else None
        nomination.decided_by_id, nomination.decided_by_name = officer.id, officer.name
        nomination.decided_at = moment(call.judged_by + timedelta(days=12))
        nomination.reason = "Most points, and the evidence agrees." if is_given else "Others had more points."
        if is_given:
            nomination.given_on, nomination.given_at_place = GIVEN_ON, PLACE
            nomination.citation = CITATIONS[category]
        db.session.flush()
        _judged(judge, nomination, points)


def _add_present(
    call: AwardCall, users: dict[str, User], schools: dict[str, Institution], leader: User
) -> None:
    judge = _judge(call, leader)
    _judge(call, users["inti"])
    utar, by = schools["utar"], users["utar"]
    first = _nomination(call, INCLUSIVENESS, utar, by)
    lecturer = _nomination(call, EXCELLENCE, utar, by, AffiliationRole.TEACHER)
    student = _nomination(call, INNOVATION, utar, by, AffiliationRole.STUDENT)
    student.state = S.WITHDRAWN
    _nomination(call, INNOVATION, schools["inti"], users["inti"])
    db.session.flush()
    _judged(judge, first, (7, 9, 8))
    lecturer.may_be_named = True


def _call(year: int, opens_on: date, closes_on: date, judged_by: date) -> AwardCall:
    call = AwardCall(year=year, opens_on=opens_on, closes_on=closes_on, judged_by=judged_by)
    call.categories = [
        AwardCategory(position=n, name=name, description=words)
        for n, (name, words) in enumerate(read_categories(CATEGORIES), 1)
    ]
    call.criteria = [
        AwardCriterion(position=n, name=name, most=most)
        for n, (name, most) in enumerate(read_criteria(CRITERIA), 1)
    ]
    db.session.add(call)
    db.session.flush()
    return call


def _nomination(
    call: AwardCall, category: int, school: Institution, by: User, role: AffiliationRole | None = None
) -> Nomination:
    letter = f"%PDF-1.4\n% {school.name}, category {category}, {call.year}\n%%EOF\n".encode()
    key, digest = documents.keep(EVIDENCE, letter, suffix=".pdf")
    kinds = {AffiliationRole.TEACHER: NomineeKind.LECTURER, AffiliationRole.STUDENT: NomineeKind.STUDENT}
    nomination = Nomination(
        call=call,
        category=call.categories[category],
        nominee_kind=kinds[role] if role else NomineeKind.INSTITUTION,
        institution=school,
        person=_first_person(school, role) if role else None,
        case_for=CASES[category],
        nominated_by_id=by.id,
        nominated_by_name=by.name,
        nominated_at=moment(call.opens_on + timedelta(days=9)),
        evidence=[
            NominationEvidence(name="facts.pdf", file_key=key, file_sha256=digest, file_size=len(letter))
        ],
    )
    db.session.add(nomination)
    return nomination


def _judge(call: AwardCall, user: User) -> AwardJudge:
    place = user.institution_id
    judge = AwardJudge(call=call, user=user, institution_id=place, own_institution=place or 0)
    judge.named_at = moment(call.opens_on)
    db.session.add(judge)
    db.session.flush()
    return judge


def _judged(judge: AwardJudge, nomination: Nomination, points: tuple[int, ...]) -> None:
    criteria = zip(nomination.call.criteria, points, strict=True)
    judgement = Judgement(
        nomination_id=nomination.id,
        judge_id=judge.id,
        call_id=judge.call_id,
        judge_institution=judge.own_institution,
        judge_user_id=judge.user_id,
        nominee_institution=nomination.institution_id,
        nominated_by_id=nomination.nominated_by_id,
        judge_name=judge.user.name,
        comment="The numbers agree with the figures of the programme.",
        judged_at=min(moment(judge.call.judged_by), now()),
        scores=[Score(criterion_id=criterion.id, points=given) for criterion, given in criteria],
    )
    db.session.add(judgement)


def _first_person(school: Institution, role: AffiliationRole) -> Person:
    found = (
        db.session.query(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .filter(Affiliation.institution_id == school.id, Affiliation.role == role)
        .order_by(Person.id)
        .first()
    )
    if found is None:
        raise DomainError(f"The demo has nobody in this role at {school.name}.")
    return found


def _school(code: str) -> Institution:
    return db.session.query(Institution).filter_by(code=code).one()


def _users(start: str) -> list[User]:
    return db.session.query(User).filter(User.email.startswith(start)).order_by(User.id).all()
