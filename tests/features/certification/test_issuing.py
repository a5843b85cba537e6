"""Issuing: the right people, exactly once, numbered without gaps, whatever happens in the middle."""

import subprocess
from datetime import date, timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from gdt import documents, jobs
from gdt.access import OFFICE
from gdt.audit import AuditEvent
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.drawing import drafting
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.certification.issuing import drawing_ahead, issuing, portions
from gdt.certification.issuing.services import (
    issue_certificate,
    issue_for_cohort,
    issue_teacher_certificates,
    order_batch,
)
from gdt.certification.models import Certificate, CertificateCounter, CertificateKind
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.people.models import Person
from gdt.training.models import Cohort, EnrolmentState, Qualification
from tests.factories import (
    TODAY,
    make_agreement,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_qualification,
    make_sitting,
)
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    give_result,
    make_ready_cohort,
    make_ready_institution,
    make_teacher,
    yesterday,
)


def issue(cohort, issued_on=TODAY):
    db.session.rollback()
    return issue_for_cohort(db.session.merge(cohort), actor=OFFICE, issued_on=issued_on)


def refusals(cohort, issued_on=TODAY):
    return {refusal["person"]: refusal["reason"] for refusal in issue(cohort, issued_on)["refused"]}


def test_a_cohort_is_issued_with_numbers_in_the_order_of_names(app):
    cohort = make_ready_cohort(names=["Charlie", "Aisyah", "Bao"], students=0)
    assert issue(cohort) == {"issued": 3, "already": 0, "refused": []}
    certificates = all_certificates()
    assert [c.number for c in certificates] == [f"GDT-{TODAY.year}-{n:06d}" for n in (1, 2, 3)]
    assert [c.facts["printed_name"] for c in certificates] == ["Aisyah", "Bao", "Charlie"]


def test_what_is_stored_is_the_pdf_whose_hash_is_kept(app):
    issue(make_ready_cohort(1))
    (certificate,) = all_certificates()
    pdf = documents.read(certificate.file_key)
    assert pdf.startswith(b"%PDF")
    assert (sha256(pdf).hexdigest(), len(pdf)) == (certificate.file_sha256, certificate.file_size)
    assert certificate.design == "student-2"


def test_every_printed_fact_is_frozen_with_the_certificate(app):
    cohort = make_ready_cohort(1)
    issue(cohort)
    (certificate,) = all_certificates()
    facts = certificate.facts
    assert facts["achievement"] == cohort.course.title
    assert facts["institution"] == cohort.institution.name
    assert facts["country"] == "Malaysia"
    assert facts["modules"] == [{"title": m.title, "hours": m.hours} for m in cohort.modules]
    assert (facts["mode"], facts["place"]) == ("on site", "Kampar")
    assert facts["verify_url"] == f"{app.config['BASE_URL']}/verify/{certificate.code}"
    assert facts["code"].replace("-", "") == certificate.code


def test_issuing_again_issues_nothing_and_says_so(app):
    cohort = make_ready_cohort(3)
    issue(cohort)
    assert issue(cohort) == {"issued": 0, "already": 3, "refused": []}
    assert len(all_certificates()) == 3


def test_whoever_is_not_ready_is_refused_with_the_reason(app):
    cohort = make_ready_cohort(1)
    add_student(cohort, printed_name="Still Learning", state=EnrolmentState.ENROLLED)
    add_student(cohort, printed_name="Left Early", state=EnrolmentState.WITHDREW)
    outcome = issue(cohort)
    assert outcome["issued"] == 1
    assert outcome["refused"] == [
        {"person": "Left Early", "reason": "Withdrew from the cohort."},
        {"person": "Still Learning", "reason": "Not marked as completed in the cohort."},
    ]


def test_an_exam_of_the_course_must_be_passed(app):
    cohort = make_ready_cohort(0, names=["Passed", "Failed", "Absent"])
    sitting = make_sitting(cohort, make_exam(cohort.course, title="Final exam"))
    people = {f.candidate.printed_name: f.candidate for f in assess_students([cohort.id], TODAY)[cohort.id]}
    for name, mark in (("Passed", 60), ("Failed", 59)):
        give_result(
            sitting,
            db.session.get(Person, people[name].person_id),
            mark,
        )
    assert refusals(cohort) == {
        "Absent": "Has not passed Final exam.",
        "Failed": "Has not passed Final exam.",
    }


@pytest.mark.parametrize(("days_after_the_end", "issued"), [(0, 2), (90, 2), (91, 0)])
def test_after_its_agreement_an_institution_has_ninety_days_of_grace(app, days_after_the_end, issued):
    institution = make_institution()
    end = yesterday(days_after_the_end)
    make_agreement(institution, starts_on=end - timedelta(days=700), ends_on=end)
    cohort = make_ready_cohort(2, institution=institution, starts_on=yesterday(200), ends_on=yesterday(100))
    assert issue(cohort)["issued"] == issued


def test_a_module_needs_a_teacher_qualified_on_the_day_the_cohort_started(app):
    cohort = make_ready_cohort(1)
    late = cohort.starts_on + timedelta(days=1)
    module = cohort.modules[1]
    db.session.query(Qualification).filter_by(module_id=module.id).update({"valid_from": late})
    db.session.commit()
    assert refusals(cohort) == {
        "Student 000": f"No teacher of the cohort was qualified for {module.title} when it started."
    }


def test_a_name_no_font_can_print_is_refused_and_the_character_named(app):
    cohort = make_ready_cohort(1, names=["Aisyah 𐎀"])
    assert refusals(cohort) == {"Aisyah 𐎀": "No font here can print 𐎀 (U+10380) in the name."}
    assert len(all_certificates()) == 1


def test_a_fact_too_long_for_a_certificate_refuses_the_row_and_leaves_no_gap(app):
    cohort = make_ready_cohort(0, names=["A" * 150, "Bao"])
    assert "printed_name has 150 characters" in refusals(cohort)["A" * 150]
    assert [c.serial for c in all_certificates()] == [1]


def test_merged_and_erased_people_are_not_certified(app):
    cohort = make_ready_cohort(2)
    first, second = (f.candidate.person_id for f in assess_students([cohort.id], TODAY)[cohort.id])
    _change_person(first, merged_into_id=make_person().id)
    _change_person(second, erased_at=now())
    assert [text.split()[-1] for text in refusals(cohort).values()] == ["instead.", "request."]


def _change_person(person_id, **columns):
    db.session.query(Person).filter_by(id=person_id).update(columns)
    db.session.commit()


def test_the_same_course_in_another_cohort_is_the_same_thing(app):
    first = make_ready_cohort(1)
    issue(first)
    again = make_ready_cohort(0, institution=first.institution, course=first.course)
    person = all_certificates()[0].person
    _enrol(again, person)
    assert issue(again) == {"issued": 0, "already": 1, "refused": []}


def _enrol(cohort, person):
    make_enrolment(cohort, person, state=EnrolmentState.COMPLETED, completed_on=TODAY)


def test_a_year_has_its_own_numbers(app):
    institution = make_institution()
    make_agreement(institution, starts_on=date(2020, 1, 1))
    terms = {"valid_from": date(2020, 1, 1)}
    cohort = make_ready_cohort(2, institution=institution, starts_on=yesterday(100))
    last, this = TODAY.year - 1, TODAY.year
    assert issue(cohort, date(last, 12, 31))["issued"] == 2
    course = cohort.course
    make_teacher(institution, course.modules, **terms)
    outcome = issue_teacher_certificates(course, actor=OFFICE, issued_on=date(this, 1, 1))
    assert outcome["issued"] == 2
    assert [c.number for c in all_certificates()] == [
        f"GDT-{last}-000001",
        f"GDT-{last}-000002",
        f"GDT-{this}-000001",
        f"GDT-{this}-000002",
    ]


def test_a_teacher_is_certified_until_her_earliest_qualification_ends(app):
    institution = make_ready_institution()
    cohort = make_ready_cohort(0, institution=institution)
    teacher = db.session.merge(cohort).teachers[0]
    soonest = TODAY + timedelta(days=30)
    db.session.query(Qualification).filter_by(module_id=cohort.modules[0].id).update({"valid_until": soonest})
    db.session.commit()
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    (certificate,) = all_certificates()
    assert (certificate.kind, certificate.person_id) == (CertificateKind.TEACHER, teacher.id)
    assert certificate.valid_until == soonest
    assert certificate.facts["valid_until"] == soonest.isoformat()


def test_a_renewed_qualification_is_a_new_thing_and_the_same_one_is_not(app):
    cohort = make_ready_cohort(0)
    course, teacher = cohort.course, cohort.teachers[0]
    issue_teacher_certificates(course, actor=OFFICE, issued_on=TODAY)
    assert issue_teacher_certificates(course, actor=OFFICE, issued_on=TODAY)["already"] == 1
    for module in course.modules:
        make_qualification(
            teacher, module, cohort.institution, valid_from=TODAY, valid_until=TODAY + timedelta(days=999)
        )
    assert issue_teacher_certificates(course, actor=OFFICE, issued_on=TODAY)["issued"] == 1


def test_a_teacher_without_one_of_the_modules_is_refused(app):
    cohort = make_ready_cohort(0)
    make_teacher(cohort.institution, cohort.course.modules[:1], name="Half Way")
    outcome = issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    missing = cohort.course.modules[1].title
    assert outcome["refused"] == [
        {"person": "Half Way", "reason": f"Has no valid qualification for {missing}."}
    ]


def test_teachers_of_one_institution_alone_are_issued_when_asked(app):
    cohort, other = make_ready_cohort(0), make_ready_institution()
    make_teacher(other, cohort.course.modules, name="Of Another")
    outcome = issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY, institution=other)
    assert outcome["issued"] == 1
    assert all_certificates()[0].facts["printed_name"] == "Of Another"


def test_a_certificate_is_not_issued_on_a_day_to_come(app):
    cohort = make_ready_cohort(1)
    with pytest.raises(DomainError, match="a day to come"):
        issue(cohort, TODAY + timedelta(days=1))


def order(cohort, **wishes):
    with unit_of_work():
        return order_batch(actor=OFFICE, cohort=db.session.merge(cohort), issued_on=TODAY, **wishes).id


def test_ordering_twice_is_ordering_once(app):
    cohort = make_ready_cohort(3)
    assert order(cohort) == order(cohort)
    assert len(all_certificates()) == 3


def test_ordering_while_the_first_order_is_at_work_shows_that_one(app):
    cohort = make_ready_cohort(3)
    started = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "JOBS_MODE", "queue")
        patch.setattr(jobs, "_enqueue", lambda name, record_id, *rest: started.append(record_id))
        assert order(cohort) == order(cohort)
    assert len(started) == 1


def test_ordering_when_nobody_is_ready_says_what_to_do(app):
    cohort = make_ready_cohort(0)
    with pytest.raises(DomainError, match="Nobody here is ready"):
        order(cohort)


def test_one_person_is_issued_alone(app):
    cohort = make_ready_cohort(3)
    chosen = assess_students([cohort.id], TODAY)[cohort.id][1].candidate
    db.session.rollback()
    with unit_of_work():
        issue_certificate(actor=OFFICE, cohort=cohort, person_id=chosen.person_id, issued_on=TODAY)
    assert [c.person_id for c in all_certificates()] == [chosen.person_id]


def test_a_batch_says_what_became_of_each_row_and_who_ordered_it(app):
    cohort = make_ready_cohort(2)
    batch = db.session.get(CertificateBatch, order(cohort))
    assert (batch.job_state, batch.job_done, batch.job_total) == (JobState.DONE, 2, 2)
    rows = db.session.scalars(select(CertificateBatchRow)).all()
    assert {row.state for row in rows} == {BatchRowState.ISSUED}
    assert [row.certificate.person_id for row in rows] == [row.person_id for row in rows]
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["ordered", "issued", "issued"]


def test_eight_workers_at_once_issue_each_thing_exactly_once(app):
    cohort_id = make_ready_cohort(40).id
    db.session.remove()
    barrier, outcomes, errors = Barrier(8), [], []

    def worker():
        with app.app_context():
            try:
                barrier.wait()
                with unit_of_work():
                    cohort = db.session.get(Cohort, cohort_id)
                outcomes.append(issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY))
            except Exception as error:
                errors.append(error)

    _run_at_once(worker, 8)
    assert errors == []
    assert sum(outcome["issued"] for outcome in outcomes) == 40
    assert all(outcome["issued"] + outcome["already"] == 40 for outcome in outcomes)
    certificates = all_certificates()
    assert [c.serial for c in certificates] == list(range(1, 41))
    assert len({c.person_id for c in certificates}) == 40


def _run_at_once(worker, count):
    threads = [Thread(target=worker) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_eight_workers_on_one_batch_do_it_once(app):
    batch_id = order_only(app, make_ready_cohort(40))
    _run_at_once(lambda: jobs.run_here("certificate_batches", batch_id), 8)
    assert [c.serial for c in all_certificates()] == list(range(1, 41))
    batch = db.session.get(CertificateBatch, batch_id)
    assert (batch.job_state, batch.job_done) == (JobState.DONE, 40)


def test_a_job_run_again_changes_nothing(app):
    batch_id = order(make_ready_cohort(3))
    before = [(c.number, c.file_sha256) for c in all_certificates()]
    db.session.remove()
    jobs.run_here("certificate_batches", batch_id)
    assert [(c.number, c.file_sha256) for c in all_certificates()] == before


def test_a_crash_in_the_middle_of_a_portion_leaves_nothing_torn(app, monkeypatch):
    cohort = make_ready_cohort(30)
    keep, kept = documents.keep, []

    def crash_at_the_28th(folder, content, *, suffix):
        kept.append(content)
        if len(kept) == 28:
            raise MemoryError
        return keep(folder, content, suffix=suffix)

    monkeypatch.setattr(portions, "SIZE", 25)
    monkeypatch.setattr(documents, "keep", crash_at_the_28th)
    app.logger.disabled = True
    with pytest.raises(DomainError, match="What was done so far is kept"):
        issue(cohort)
    app.logger.disabled = False
    assert [c.serial for c in all_certificates()] == list(range(1, 26))
    assert db.session.scalar(select(CertificateCounter.last_serial)) == 25
    states = dict(
        db.session.execute(
            select(CertificateBatchRow.state, func.count()).group_by(CertificateBatchRow.state)
        ).all()
    )
    assert states == {BatchRowState.ISSUED: 25, BatchRowState.WAITING: 5}
    monkeypatch.undo()
    assert issue(cohort) == {"issued": 5, "already": 25, "refused": []}
    assert [c.serial for c in all_certificates()] == list(range(1, 31))


def test_certificates_are_drawn_before_the_lock_and_once(app, monkeypatch):
    cohort, drawn = make_ready_cohort(5), []
    draw = drafting.draw

    def note(content, *signing):
        drawn.append(content.number)
        return draw(content, *signing)

    monkeypatch.setattr(drafting, "draw", note)
    batch_id = order_only(app, cohort)
    drafts = drawing_ahead.draw_drafts(batch_id)
    assert len(drafts) == len(drawn) == 5
    with unit_of_work():
        issuing.issue_portion(db.session.get(CertificateBatch, batch_id), drafts)
    assert len(drawn) == 5
    assert [c.number for c in all_certificates()] == drawn


def test_a_forecast_that_did_not_come_true_is_drawn_again(app):
    cohort, other = make_ready_cohort(3), make_ready_cohort(2)
    batch_id = order_only(app, cohort)
    drafts = drawing_ahead.draw_drafts(batch_id)
    issue(other)
    renamed = db.session.get(CertificateBatchRow, next(iter(drafts))).person_id
    _change_person(renamed, printed_name="Renamed meanwhile")
    db.session.remove()
    with unit_of_work():
        issuing.issue_portion(db.session.get(CertificateBatch, batch_id), drafts)
    certificates = all_certificates()
    assert [c.serial for c in certificates] == [1, 2, 3, 4, 5]
    by_person = {c.person_id: c for c in certificates}
    assert by_person[renamed].facts["printed_name"] == "Renamed meanwhile"
    for certificate in certificates:
        pdf = documents.read(certificate.file_key)
        assert sha256(pdf).hexdigest() == certificate.file_sha256
        assert certificate.number in _title_of(pdf)


def _title_of(pdf):
    answer = subprocess.run(["pdfinfo", "-"], input=pdf, check=True, capture_output=True)
    return next(
        line.split(":", 1)[1].strip() for line in answer.stdout.decode().splitlines() if "Title" in line
    )


def order_only(app, cohort):
    """Order and leave the work undone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "JOBS_MODE", "queue")
        patch.setattr(jobs, "_enqueue", lambda *arguments: None)
        batch_id = order(cohort)
    db.session.remove()
    return batch_id


def test_eligibility_takes_the_same_number_of_queries_for_few_and_many(app):
    few, many = make_ready_cohort(1), make_ready_cohort(20)
    course_ids = [few.course_id, many.course_id]
    cohort_ids = [few.id, many.id]
    assert _queries(lambda: assess_students(cohort_ids[:1], TODAY)) == _queries(
        lambda: assess_students(cohort_ids, TODAY)
    )
    assert _queries(lambda: assess_teachers(course_ids[:1], TODAY)) == _queries(
        lambda: assess_teachers(course_ids, TODAY)
    )


def _queries(action):
    said = []

    def note(*arguments):
        said.append(arguments[2])

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(said)


def test_the_database_refuses_a_second_certificate_for_a_thing(app):
    issue(make_ready_cohort(1))
    (first,) = all_certificates()
    copied = {
        column.key: getattr(first, column.key)
        for column in Certificate.__table__.columns
        if column.key not in ("id", "number", "code", "serial")
    }
    db.session.add(Certificate(number="GDT-2026-000999", code="X", serial=999, **copied))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
