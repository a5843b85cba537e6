"""What may happen to a network after it was counted: every kind of change, by every way there is."""

import random
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.partners.models import Agreement, Country, Institution, Region
from gdt.people.models import Gender, Person
from gdt.training.models import (
    Cohort,
    CohortModule,
    CourseModule,
    Enrolment,
    EnrolmentState,
    Headcount,
    Module,
)
from tests.features.impact.networks import TODAY, YEARS, Builder

EDGES = [date(year, *edge) for year in YEARS for edge in ((1, 1), (12, 31))]


class History:
    """Random changes to a random network, some through records, some through statements of many rows."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.network = Builder(self.chance)
        self.network.build()
        self.changes = sorted(name for name in dir(self) if name.startswith("then_"))

    def go_on(self, many):
        """So many transactions of one to three changes, a few of them rolled back."""
        for _ in range(many):
            for _ in range(self.chance.randrange(1, 4)):
                getattr(self, self.chance.choice(self.changes))()
                db.session.flush()
            if self.chance.random() < 0.15:
                db.session.rollback()
            else:
                db.session.commit()

    def any(self, model, *conditions):
        found = db.session.scalars(select(model).where(*conditions).order_by(model.id)).all()
        return self.chance.choice(found) if found else None

    def day(self):
        edges = [day for day in EDGES if day <= TODAY]
        return (
            self.chance.choice(edges)
            if self.chance.random() < 0.5
            else TODAY - timedelta(self.chance.randrange(1200))
        )

    def then_an_enrolment_is_completed_or_taken_back(self):
        enrolment = self.any(Enrolment)
        if enrolment is not None:
            done = self.chance.random() < 0.7
            enrolment.completed_on = self.day() if done else None
            enrolment.state = EnrolmentState.COMPLETED if done else EnrolmentState.WITHDREW

    def then_a_whole_cohort_completes(self):
        values = {"state": EnrolmentState.COMPLETED, "completed_on": self.day()}
        cohort = self.any(Cohort)
        db.session.execute(update(Enrolment).where(Enrolment.cohort_id == cohort.id).values(**values))

    def then_a_roster_comes_with_days_of_completion(self):
        cohort, fresh = self.any(Cohort), [Person(printed_name="Ayu") for _ in range(3)]
        db.session.add_all(fresh)
        db.session.flush()
        day = self.day()
        rows = [
            {
                "cohort_id": cohort.id,
                "person_id": p.id,
                "state": EnrolmentState.COMPLETED,
                "completed_on": day,
            }
            for p in fresh
        ]
        db.session.execute(insert(Enrolment), rows)

    def then_an_enrolment_is_deleted(self):
        enrolment = self.any(Enrolment)
        if enrolment is not None:
            db.session.execute(delete(Enrolment).where(Enrolment.id == enrolment.id))

    def then_a_result_is_corrected(self):
        result = self.any(Result)
        if result is not None:
            result.outcome = self.chance.choice(list(ResultOutcome))
            result.mark = None if result.outcome is ResultOutcome.ABSENT else 50

    def then_results_are_deleted(self):
        sitting = self.any(Sitting)
        if sitting is not None and self.chance.random() < 0.3:
            db.session.execute(delete(Result).where(Result.sitting_id == sitting.id))

    def then_a_sitting_is_held_on_another_day(self):
        sitting = self.any(Sitting)
        if sitting is not None:
            day = self.day()
            taken = select(Sitting.id).where(Sitting.cohort_id == sitting.cohort_id, Sitting.held_on == day)
            sitting.held_on = sitting.held_on if db.session.scalar(taken) else day

    def then_a_certificate_is_revoked(self):
        certificate = self.any(Certificate, Certificate.revoked_at.is_(None))
        if certificate is not None:
            certificate.revoked_at = datetime.now(UTC)
            certificate.revoked_reason, certificate.revoked_by_name = "Error", "Office"

    def then_a_certificate_is_replaced(self):
        replaced = select(Certificate.replaces_id).where(Certificate.replaces_id.is_not(None))
        old = self.any(Certificate, Certificate.id.not_in(replaced))
        if old is not None:
            number = 900_000 + old.id
            columns = ("kind", "thing_earned", "person_id", "institution_id", "course_id", "cohort_id")
            new = {name: getattr(old, name) for name in columns} | {"issued_on": self.day()}
            paper = {"facts": {}, "design": "d1", "file_key": "k", "file_sha256": "0" * 64, "file_size": 1}
            name = {"number": f"R{number}", "code": f"r{number}", "year": 1900, "serial": number}
            db.session.add(Certificate(**new, **paper, **name, edition=old.edition + 1, replaces_id=old.id))

    def then_certificates_are_issued(self):
        chance, network = self.chance, self.network
        institution, course = chance.choice(network.institutions), chance.choice(network.courses)
        kind = chance.choice((CertificateKind.TEACHER, CertificateKind.PARTNER))
        person = None if kind is CertificateKind.PARTNER else chance.choice(network.people)
        network.certificate(kind, person, institution, course, None, self.day())

    def then_a_headcount_changes(self):
        headcount = self.any(Headcount)
        if headcount is not None:
            headcount.people = self.chance.randrange(1, 50)
            is_verified = headcount.verified_at is not None
            headcount.verified_at = None if is_verified else datetime.now(UTC)
            headcount.verified_by_name = None if is_verified else "Office"

    def then_two_records_are_merged(self):
        first = self.any(Person, Person.merged_into_id.is_(None))
        second = self.any(Person, Person.merged_into_id.is_(None), Person.id != first.id)
        theirs = select(Enrolment.cohort_id).where(Enrolment.person_id == second.id)
        moving = [Enrolment.person_id == first.id, Enrolment.cohort_id.not_in(theirs)]
        if self.chance.random() < 0.7:
            ids = db.session.scalars(select(Enrolment.id).where(*moving)).all()
            db.session.execute(update(Enrolment).where(Enrolment.id.in_(ids)).values(person_id=second.id))
            mine = Certificate.person_id == first.id
            db.session.execute(update(Certificate).where(mine).values(person_id=second.id))
        first.merged_into_id = second.id

    def then_a_merger_is_undone(self):
        person = self.any(Person, Person.merged_into_id.is_not(None))
        if person is not None:
            person.merged_into_id = None

    def then_somebody_says_her_gender_or_takes_it_back(self):
        self.any(Person).gender = self.chance.choice((None, *Gender))

    def then_everybody_of_a_name_is_of_one_gender(self):
        name = self.any(Person).printed_name
        db.session.execute(
            update(Person).where(Person.printed_name == name).values(gender=self.chance.choice(list(Gender)))
        )

    def then_an_institution_moves(self):
        self.any(Institution).country_id = self.any(Country).id

    def then_a_country_changes_its_region(self):
        self.any(Country).region_id = self.any(Region).id

    def then_a_cohort_is_given_to_another_institution(self):
        cohort = self.any(Cohort)
        cohort.institution_id = self.any(Institution).id
        cohort.starts_on = self.day()
        cohort.ends_on = cohort.starts_on + timedelta(self.chance.randrange(400))

    def then_a_module_comes_or_goes(self):
        model, owner = (CohortModule, Cohort) if self.chance.random() < 0.5 else (CourseModule, None)
        owner_id = self.any(owner).id if owner else self.chance.choice(self.network.courses).id
        name = "cohort_id" if owner else "course_id"
        module_id = self.any(Module).id
        here = [getattr(model, name) == owner_id, model.module_id == module_id]
        if not db.session.execute(delete(model).where(*here)).rowcount:
            db.session.execute(insert(model), [{name: owner_id, "module_id": module_id}])
        db.session.expire_all()

    def then_an_agreement_ends_earlier(self):
        agreement = self.any(Agreement)
        if agreement is not None:
            agreement.ends_on = agreement.starts_on + timedelta(self.chance.randrange(300))
