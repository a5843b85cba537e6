"""What a partner can no longer do in its cohorts once its agreement has ended, and what the office still can."""

from datetime import timedelta

import pytest

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.errors import DomainError
from gdt.exams.recording import Entry, record_marks
from gdt.imports.checking import hand_in
from gdt.people.roster import PersonFacts
from gdt.training.roster_kind import ROSTER
from gdt.training.roster_kind import subject_of as of_cohort
from gdt.training.services import enrol_student
from tests.factories import TODAY, make_agreement, make_cohort, make_exam, make_institution, make_sitting, make_user


@pytest.mark.parametrize(("days_ago", "is_read_only"), [(30, False), (100, True)])
def test_in_grace_cohorts_are_finished_and_afterwards_a_partner_only_reads(app, days_ago, is_read_only):
    school = make_institution(name="Kolej Ipoh")
    make_agreement(school, ends_on=TODAY - timedelta(days=days_ago))
    cohort = make_cohort(institution=school)
    sitting = make_sitting(cohort, make_exam(cohort.course))
    coordinator = make_user(role=Role.COORDINATOR, institution=school)
    facts = PersonFacts(printed_name="Aina", own_number="17")

    def enrol(actor):
        return enrol_student(actor=actor, cohort=cohort, facts=facts)

    def hand_in_a_roster():
        app.test_request_context().push()
        return hand_in(
            actor=coordinator, kind=ROSTER, subject=of_cohort(cohort), filename="a.csv", data=b"Full name\nBen\n"
        )

    deeds = (
        lambda: enrol(coordinator),
        lambda: record_marks(viewer=coordinator, sitting=sitting, entries={0: Entry(mark="")}),
    )
    with app.test_request_context():
        for deed in deeds:
            if is_read_only:
                with pytest.raises(DomainError, match="only be read. Ask the programme office to renew"):
                    deed()
            else:
                deed()
        db.session.rollback()
        enrol(OFFICE)
