"""Random small networks in the database, with the oracle that knows their numbers."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from gdt.certification.models import Certificate, CertificateKind
from gdt.community.models import Project, ProjectKind
from gdt.community.states import ProjectState
from gdt.database import db
from gdt.exams.models import Exam, Result, ResultOutcome, Sitting
from gdt.impact.genders import CHOICES
from gdt.impact.measures import MEASURES
from gdt.partners.models import Agreement, AgreementKind, Country, Institution, InstitutionKind, Region
from gdt.people.models import Gender, Person
from gdt.training.models import (
    Cohort,
    Course,
    Enrolment,
    EnrolmentState,
    Headcount,
    HeadcountMeasure,
    Mode,
    Module,
)
from tests.features.impact.oracle import Oracle, dumped

TODAY = datetime.now(UTC).date()
YEARS = tuple(range(TODAY.year - 3, TODAY.year + 1))
NAMES = ("Nur Aisyah", "สมชาย ใจดี", "Đặng Thị Lan", "Bayarmaa", "محمد خان", "José Mamani", "Ṣàngó")


def random_network(seed):
    """A small network in the database, committed, and its oracle."""
    Builder(random.Random(seed)).build()
    return present_oracle()


def present_oracle():
    """The oracle of what the database holds now."""
    return Oracle(dumped(db.session, db.metadata.tables), TODAY)


class Builder:
    def __init__(self, chance):
        self.chance, self.serial = chance, 0

    def build(self):
        self._lay_out_places()
        self.people = [
            Person(printed_name=self.chance.choice(NAMES), gender=self.chance.choice((None, *Gender)))
            for _ in range(12)
        ]
        self.modules = [
            Module(code=c, title=c.title(), hours=8, version="1") for c in ("retail", "logistics", "finance")
        ]
        db.session.add_all([*self.people, *self.modules])
        self.courses = [self._course("C1", self.modules[:2]), self._course("C2", self.modules[1:])]
        db.session.flush()
        for _ in range(7):
            self._cohort()
        for _ in range(8):
            self._teacher_certificate()
        self._headcounts()
        for _ in range(6):
            self._project()
        db.session.commit()

    def _lay_out_places(self):
        layout = (("asia", "MY", 2), ("asia", "TH", 1), ("africa", "RW", 2))
        self.institutions = []
        regions = {
            code: Region(code=code, name=code.title(), position=n)
            for n, code in enumerate(("asia", "africa"))
        }
        for region, country, many in layout:
            record = Country(code=country, m49_subregion="035", region=regions[region])
            for n in range(many):
                code = f"{country.lower()}{n}"
                institution = Institution(
                    code=code,
                    name=f"University {code}",
                    kind=InstitutionKind.UNIVERSITY,
                    country=record,
                    city="Kampar",
                    joined_on=date(2017, 1, 1),
                )
                self.institutions.append(institution)
                db.session.add(institution)
                if self.chance.random() < 0.7:
                    self._agreement(institution)

    def _agreement(self, institution):
        starts = self._day()
        ends = starts + timedelta(days=self.chance.randrange(30, 900))
        db.session.add(
            Agreement(
                institution=institution,
                kind=AgreementKind.MEMORANDUM,
                signed_on=starts,
                starts_on=starts,
                ends_on=ends,
                signatories="The Rector",
                teachers_target=5,
                students_target=50,
            )
        )

    def _course(self, code, modules):
        return Course(code=code, title=f"Course {code}", description="-", modules=modules)

    def _project(self):
        """A project in whatever state; what its state asks for stands beside it."""
        self.serial += 1
        state, moment = self.chance.choice(list(ProjectState)), datetime(2026, 1, 1, tzinfo=UTC)
        is_decided = state in (ProjectState.COUNTED, ProjectState.DECLINED)
        db.session.add(
            Project(
                code=f"p{self.serial}",
                institution=self.chance.choice(self.institutions),
                kind=ProjectKind.DIGITAL_VILLAGE,
                title="Village",
                story="-",
                starts_on=self._day(),
                people_helped=self.chance.randrange(90),
                state=state,
                written_by_name="-",
                sent_at=None if state is ProjectState.DRAFT else moment,
                question="?" if state is ProjectState.ASKED_BACK else None,
                reason="No." if state is ProjectState.DECLINED else None,
                decided_at=moment if is_decided else None,
                decided_by_name="-" if is_decided else None,
            )
        )

    def _day(self):
        return date(self.chance.choice(YEARS), self.chance.randrange(1, 13), self.chance.randrange(1, 29))

    def _cohort(self):
        institution = self.chance.choice(self.institutions)
        course = self.chance.choice(self.courses)
        modules = self.chance.sample(course.modules, self.chance.randrange(len(course.modules) + 1))
        starts = self._day()
        self.serial += 1
        cohort = Cohort(
            code=f"c{self.serial}",
            institution=institution,
            course=course,
            modules=modules,
            term="Autumn",
            starts_on=starts,
            ends_on=starts + timedelta(days=60),
            mode=Mode.ONLINE,
            language="en",
        )
        db.session.add(cohort)
        db.session.flush()
        members = self.chance.sample(self.people, self.chance.randrange(7))
        for person in members:
            self._enrolment(cohort, person)
        self._exam(cohort, members)

    def _enrolment(self, cohort, person):
        done_on = self._day() if self.chance.random() < 0.7 else None
        state = EnrolmentState.COMPLETED if done_on else self.chance.choice(("enrolled", "withdrew"))
        db.session.add(
            Enrolment(cohort=cohort, person=person, state=EnrolmentState(state), completed_on=done_on)
        )
        if done_on is not None and self.chance.random() < 0.6:
            self.certificate(
                CertificateKind.STUDENT, person, cohort.institution, cohort.course, cohort, done_on
            )

    def _exam(self, cohort, members):
        exam = db.session.query(Exam).filter_by(course_id=cohort.course_id).first()
        if exam is None:
            exam = Exam(
                code=f"E{cohort.course_id}",
                course=cohort.course,
                title="Exam",
                pass_mark=Decimal(60),
                maximum_mark=Decimal(100),
                attempts_allowed=99,
                resit_after_days=0,
            )
            db.session.add(exam)
            db.session.flush()
        for _ in range(2):
            held_on = self._day()
            if db.session.query(Sitting).filter_by(cohort_id=cohort.id, held_on=held_on).first():
                continue
            self.serial += 1
            sitting = Sitting(
                code=f"s{self.serial}",
                exam_id=exam.id,
                cohort_id=cohort.id,
                course_id=cohort.course_id,
                held_on=held_on,
                platform="paper",
            )
            db.session.add(sitting)
            db.session.flush()
            for person in members:
                self._result(sitting, exam, person)

    def _result(self, sitting, exam, person):
        self.serial += 1
        outcome = self.chance.choice(list(ResultOutcome))
        mark = {"passed": Decimal(70), "failed": Decimal(20), "absent": None}[outcome.value]
        db.session.add(
            Result(
                sitting_id=sitting.id,
                exam_id=exam.id,
                person=person,
                attempt=self.serial,
                mark=mark,
                outcome=outcome,
            )
        )

    def _teacher_certificate(self):
        institution, course = self.chance.choice(self.institutions), self.chance.choice(self.courses)
        self.certificate(
            CertificateKind.TEACHER, self.chance.choice(self.people), institution, course, None, self._day()
        )

    def certificate(self, kind, person, institution, course, cohort, day):
        """One thing earned, sometimes replaced later, sometimes revoked."""
        self.serial += 1
        thing, editions = f"thing-{self.serial}", self.chance.choice((1, 1, 2, 3))
        earlier, is_revoked = None, False
        for edition in range(1, editions + 1):
            is_revoked = self.chance.random() < 0.25
            revoked = {
                "revoked_at": datetime.now(UTC),
                "revoked_reason": "Error",
                "revoked_by_name": "Office",
            }
            self.serial += 1
            certificate = Certificate(
                number=f"GDT-{day.year}-{self.serial:06}",
                code=f"code{self.serial}",
                year=day.year,
                serial=self.serial,
                kind=kind,
                thing_earned=thing,
                edition=edition,
                person=person,
                institution=institution,
                course=course,
                cohort=cohort,
                issued_on=day + timedelta(days=400 * (edition - 1)),
                facts={},
                design="d1",
                file_key="k",
                file_sha256="0" * 64,
                file_size=1,
                replaces=earlier,
                **(revoked if is_revoked else {}),
            )
            db.session.add(certificate)
            db.session.flush()
            earlier = certificate

    def _headcounts(self):
        for measure in HeadcountMeasure:
            for institution in self.institutions:
                if self.chance.random() < 0.5:
                    self._headcount(measure, institution)

    def _headcount(self, measure, institution):
        module, year = self.chance.choice(self.modules), self.chance.choice(YEARS)
        is_verified, people = self.chance.random() < 0.6, self.chance.randrange(1, 90)
        verified = {"verified_at": datetime.now(UTC), "verified_by_name": "Office"} if is_verified else {}
        db.session.add(
            Headcount(
                institution=institution,
                module=module,
                year=year,
                measure=measure,
                people=people,
                evidence="A letter",
                **verified,
            )
        )


def measures_in(scope):
    """The measures that can be asked about in a scope: places have no gender."""
    return [measure for measure in MEASURES if "gender" not in scope or measure.is_of_people]


def scopes_of(oracle):
    """Every single choice, and every pair of a year or a place with a module; some of each gender."""
    places = [{}]
    for name in ("region", "country", "institution"):
        places += [{name: code} for code in sorted({place[name] for place in oracle.place.values()})]
    for place in places:
        for year in (None, *YEARS):
            for module in (None, *sorted(oracle.module.values())):
                chosen = {"year": year, "module": module, **place}
                chosen = {name: value for name, value in chosen.items() if value is not None}
                yield chosen
                if module is None or year is None:
                    yield from ({**chosen, "gender": gender} for gender in CHOICES)
