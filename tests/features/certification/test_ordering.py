"""The office's pages for issuing: what is ready, why the others are not, and one order per click."""

import pytest

from gdt import jobs
from gdt.access import OFFICE, Role
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.issuing import portions
from gdt.certification.issuing.services import issue_teacher_certificates
from gdt.database import db
from gdt.training.models import Enrolment, EnrolmentState
from tests.browser import submit, token_of
from tests.factories import TODAY, make_course
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    certified_cohort,
    make_ready_cohort,
    make_ready_institution,
    make_teacher,
)


def batches():
    db.session.rollback()
    return db.session.query(CertificateBatch).all()


def ready_path(cohort):
    return f"/certificates/ready/cohorts/{cohort.code}"


def test_nothing_ready_says_how_a_cohort_gets_here(officer):
    assert "No cohort is waiting" in officer.get("/certificates/ready").text


def test_a_cohort_is_listed_until_everyone_is_certified(officer):
    waiting, done = make_ready_cohort(2), certified_cohort(2)
    page = officer.get("/certificates/ready").text
    assert ready_path(waiting) in page
    assert ready_path(done) not in page


def test_cohorts_are_narrowed_to_an_institution(officer):
    first, second = make_ready_cohort(1), make_ready_cohort(1)
    page = officer.get(f"/certificates/ready?institution={first.institution.code}").text
    assert ready_path(first) in page
    assert ready_path(second) not in page


def test_who_is_not_ready_stands_with_the_reason_and_who_can_change_it(officer):
    cohort = make_ready_cohort(1)
    add_student(cohort, printed_name="Not Yet", state=EnrolmentState.ENROLLED)
    page = officer.get(f"{ready_path(cohort)}?show=refused").text
    assert "Not Yet" in page
    assert "Not marked as completed in the cohort." in page
    assert "s coordinator" in page


def test_the_button_says_how_many_and_issues_them(officer):
    cohort = make_ready_cohort(3)
    assert "Issue 3 certificates" in officer.get(ready_path(cohort)).text
    answer = submit(officer, ready_path(cohort), count=3, only="all")
    page = officer.get(answer.location).text
    assert "3 certificates are issued." in page
    assert all(c.number in page for c in all_certificates())


def test_a_double_click_shows_the_same_order(officer):
    cohort = make_ready_cohort(3)
    token = token_of(officer, ready_path(cohort))
    typed = {"csrf_token": token, "count": 3, "only": "all"}
    first = officer.post(ready_path(cohort), data=typed)
    again = officer.post(ready_path(cohort), data=typed | {"count": 0})
    assert first.location == again.location
    assert (len(batches()), len(all_certificates())) == (1, 3)


def test_a_second_click_with_the_old_count_changes_nothing(officer):
    cohort = make_ready_cohort(3)
    token = token_of(officer, ready_path(cohort))
    typed = {"csrf_token": token, "count": 3, "only": "all"}
    first, again = (officer.post(ready_path(cohort), data=typed) for _ in range(2))
    assert again.location == first.location
    assert (len(batches()), len(all_certificates())) == (1, 3)


def test_a_number_that_changed_meanwhile_is_shown_before_anything_is_issued(officer):
    cohort = make_ready_cohort(2)
    answer = submit(officer, ready_path(cohort), count=5, only="all")
    assert answer.status_code == 422
    assert "2 certificates are ready now" in answer.text
    assert all_certificates() == []


def test_only_the_ticked_are_issued(officer):
    cohort = make_ready_cohort(0, names=["Aisyah", "Bao"])
    bao = db.session.query(Enrolment).filter_by(cohort_id=cohort.id).all()[1].person_id
    submit(officer, ready_path(cohort), count=2, only="ticked", person=[str(bao)])
    assert [c.facts["printed_name"] for c in all_certificates()] == ["Bao"]


def test_ticking_nobody_issues_nothing(officer):
    cohort = make_ready_cohort(2)
    answer = submit(officer, ready_path(cohort), count=2, only="ticked")
    assert answer.status_code == 422
    assert "Tick" in answer.text
    assert all_certificates() == []


@pytest.mark.parametrize("typed", [{"count": "many"}, {}, {"count": "1", "only": "ticked", "person": "x"}])
def test_a_tampered_order_is_refused_in_words(officer, typed):
    cohort = make_ready_cohort(1)
    assert submit(officer, ready_path(cohort), **typed).status_code == 422
    assert all_certificates() == []


def test_people_of_another_cohort_cannot_be_slipped_in(officer):
    cohort, other = make_ready_cohort(1), make_ready_cohort(1)
    stranger = db.session.query(Enrolment).filter_by(cohort_id=other.id).one().person_id
    answer = submit(officer, ready_path(cohort), count=1, only="ticked", person=[str(stranger)])
    assert answer.status_code == 422
    assert all_certificates() == []


def test_teachers_of_a_course_are_ordered_for_one_institution(officer):
    cohort, other = make_ready_cohort(0), make_ready_institution()
    make_teacher(other, cohort.course.modules, name="Of Another")
    path = f"/certificates/ready/teachers/{cohort.course.code}"
    assert "Issue 2 certificates" in officer.get(path).text
    narrowed = f"{path}?institution={other.code}"
    assert "Issue 1 certificate" in officer.get(narrowed).text
    answer = submit(officer, narrowed, count=1, only="all")
    assert answer.status_code == 302
    assert [c.facts["printed_name"] for c in all_certificates()] == ["Of Another"]


def test_teachers_are_counted_by_course_on_the_ready_page(officer):
    cohort = make_ready_cohort(0)
    make_course(title="Nobody Teaches This")
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    page = officer.get("/certificates/ready").text
    assert cohort.course.title in page
    assert "Nobody Teaches This" in page


def test_an_order_shows_its_rows_by_state(officer):
    cohort = certified_cohort(2)
    db.session.rollback()
    (batch,) = batches()
    page = officer.get(f"/certificate-batches/{batch.id}?show=issued").text
    assert "Issued" in page and "Student 000" in page
    assert "No rows here" in officer.get(f"/certificate-batches/{batch.id}?show=refused").text
    assert officer.get("/certificate-batches/999999").status_code == 404
    assert cohort.code in page


def test_an_order_at_work_shows_how_far_it_is_after_every_reload(app, officer, monkeypatch):
    cohort = make_ready_cohort(30)
    monkeypatch.setattr(portions, "SIZE", 25)
    monkeypatch.setitem(app.config, "JOBS_MODE", "queue")
    monkeypatch.setattr(jobs, "_enqueue", lambda *arguments: None)
    answer = submit(officer, ready_path(cohort), count=30, only="all")
    assert "Issuing 30 certificates" in officer.get(answer.location).text
    batch_id = batches()[0].id
    db.session.rollback()
    jobs._do_portion("certificate_batches", batch_id)
    assert "25 of 30 done" in officer.get(answer.location).text
    jobs.run_here("certificate_batches", batch_id)
    assert "30 certificates are issued." in officer.get(answer.location).text


def test_only_the_office_orders(sign_in):
    cohort = make_ready_cohort(1)
    coordinator = sign_in(Role.COORDINATOR, institution=cohort.institution)
    for path in (
        "/certificates/ready",
        ready_path(cohort),
        f"/certificates/ready/teachers/{cohort.course.code}",
    ):
        assert coordinator.get(path).status_code == 403


def test_a_long_list_comes_in_pages_of_little_weight(officer):
    cohort = make_ready_cohort(120)
    page = officer.get(ready_path(cohort))
    assert len(page.data) < 20_000
    assert "Student 019" in page.text and "Student 020" not in page.text
    assert "Student 020" in officer.get(f"{ready_path(cohort)}?after=20").text
    assert "Issue 120 certificates" in page.text
