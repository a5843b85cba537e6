"""One factory per model: a believable record, committed, with whatever the test cares about passed in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from gdt.access import Role
from gdt.accounts.models import User
from gdt.accounts.session_models import SignInMethod, Step, UserSession
from gdt.accounts.session_queries import token_hash
from gdt.accounts.token_models import AccessToken, TokenRight
from gdt.accounts.token_texts import new_token
from gdt.community.models import Project, ProjectEvidence, ProjectKind, ProjectPlace
from gdt.database import Model, db
from gdt.events.models import Event
from gdt.events.states import EventState
from gdt.exams.models import Exam, Sitting
from gdt.joining.models import InstitutionApplication
from gdt.partners.contact_models import Contact, Duty
from gdt.partners.models import Agreement, AgreementKind, Country, Institution, InstitutionKind, Region
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.recognition.judging_models import AwardJudge
from gdt.recognition.models import AwardCall, AwardCategory, AwardCriterion, Nomination, NomineeKind
from gdt.training.models import (
    Cohort,
    Course,
    Enrolment,
    Mode,
    Module,
    Qualification,
    TeacherTraining,
    TrainingParticipant,
)

_next = count(1)
TODAY = datetime.now(UTC).date()


def _keep(record: Any) -> Any:
    """Commit a record, leaving its counting to whoever reads or writes next: once, not for every record."""
    db.session.add(record)
    db.session.flush()
    db.session.info.pop("has_begun", None)
    db.session.commit()
    return record


def _first(model: type[Model], **columns: Any) -> Any:
    return db.session.query(model).filter_by(**columns).first()


def make_region(**columns: Any) -> Region:
    return _keep(Region(**{"code": "asia-pacific", "name": "Asia-Pacific", "position": 1} | columns))


def make_country(**columns: Any) -> Country:
    region = columns.pop("region", None) or _first(Region) or make_region()
    return _keep(Country(**{"code": "MY", "m49_subregion": "035", "region": region} | columns))


def make_institution(**columns: Any) -> Institution:
    n = next(_next)
    country = columns.pop("country", None) or _first(Country) or make_country()
    defaults = {
        "code": f"inst{n}",
        "name": f"Institution {n}",
        "kind": InstitutionKind.UNIVERSITY,
        "city": "Kampar",
        "joined_on": date(2017, 3, 1),
    }
    return _keep(Institution(country=country, **defaults | columns))


def make_agreement(institution: Institution, **columns: Any) -> Agreement:
    defaults = {
        "kind": AgreementKind.PROGRAMME_AGREEMENT,
        "signed_on": TODAY - timedelta(days=400),
        "starts_on": TODAY - timedelta(days=400),
        "ends_on": TODAY + timedelta(days=400),
        "signatories": "The Vice-Chancellor",
        "teachers_target": 20,
        "students_target": 400,
    }
    return _keep(Agreement(institution=institution, **defaults | columns))


def make_contact(institution: Institution, **columns: Any) -> Contact:
    n = next(_next)
    defaults = {"name": f"Lead {n}", "duty": Duty.PROGRAMME_LEAD, "email": f"lead{n}@contacts.example"}
    return _keep(Contact(institution=institution, **defaults | {"from_on": date(2020, 1, 1)} | columns))


def make_application(**columns: Any) -> InstitutionApplication:
    n = next(_next)
    country = columns.pop("country", None) or _first(Country) or make_country()
    defaults = {
        "link_key": f"key{n}",
        "name": f"Applicant {n}",
        "kind": InstitutionKind.COLLEGE,
        "city": "Ipoh",
        "teaches": "Two hundred students of trade.",
        "teachers_a_year": 5,
        "students_a_year": 200,
        "module_titles": ["New Retail"],
        "lead_name": "Aina Binti Ahmad",
        "lead_duty": "Dean",
        "lead_email": f"lead{n}@college.example",
    }
    return _keep(InstitutionApplication(country=country, **defaults | columns))


def make_user(**columns: Any) -> User:
    n = next(_next)
    role = columns.pop("role", Role.OFFICER)
    institution = columns.pop("institution", None)
    if role.is_of_one_institution and institution is None:
        institution = make_institution()
    if role.is_of_one_person and "person_id" not in columns:
        person = make_person(printed_name=columns.get("name", f"Teacher {n}"))
        make_affiliation(person, institution, role=AffiliationRole.TEACHER)
        columns["person_id"] = person.id
    defaults = {"email": f"user{n}@gdt.example", "name": f"User {n}"}
    return _keep(User(role=role, institution=institution, **defaults | columns))


def make_session(user: User, **columns: Any) -> str:
    """A browser's session of the user; returns the token for its cookie."""
    token = f"token-{next(_next)}"
    defaults = {
        "method": SignInMethod.PASSWORD,
        "step": Step.DONE,
        "address": "192.0.2.7",
        "browser": "Firefox",
    }
    _keep(UserSession(user=user, token_hash=token_hash(token), **defaults | columns))
    return token


def make_token(user: User, *rights: TokenRight, **columns: Any) -> str:
    """An access token of the user, for everything if no right is named; returns its text."""
    text = new_token()
    defaults = {"name": f"Program {next(_next)}", "expires_at": datetime.now(UTC) + timedelta(days=30)}
    token = AccessToken(user=user, token_hash=token_hash(text), ending=text[-4:], role=user.role)
    token.rights = [right.value for right in rights or TokenRight]
    for name, value in (defaults | columns).items():
        setattr(token, name, value)
    _keep(token)
    return text


def make_person(**columns: Any) -> Person:
    return _keep(Person(**{"printed_name": f"Person {next(_next)}"} | columns))


def make_affiliation(person: Person, institution: Institution, **columns: Any) -> Affiliation:
    defaults = {"role": AffiliationRole.STUDENT, "from_on": date(2026, 1, 1)}
    return _keep(Affiliation(person=person, institution=institution, **defaults | columns))


def make_module(**columns: Any) -> Module:
    n = next(_next)
    return _keep(
        Module(**{"code": f"M{n}", "title": f"Module {n}", "hours": 24, "version": "2023"} | columns)
    )


def make_course(**columns: Any) -> Course:
    n = next(_next)
    modules = columns.pop("modules", None) or [make_module()]
    defaults = {"code": f"C{n}", "title": f"Course {n}", "description": "What it teaches."}
    return _keep(Course(modules=modules, **defaults | columns))


def make_training(**columns: Any) -> TeacherTraining:
    n = next(_next)
    modules = columns.pop("modules", None) or [make_module()]
    defaults = {
        "code": f"tt-{n}",
        "title": f"Training {n}",
        "starts_on": TODAY - timedelta(days=30),
        "ends_on": TODAY - timedelta(days=20),
        "mode": Mode.ONLINE,
        "trainers": "Lin Wei",
    }
    return _keep(TeacherTraining(modules=modules, **defaults | columns))


def make_participant(
    training: TeacherTraining, person: Person, institution: Institution
) -> TrainingParticipant:
    return _keep(TrainingParticipant(training=training, person=person, institution=institution))


def make_qualification(
    person: Person, module: Module, institution: Institution, **columns: Any
) -> Qualification:
    defaults = {"valid_from": TODAY - timedelta(days=365), "valid_until": TODAY + timedelta(days=365)}
    return _keep(Qualification(person=person, module=module, institution=institution, **defaults | columns))


def make_cohort(institution: Institution, **columns: Any) -> Cohort:
    course = columns.pop("course", None) or make_course()
    defaults = {
        "code": f"cohort-{next(_next)}",
        "term": "Autumn 2026",
        "starts_on": TODAY - timedelta(days=90),
        "ends_on": TODAY + timedelta(days=1),
        "mode": Mode.ON_SITE,
        "language": "en",
        "modules": list(course.modules),
    }
    return _keep(Cohort(institution=institution, course=course, **defaults | columns))


def make_enrolment(cohort: Cohort, person: Person, **columns: Any) -> Enrolment:
    return _keep(Enrolment(cohort=cohort, person=person, **columns))


def make_exam(course: Course, **columns: Any) -> Exam:
    defaults = {
        "code": f"EX{next(_next)}",
        "title": f"Exam of {course.title}",
        "pass_mark": Decimal(60),
        "maximum_mark": Decimal(100),
        "attempts_allowed": 3,
        "resit_after_days": 14,
    }
    return _keep(Exam(course=course, **defaults | columns))


def make_sitting(cohort: Cohort, exam: Exam, **columns: Any) -> Sitting:
    defaults = {"code": f"sitting-{next(_next)}", "held_on": TODAY, "platform": "GDT exam platform"}
    record = Sitting(exam_id=exam.id, cohort_id=cohort.id, course_id=cohort.course_id, **defaults | columns)
    return _keep(record)


def make_project(institution: Institution, **columns: Any) -> Project:
    """A draft with a place and evidence, ready to be sent."""
    n = next(_next)
    defaults = {
        "code": f"project-{n}",
        "kind": ProjectKind.COMMUNITY_PROJECT,
        "title": f"Project {n}",
        "story": "Students helped the market to sell online.",
        "starts_on": TODAY - timedelta(days=60),
        "people_taking_part": 40,
        "people_helped": 120,
        "products_helped": 30,
        "may_be_shown": True,
        "written_by_name": "Lee Pei Shan",
    }
    places = [ProjectPlace(name="Kampar", country=institution.country)]
    evidence = [ProjectEvidence(name="letter.pdf", file_key="none.pdf", file_sha256=f"{n}", file_size=9)]
    return _keep(Project(institution=institution, places=places, evidence=evidence, **defaults | columns))


def make_award_call(**columns: Any) -> AwardCall:
    """A year whose nominations are open today."""
    defaults = {
        "year": TODAY.year,
        "opens_on": TODAY - timedelta(days=10),
        "closes_on": TODAY + timedelta(days=10),
        "judged_by": TODAY + timedelta(days=40),
        "categories": [
            AwardCategory(position=1, name="Academic excellence"),
            AwardCategory(position=2, name="Social impact"),
        ],
        "criteria": [
            AwardCriterion(position=1, name="Reach", most=10),
            AwardCriterion(position=2, name="Evidence", most=5),
        ],
    }
    return _keep(AwardCall(**defaults | columns))


def make_nomination(
    call: AwardCall, institution: Institution, nominated_by: User, **columns: Any
) -> Nomination:
    defaults = {
        "category": call.categories[0],
        "nominee_kind": NomineeKind.INSTITUTION,
        "case_for": "What it did.",
        "nominated_by_id": nominated_by.id,
        "nominated_by_name": nominated_by.name,
    }
    return _keep(Nomination(call=call, institution=institution, **defaults | columns))


def make_event(**columns: Any) -> Event:
    """An announced day of a conference, a month from today."""
    n = next(_next)
    starts_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    defaults = {
        "code": f"conference-{n}",
        "title": f"Conference {n}",
        "about": "The year of the network.",
        "mode": Mode.HYBRID,
        "place": "Convention Centre, Singapore",
        "time_zone": "Asia/Singapore",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=8),
        "state": EventState.ANNOUNCED,
    }
    return _keep(Event(**defaults | columns))


def make_judge(call: AwardCall, user: User) -> AwardJudge:
    place = user.institution_id
    return _keep(AwardJudge(call=call, user=user, institution_id=place, own_institution=place or 0))
