"""What a partner can no longer do once its agreement has ended, and what the office still can."""

from datetime import timedelta

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import act_for
from gdt.database import db
from gdt.errors import DomainError
from gdt.exams.recording import record_marks
from gdt.exams.services import schedule_sitting
from gdt.people.services import PersonFacts
from gdt.training.completion import complete_students
from gdt.training.progress_kind import PROGRESS
from gdt.training.roster_kind import ROSTER
from gdt.training.roster_kind import subject_of as of_cohort
from gdt.training.services import enrol_student
from tests.browser import squeezed
from tests.factories import (
    TODAY,
    make_agreement,
    make_cohort,
    make_exam,
    make_institution,
    make_sitting,
    make_user,
)


@pytest.mark.parametrize(("days_ago", "is_read_only"), [(30, False), (100, True)])
def test_in_grace_cohorts_are_finished_and_afterwards_a_partner_only_reads(app, days_ago, is_read_only):
    school = make_institution(name="Kolej Ipoh")
    make_agreement(school, ends_on=TODAY - timedelta(days=days_ago))
    cohort = make_cohort(institution=school)
    exam = make_exam(cohort.course)
    sitting = make_sitting(cohort, exam)
    coordinator = make_user(role=Role.COORDINATOR, institution=school)
    facts = PersonFacts(printed_name="Aina", own_number="17")
    deeds = (
        lambda who: enrol_student(actor=who, cohort=cohort, facts=facts),
        lambda who: complete_students(actor=who, cohort=cohort, completed_on=TODAY),
        lambda who: record_marks(viewer=who, sitting=sitting, entries={}),
        lambda who: schedule_sitting(
            viewer=who, cohort=cohort, exam=exam, held_on=TODAY + timedelta(days=3), platform="paper"
        ),
        lambda who: (act_for(who), ROSTER.refuse_at_all(of_cohort(cohort))),
        lambda who: (act_for(who), PROGRESS.refuse_at_all(of_cohort(cohort))),
    )
    with app.test_request_context():
        for deed in deeds:
            if is_read_only:
                with pytest.raises(DomainError, match="can only be read") as refused:
                    deed(coordinator)
                assert "Ask the programme office to renew it." in refused.value.message
            else:
                deed(coordinator)
            db.session.rollback()
            deed(OFFICE)
            db.session.rollback()


def test_what_would_be_refused_is_not_offered_and_nothing_is_typed_for_nothing(sign_in):
    school = make_institution(code="ipoh", name="Kolej Ipoh")
    make_agreement(school, ends_on=TODAY - timedelta(days=100))
    cohort = make_cohort(institution=school)
    coordinator, officer = sign_in(Role.COORDINATOR, school), sign_in(Role.OFFICER)
    lists = ("/", "/cohorts", "/institutions/ipoh/cohorts")
    assert all("/cohorts/new" not in coordinator.get(path).text for path in lists)
    page = coordinator.get(f"/cohorts/{cohort.code}").text
    assert "everything can only be read" in squeezed(page) and "Upload a roster" not in page
    assert "Upload a roster" in officer.get(f"/cohorts/{cohort.code}").text
    form = f"/cohorts/new?institution=ipoh&course={cohort.course.code}"
    assert coordinator.get(form).status_code == officer.get(form).status_code == 422
    assert "can only be read" in squeezed(coordinator.get(form).text)
    assert coordinator.get(f"/cohorts/{cohort.code}/students/new").status_code == 422
    assert officer.get(f"/cohorts/{cohort.code}/students/new").status_code == 200
    sitting = make_sitting(cohort, make_exam(cohort.course))
    for path in (
        "cohorts/{}/roster",
        "cohorts/{}/progress",
        "institutions/ipoh/teachers/upload",
        "sittings/{}/results",
    ):
        path = path.format(sitting.code if "sittings" in path else cohort.code)
        page = squeezed(coordinator.get(f"/{path}").text)
        assert "can only be read" in page and 'type="file"' not in page
        assert 'type="file"' in officer.get(f"/{path}").text

    make_agreement(school)
    assert all("/cohorts/new" in coordinator.get(path).text for path in lists)
    assert "Upload a roster" in coordinator.get(f"/cohorts/{cohort.code}").text
    assert coordinator.get(form).status_code == 200
