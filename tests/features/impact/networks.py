"""Random small networks, and the numbers of each as plain Python counts them, without SQL."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.exams.models import Exam, Result, ResultOutcome, Sitting
from gdt.partners.models import Agreement, AgreementKind, Country, Institution, InstitutionKind, Region
from gdt.people.models import Person
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

TODAY = datetime.now(UTC).date()
YEARS = tuple(range(TODAY.year - 3, TODAY.year + 1))
NAMES = ("Nur Aisyah", "สมชาย ใจดี", "Đặng Thị Lan", "Bayarmaa", "محمد خان", "José Mamani", "Ṣàngó")


@dataclass(frozen=True)
class Place:
    code: str
    country: str
    region: str


@dataclass(frozen=True)
class Fact:
    """One thing that happened, as the oracle sees it: whom it counts, when, where, in which modules."""

    key: object
    year: int
    place: Place
    modules: frozenset[str]


@dataclass
class Oracle:
    """Everything that should be counted, by measure."""

    facts: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    headcounts: list[tuple[str, Fact, int, bool]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)

    def count(self, measure, scope):
        """(recorded, verified, claimed) of a measure in a scope given as a dict of choices."""
        facts = [fact for fact in self.facts[measure] if _is_in(fact, scope)]
        if measure == "teachers_certified":
            place = {name: value for name, value in scope.items() if name != "year"}
            every = [fact for fact in self.facts[measure] if _is_in(fact, place)]
            first = {key: min(f.year for f in every if f.key == key) for key in {f.key for f in every}}
            facts = [fact for fact in facts if scope.get("year") in (None, first[fact.key])]
        is_rows = measure in ("completions", "exams_taken", "certificates_issued")
        recorded = len(facts) if is_rows else len({fact.key for fact in facts})
        reported = "students_trained" if measure == "completions" else measure
        mine = [(n, ok) for name, fact, n, ok in self.headcounts if name == reported and _is_in(fact, scope)]
        return recorded, sum(n for n, ok in mine if ok), sum(n for n, ok in mine if not ok)


def _is_in(fact, scope):
    return (
        scope.get("year") in (None, fact.year)
        and scope.get("region") in (None, fact.place.region)
        and scope.get("country") in (None, fact.place.country)
        and scope.get("institution") in (None, fact.place.code)
        and (scope.get("module") is None or scope["module"] in fact.modules)
    )


def random_network(seed):
    """A small network in the database, committed, and its oracle."""
    return _Builder(random.Random(seed)).build()


class _Builder:
    def __init__(self, chance):
        self.chance, self.oracle, self.serial = chance, Oracle(), 0

    def build(self):
        self._lay_out_places()
        self.people = [Person(printed_name=self.chance.choice(NAMES)) for _ in range(12)]
        self.modules = [
            Module(code=c, title=c.title(), hours=8, version="1") for c in ("retail", "logistics", "finance")
        ]
        db.session.add_all([*self.people, *self.modules])
        self.oracle.modules = [module.code for module in self.modules]
        self.courses = [self._course("C1", self.modules[:2]), self._course("C2", self.modules[1:])]
        db.session.flush()
        for _ in range(7):
            self._cohort()
        for _ in range(8):
            self._teacher_certificate()
        self._headcounts()
        db.session.commit()
        return self.oracle

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
                place = Place(code, country, region)
                institution = Institution(
                    code=code,
                    name=f"University {code}",
                    kind=InstitutionKind.UNIVERSITY,
                    country=record,
                    city="Kampar",
                    joined_on=date(2017, 1, 1),
                )
                self.institutions.append((institution, place))
                self.oracle.places.append(place)
                db.session.add(institution)
                if self.chance.random() < 0.7:
                    self._agreement(institution, place)

    def _agreement(self, institution, place):
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
        self._present(place, starts, ends, frozenset())

    def _present(self, place, starts, ends, modules):
        if starts > TODAY:
            return
        for year in range(starts.year, min(ends.year, TODAY.year) + 1):
            for measure, key in (("institutions", place.code), ("countries", place.country)):
                self.oracle.facts[measure].append(Fact(key, year, place, modules))

    def _course(self, code, modules):
        return Course(code=code, title=f"Course {code}", description="-", modules=modules)

    def _day(self):
        return date(self.chance.choice(YEARS), self.chance.randrange(1, 13), self.chance.randrange(1, 29))

    def _cohort(self):
        institution, place = self.chance.choice(self.institutions)
        course = self.chance.choice(self.courses)
        modules = self.chance.sample(course.modules, self.chance.randrange(len(course.modules) + 1))
        codes = frozenset(module.code for module in modules)
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
        self._present(place, cohort.starts_on, cohort.ends_on, codes)
        members = self.chance.sample(self.people, self.chance.randrange(7))
        for person in members:
            self._enrolment(cohort, person, place, codes)
        self._exam(cohort, members, place, codes)

    def _enrolment(self, cohort, person, place, codes):
        done_on = self._day() if self.chance.random() < 0.7 else None
        state = EnrolmentState.COMPLETED if done_on else self.chance.choice(("enrolled", "withdrew"))
        db.session.add(
            Enrolment(cohort=cohort, person=person, state=EnrolmentState(state), completed_on=done_on)
        )
        if done_on is None:
            return
        for measure in ("students_trained", "completions"):
            self.oracle.facts[measure].append(Fact(person.id, done_on.year, place, codes))
        if self.chance.random() < 0.6:
            fact = Fact(person.id, done_on.year, place, codes)
            self._certificate(
                CertificateKind.STUDENT, person, cohort.institution, cohort.course, cohort, done_on, fact
            )

    def _exam(self, cohort, members, place, codes):
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
                self._result(sitting, exam, person, Fact(None, held_on.year, place, codes))

    def _result(self, sitting, exam, person, where):
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
        fact = Fact((exam.id, person.id), where.year, where.place, where.modules)
        if outcome is not ResultOutcome.ABSENT:
            self.oracle.facts["exams_taken"].append(fact)
        if outcome is ResultOutcome.PASSED:
            self.oracle.facts["exams_passed"].append(fact)

    def _teacher_certificate(self):
        institution, place = self.chance.choice(self.institutions)
        course, person, day = self.chance.choice(self.courses), self.chance.choice(self.people), self._day()
        codes = frozenset(module.code for module in course.modules)
        fact = Fact(person.id, day.year, place, codes)
        if self._certificate(CertificateKind.TEACHER, person, institution, course, None, day, fact):
            self.oracle.facts["teachers_certified"].append(fact)

    def _certificate(self, kind, person, institution, course, cohort, day, fact):
        """One thing earned, sometimes replaced later, sometimes revoked; returns whether it counts."""
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
        if not is_revoked:
            self.oracle.facts["certificates_issued"].append(fact)
        return not is_revoked

    def _headcounts(self):
        for measure in HeadcountMeasure:
            for institution, place in self.institutions:
                if self.chance.random() < 0.5:
                    self._headcount(measure, institution, place)

    def _headcount(self, measure, institution, place):
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
        fact = Fact(None, year, place, frozenset({module.code}))
        self.oracle.headcounts.append((measure.value.replace(" ", "_"), fact, people, is_verified))
        if is_verified:
            for name, key in (("institutions", place.code), ("countries", place.country)):
                self.oracle.facts[name].append(Fact(key, year, place, fact.modules))


def scopes_of(oracle):
    """Every single choice, and every pair of a year or a place with a module."""
    places = [{}]
    places += [{"region": name} for name in sorted({place.region for place in oracle.places})]
    places += [{"country": code} for code in sorted({place.country for place in oracle.places})]
    places += [{"institution": place.code} for place in oracle.places]
    for place in places:
        for year in (None, *YEARS):
            for module in (None, *oracle.modules):
                chosen = {"year": year, "module": module, **place}
                yield {name: value for name, value in chosen.items() if value is not None}
