"""A coordinator opens a cohort, corrects it, and records who attended and completed."""

import re
from datetime import date, timedelta

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.errors import DomainError
from gdt.people.models import AffiliationRole
from gdt.training.models import Cohort, Enrolment, EnrolmentState, Mode
from gdt.training.plans import CohortPlan
from gdt.training.services import open_cohort
from tests.browser import counted_queries, submit, token_of
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_course,
    make_enrolment,
    make_institution,
    make_module,
    make_person,
    make_qualification,
)


@pytest.fixture
def utar(app):
    institution = make_institution(code="utar", name="UTAR")
    make_agreement(institution)
    return institution


@pytest.fixture
def course(app):
    return make_course(title="New Retail")


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def make_teacher(institution, module=None, **columns):
    person = make_person(**columns)
    make_affiliation(person, institution, role=AffiliationRole.TEACHER)
    if module is not None:
        make_qualification(person, module, institution)
    return person


def typed(course, teacher, **changes):
    return {
        "modules": course.modules[0].id,
        "teachers": teacher.id,
        "term": "Autumn 2026",
        "starts_on": "2026-09-01",
        "ends_on": "2026-12-18",
        "mode": "on site",
        "language": "en",
    } | changes


def form_of(course, institution):
    return f"/cohorts/new?institution={institution.code}&course={course.code}"


def test_a_coordinator_opens_a_cohort_in_her_institution(coordinator, utar, course):
    teacher = make_teacher(utar, course.modules[0])

    answer = submit(coordinator, form_of(course, utar), **typed(course, teacher))

    assert answer.status_code == 302
    assert answer.location.endswith("/cohorts/utar-2026-001")
    cohort = db.session.query(Cohort).one()
    assert cohort.teachers == [teacher]
    assert db.session.query(AuditEvent).filter_by(action="opened").one().subject_id == cohort.id
    assert "Upload the roster" in coordinator.get(answer.location).text


def test_codes_count_within_the_institution_and_year(coordinator, utar, course):
    teacher = make_teacher(utar, course.modules[0])
    for term in ("One", "Two"):
        submit(coordinator, form_of(course, utar), **typed(course, teacher, term=term))
    later = typed(course, teacher, starts_on="2027-01-10", ends_on="2027-03-01")
    submit(coordinator, form_of(course, utar), **later)

    codes = [cohort.code for cohort in db.session.query(Cohort).order_by(Cohort.id)]
    assert codes == ["utar-2026-001", "utar-2026-002", "utar-2027-001"]


def test_a_double_click_opens_one_cohort(coordinator, utar, course):
    teacher = make_teacher(utar, course.modules[0])
    first = submit(coordinator, form_of(course, utar), **typed(course, teacher))
    second = submit(coordinator, form_of(course, utar), **typed(course, teacher))

    assert first.location == second.location
    assert db.session.query(Cohort).count() == 1


def test_a_cohort_that_ends_before_it_starts_is_refused_at_the_field_and_the_typing_kept(
    coordinator, utar, course
):
    teacher = make_teacher(utar, course.modules[0])
    answer = submit(coordinator, form_of(course, utar), **typed(course, teacher, ends_on="2026-08-01"))

    assert answer.status_code == 422
    assert "ends on 1 Aug 2026, before it starts on 1 Sept 2026" in answer.text.replace("Sep ", "Sept ")
    assert 'id="ends_on-error"' in answer.text
    assert 'value="Autumn 2026"' in answer.text
    assert 'value="2026-08-01"' in answer.text
    assert db.session.query(Cohort).count() == 0


def test_a_teacher_without_a_valid_qualification_is_refused_by_name(coordinator, utar, course):
    module = course.modules[0]
    teacher = make_teacher(utar, printed_name="Ooi Beng")
    make_qualification(teacher, module, utar, valid_from=date(2020, 1, 1), valid_until=date(2022, 12, 31))
    answer = submit(coordinator, form_of(course, utar), **typed(course, teacher))

    assert answer.status_code == 422
    assert f"Ooi Beng has no qualification for {module.title} that is valid on 1 Sep" in answer.text
    assert "teacher training" in answer.text
    assert db.session.query(Cohort).count() == 0


def test_teachers_may_share_the_modules_but_none_stays_without(utar):
    one, two = make_module(title="One"), make_module(title="Two")
    course = make_course(modules=[one, two])
    ann, bea = make_teacher(utar, one), make_teacher(utar, two)
    plan = plan_of(course, ann, bea)
    assert open_cohort(actor=OFFICE, institution_code="utar", course_code=course.code, plan=plan)

    with pytest.raises(DomainError, match="qualification for Two"):
        open_cohort(actor=OFFICE, institution_code="utar", course_code=course.code, plan=plan_of(course, ann))


def plan_of(course, *teachers):
    return CohortPlan(
        module_ids=frozenset(module.id for module in course.modules),
        teacher_ids=frozenset(person.id for person in teachers),
        term="Autumn",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=60),
        mode=Mode.ONLINE,
        language="en",
    )


def test_a_teacher_of_another_institution_is_refused(coordinator, utar, course):
    stranger = make_teacher(make_institution(), course.modules[0])
    answer = submit(coordinator, form_of(course, utar), **typed(course, stranger))
    assert answer.status_code == 422


def test_without_an_agreement_no_cohort_is_opened(sign_in, course):
    lapsed = make_institution(code="old")
    make_agreement(lapsed, signed_on=date(2019, 1, 1), starts_on=date(2019, 1, 1), ends_on=date(2021, 1, 1))
    teacher = make_teacher(lapsed, course.modules[0])
    coordinator, path = sign_in(Role.COORDINATOR, lapsed), form_of(course, lapsed)
    answer = submit(coordinator, path, page="/account/weekly-mail", **typed(course, teacher))

    assert answer.status_code == 422
    assert "its agreement has lapsed" in answer.text
    assert db.session.query(Cohort).count() == 0


def test_a_coordinator_cannot_open_a_cohort_elsewhere(coordinator, course):
    other = make_institution(code="other")
    assert coordinator.get(form_of(course, other)).status_code == 404


def test_a_cohort_is_corrected_and_the_change_stands_in_its_history(coordinator, utar, course):
    teacher = make_teacher(utar, course.modules[0])
    submit(coordinator, form_of(course, utar), **typed(course, teacher))
    answer = submit(coordinator, "/cohorts/utar-2026-001/edit", **typed(course, teacher, term="Spring 2027"))

    assert answer.status_code == 302
    assert db.session.query(Cohort).one().term == "Spring 2027"
    assert "Corrected the cohort" in coordinator.get("/cohorts/utar-2026-001/history").text


def test_the_list_narrows_by_state_course_year_and_words(officer, utar, course):
    running = make_cohort(utar, course=course, term="Autumn 2026")
    ended = make_cohort(
        utar, course=course, term="Spring 2020", starts_on=date(2020, 1, 1), ends_on=date(2020, 3, 1)
    )
    for query, shown, hidden in (
        ("state=ended", ended, running),
        ("state=running", running, ended),
        ("year=2020", ended, running),
        ("q=spring", ended, running),
        (f"q={running.code}", running, ended),
    ):
        page = officer.get(f"/cohorts?{query}").text
        assert f"/cohorts/{shown.code}" in page, query
        assert f'/cohorts/{hidden.code}"' not in page, query


def test_the_list_sorts_and_pages_with_a_constant_number_of_queries(officer, utar, course):
    make_cohort(utar, course=course)
    with counted_queries() as few:
        officer.get("/cohorts?sort=code")
    for _ in range(60):
        make_cohort(utar, course=course)
    with counted_queries() as many:
        page = officer.get("/cohorts?sort=code").text
    assert len(few) == len(many)
    assert "after=" in page


@pytest.fixture
def cohort(utar, course):
    cohort = make_cohort(utar, course=course, ends_on=TODAY)
    for name in ("Aminah", "Bao", "Chanda"):
        make_enrolment(cohort, make_person(printed_name=name))
    return cohort


def lines_of(client, cohort):
    """What the form of the page would send as it stands: fields a<id>, s<id>, w<id>."""
    page = client.get(f"/cohorts/{cohort.code}").text
    sent = dict(re.findall(r'name="(w\d+)"\s+value="([^"]*)"', page))
    sent |= dict(re.findall(r'name="(a\d+)"\s+value="([^"]*)"', page))
    for name, options in re.findall(r'name="(s\d+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r" selected>(\w+)<", options)
        sent[name] = chosen.group(1)
    return sent


def send(client, cohort, **fields):
    token = token_of(client, f"/cohorts/{cohort.code}")
    return client.post(f"/cohorts/{cohort.code}/students", data=fields | {"csrf_token": token})


def test_attendance_and_completion_are_kept(coordinator, cohort):
    aminah = db.session.query(Enrolment).order_by(Enrolment.id).first()
    fields = lines_of(coordinator, cohort) | {
        f"a{aminah.id}": "92",
        f"s{aminah.id}": "completed",
        "completed_on": TODAY.isoformat(),
        "action": "save",
    }
    assert send(coordinator, cohort, **fields).status_code == 302

    db.session.expire_all()
    assert (aminah.state, aminah.attendance_percent, aminah.completed_on) == (
        EnrolmentState.COMPLETED,
        92,
        TODAY,
    )
    others = db.session.query(Enrolment).filter(Enrolment.id != aminah.id)
    assert {e.state for e in others} == {EnrolmentState.ENROLLED}
    assert "Recorded attendance and completion of 1 student" in (
        coordinator.get(f"/cohorts/{cohort.code}/history").text
    )


def test_an_impossible_attendance_is_refused_beside_its_line_and_nothing_kept(coordinator, cohort):
    one, two, _three = [e.id for e in db.session.query(Enrolment).order_by(Enrolment.id)]
    fields = lines_of(coordinator, cohort) | {f"a{one}": "120", f"a{two}": "80", "action": "save"}
    answer = send(coordinator, cohort, **fields)

    assert answer.status_code == 422
    assert "Attendance is a whole number from 0 to 100" in answer.text
    assert f'name="a{two}" value="80"' in " ".join(answer.text.split())
    assert db.session.query(Enrolment).filter(Enrolment.attendance_percent.is_not(None)).count() == 0


def test_completion_before_the_cohort_starts_is_refused(coordinator, cohort):
    fields = lines_of(coordinator, cohort) | {"action": "complete_all", "completed_on": "2019-01-01"}
    answer = send(coordinator, cohort, **fields)
    assert answer.status_code == 422
    assert "completion comes after that" in answer.text
    assert db.session.query(Enrolment).filter_by(state=EnrolmentState.COMPLETED).count() == 0


def test_the_whole_cohort_is_marked_completed_but_not_who_withdrew(coordinator, cohort):
    gone = make_enrolment(cohort, make_person(), state=EnrolmentState.WITHDREW)
    fields = lines_of(coordinator, cohort) | {
        "action": "complete_all",
        "completed_on": TODAY.isoformat(),
    }
    send(coordinator, cohort, **fields)
    send(coordinator, cohort, **fields)

    db.session.expire_all()
    assert db.session.query(Enrolment).filter_by(state=EnrolmentState.COMPLETED).count() == 3
    assert gone.state is EnrolmentState.WITHDREW
    assert db.session.query(AuditEvent).filter_by(action="completed").count() == 1


def test_the_second_tab_is_told_when_a_line_has_changed_meanwhile(coordinator, cohort):
    one = db.session.query(Enrolment).order_by(Enrolment.id).first().id
    second_tab = lines_of(coordinator, cohort)
    send(coordinator, cohort, **lines_of(coordinator, cohort) | {f"a{one}": "70", "action": "save"})
    answer = send(coordinator, cohort, **second_tab | {f"a{one}": "40", "action": "save"})

    assert answer.status_code == 422
    assert "Somebody else has changed this line" in answer.text
    db.session.expire_all()
    assert db.session.get(Enrolment, one).attendance_percent == 70


def test_one_student_is_added_by_hand_and_not_twice(coordinator, cohort):
    student = {"printed_name": "Dara Sok", "own_number": "S-9", "email": "Dara@UTAR.example", "gender": ""}
    path = f"/cohorts/{cohort.code}/students/new"
    assert submit(coordinator, path, **student).status_code == 302
    again = submit(coordinator, path, **student)

    assert again.status_code == 422
    assert "Dara Sok is in this cohort already" in again.text
    assert 'value="S-9"' in again.text
    assert db.session.query(Enrolment).filter_by(cohort_id=cohort.id).count() == 4


def test_a_leader_reads_the_cohort_without_a_form(leader, cohort):
    page = leader.get(f"/cohorts/{cohort.code}").text
    assert "Aminah" in page
    assert 'name="action"' not in page
    assert leader.get(f"/cohorts/{cohort.code}/students").status_code == 403


def test_a_page_of_fifty_students_is_light_and_asks_few_questions(coordinator, cohort):
    for n in range(60):
        make_enrolment(cohort, make_person(printed_name=f"Student {n:02}"))
    with counted_queries() as queries:
        page = coordinator.get(f"/cohorts/{cohort.code}")
    assert len(queries) <= 12
    assert "after=" in page.text
    assert len(coordinator.get(f"/cohorts/{cohort.code}", headers={"Accept-Encoding": "gzip"}).data) < 20_000


def test_students_are_taken_away_as_a_file(coordinator, cohort):
    answer = coordinator.get(f"/cohorts/{cohort.code}/students.csv")
    assert answer.mimetype == "text/csv"
    assert '"Aminah"' in answer.get_data(as_text=True)
