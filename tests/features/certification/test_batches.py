"""Batches over many cohorts: seen whole before anything is issued, paused, cancelled, and never beyond it."""

import csv
import io
import re
import subprocess

import pytest
from sqlalchemy.exc import IntegrityError

from gdt import jobs
from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.certification.archives.models import CertificateArchive
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import BatchStage
from gdt.certification.eligibility.rules import Rule
from gdt.certification.issuing import portions, preparing
from gdt.database import db
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from tests.browser import counted_queries, submit, token_of
from tests.factories import TODAY, make_country, make_enrolment, make_institution
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    make_ready_cohort,
    make_ready_institution,
)

READY = "/certificates/ready"


@pytest.fixture
def waiting(app, monkeypatch):
    """Work is queued, and left to the test to do."""
    monkeypatch.setitem(app.config, "JOBS_MODE", "queue")
    monkeypatch.setattr(jobs, "_enqueue", lambda *arguments: None)
    monkeypatch.setattr(portions, "SIZE", 4)


def work(batch):
    """The next portion of a batch, as a worker does it."""
    db.session.remove()
    return jobs._do_portion("certificate_batches", batch.id)


def the_batch():
    db.session.rollback()
    return db.session.query(CertificateBatch).order_by(CertificateBatch.id.desc()).first()


def rows(state=None):
    db.session.rollback()
    found = db.session.query(CertificateBatchRow).order_by(CertificateBatchRow.position).all()
    return [row for row in found if state in (None, row.state)]


def check(client, *, query="", **choice):
    cohorts = choice.pop("count", None)
    return submit(client, READY + query, only="all" if not choice else "ticked", count=cohorts or 0, **choice)


def checked(client, cohorts):
    """The address of a batch over so many cohorts, checked."""
    answer = check(client, count=cohorts)
    assert answer.status_code == 302
    return answer.location


def issue(client, path, number):
    return submit(client, f"{path}/issue", confirm_word=str(number))


def test_everyone_of_many_cohorts_is_checked_before_anything_is_issued(officer):
    first = make_ready_cohort(3)
    second = make_ready_cohort(2, names=["Aisyah 𐎀"])
    add_student(second, printed_name="Still Learning", state=EnrolmentState.ENROLLED)
    path = checked(officer, 2)
    page = officer.get(path).text
    assert "5 certificates can be issued" in page and "Issue 5 certificates" in page
    assert all_certificates() == []
    assert [row.state for row in rows()].count(BatchRowState.REFUSED) == 2
    assert {row.rule for row in rows(BatchRowState.REFUSED)} == {Rule.NAME, Rule.COMPLETED}
    refused = officer.get(f"{path}?show=refused").text
    assert "No font here can print 𐎀" in refused and "Not marked as completed" in refused
    assert f'href="/cohorts/{second.code}"' in refused, "a refusal leads to where it can be changed"
    assert "the institution&#39;s coordinator" in refused
    assert first.code not in refused


def test_a_checked_batch_issues_what_was_seen_as_one_batch(officer):
    for _ in range(3):
        make_ready_cohort(2)
    path = checked(officer, 3)
    assert issue(officer, path, 6).location == path
    assert "6 certificates are issued." in officer.get(path).text
    assert [c.serial for c in all_certificates()] == [1, 2, 3, 4, 5, 6]
    assert len({c.cohort_id for c in all_certificates()}) == 3
    assert {row.state for row in rows()} == {BatchRowState.ISSUED}
    assert the_batch().stage is BatchStage.ISSUED


def test_another_number_than_the_one_that_is_ready_issues_nothing(officer):
    make_ready_cohort(3)
    path = checked(officer, 1)
    answer = issue(officer, path, 4)
    assert answer.status_code == 422 and "Type the number 3" in answer.text
    assert all_certificates() == []


def test_whoever_is_not_ready_any_more_is_left_out_and_whoever_came_later_stays_out(officer, waiting):
    cohort_id = make_ready_cohort(3).id
    path = checked(officer, 1)
    work(the_batch())
    issue(officer, path, 3)
    gone = db.session.query(Enrolment).filter_by(cohort_id=cohort_id).first()
    gone.state, gone.completed_on = EnrolmentState.WITHDREW, None
    db.session.commit()
    add_student(db.session.get(Cohort, cohort_id), printed_name="Came Later")
    while not work(the_batch()):
        pass
    names = [c.facts["printed_name"] for c in all_certificates()]
    assert len(names) == 2 and "Came Later" not in names
    (row,) = rows(BatchRowState.REFUSED)
    assert (row.rule, row.reason) == (Rule.COMPLETED, "Withdrew from the cohort.")


def test_a_person_ready_in_one_of_two_cohorts_stands_once_and_is_ready(officer):
    first = make_ready_cohort(0)
    second = make_ready_cohort(1, institution=first.institution, course=first.course)
    person = db.session.query(Enrolment).filter_by(cohort_id=second.id).one().person
    make_enrolment(first, person, state=EnrolmentState.ENROLLED)
    add_student(first)
    checked(officer, 2)
    mine = [row for row in rows() if row.person_id == person.id]
    assert [(row.state, row.cohort_id) for row in mine] == [(BatchRowState.WAITING, second.id)]


@pytest.mark.parametrize("narrowed", ["institution", "country", "term", "course"])
def test_cohorts_are_chosen_by_institution_country_term_or_course(officer, narrowed):
    there = make_ready_institution(country=make_country(code="TH"))
    mine = make_ready_cohort(1, institution=there, term="Spring 2026")
    make_ready_cohort(1, institution=make_ready_institution(country=make_country(code="MY")))
    value = {
        "institution": there.code,
        "country": "TH",
        "term": "Spring 2026",
        "course": mine.course.code,
    }[narrowed]
    query = f"?{narrowed}={value}"
    page = officer.get(READY + query).text
    assert "Check 1 cohort" in page and mine.code in page
    answer = check(officer, query=query, count=1)
    assert answer.status_code == 302
    assert {row.cohort_id for row in rows()} == {mine.id}


def test_ticked_cohorts_alone_are_checked(officer):
    mine, _other = make_ready_cohort(1), make_ready_cohort(1)
    assert check(officer, cohort=[str(mine.id)]).status_code == 302
    assert {row.cohort_id for row in rows()} == {mine.id}


@pytest.mark.parametrize("choice", [{"count": 5}, {"cohort": ["999"]}, {"cohort": []}, {"cohort": ["x"]}])
def test_a_choice_that_is_not_the_list_checks_nothing(officer, choice):
    make_ready_cohort(1)
    assert check(officer, **choice).status_code == 422
    assert db.session.query(CertificateBatch).count() == 0


def test_the_rows_are_found_narrowed_and_taken_away(officer):
    cohort = make_ready_cohort(1, names=["Nguyễn Văn An", "=cmd()"])
    add_student(cohort, printed_name="Left Early", state=EnrolmentState.WITHDREW)
    path = checked(officer, 1)
    assert "Nguyễn" in officer.get(f"{path}?q=nguyễn").text
    assert "Left Early" not in officer.get(f"{path}?q=nguyễn").text
    assert "Left Early" in officer.get(f"{path}?rule=completed").text
    assert "Not completed" in officer.get(path).text
    everyone = list(csv.reader(io.StringIO(officer.get(f"{path}/rows.csv").text.lstrip("\ufeff"))))
    refused = list(
        csv.reader(io.StringIO(officer.get(f"{path}/rows.csv?show=refused").text.lstrip("\ufeff")))
    )
    assert (len(everyone), len(refused)) == (5, 2)
    assert refused[1][0] == "Left Early"
    assert refused[1][5:7] == ["Withdrew from the cohort.", "the institution's coordinator"]
    assert not any(cell.startswith("=") for line in everyone for cell in line)


def test_checking_many_cohorts_asks_a_constant_number_of_questions(officer, waiting):
    asked = []
    for cohorts in (2, 9):
        chosen = [make_ready_cohort(1).id for _ in range(cohorts)]
        check(officer, cohort=[str(key) for key in chosen])
        batch = the_batch()
        db.session.remove()
        with counted_queries() as sent:
            jobs._do_portion("certificate_batches", batch.id)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_the_page_asks_a_constant_number_of_questions_and_stays_light(officer):
    weights, asked = [], []
    for students in (2, 60):
        make_ready_cohort(students)
        path = checked(officer, len(asked) + 1)
        with counted_queries() as sent:
            weights.append(len(officer.get(path).data))
        asked.append(len(sent))
    assert asked[0] == asked[1]
    assert max(weights) < 20_000


def test_checking_goes_on_portion_by_portion_and_a_reload_tells_how_far(officer, waiting, monkeypatch):
    monkeypatch.setattr(preparing, "AT_ONCE", 2)
    for _ in range(3):
        make_ready_cohort(1)
    path = checked(officer, 3)
    assert "Waiting for its turn" in officer.get(path).text
    assert work(the_batch()) is False
    assert "2 of 3 done" in officer.get(path).text
    assert work(the_batch()) is True
    assert "3 certificates can be issued" in officer.get(path).text


def test_a_paused_batch_issues_nothing_until_somebody_lets_it_go_on(officer, waiting):
    make_ready_cohort(10)
    path = checked(officer, 1)
    work(the_batch())
    issue(officer, path, 10)
    assert work(the_batch()) is False
    assert "4 of 10 done" in officer.get(path).text
    submit(officer, f"{path}/pause", page=path)
    run = the_batch().job_run
    assert "6 certificates still wait" in officer.get(path).text
    assert work(the_batch()) is True, "the worker leaves it"
    assert len(all_certificates()) == 4
    db.session.remove()
    jobs.take_up_forgotten()
    submit(officer, f"{path}/continue", page=path)
    assert the_batch().job_run == run + 1, "a new run, so that the queue takes it again"
    while not work(the_batch()):
        pass
    assert [c.serial for c in all_certificates()] == list(range(1, 11))
    assert the_batch().stage is BatchStage.ISSUED


def test_a_worker_takes_up_what_is_at_work_and_leaves_what_rests(officer, waiting, monkeypatch):
    make_ready_cohort(6)
    path = checked(officer, 1)
    taken = []
    monkeypatch.setattr(jobs, "_enqueue", lambda name, record_id, run, *rest: taken.append((record_id, run)))
    jobs.take_up_forgotten()
    assert taken == [(the_batch().id, 0)]
    work(the_batch())
    jobs.take_up_forgotten()
    assert len(taken) == 1, "checked: it waits for a person"
    issue(officer, path, 6)
    submit(officer, f"{path}/pause", page=path)
    del taken[:]
    jobs.take_up_forgotten()
    assert taken == []


def test_cancelling_leaves_what_was_issued_and_settles_the_rest(officer, waiting):
    make_ready_cohort(6)
    path = checked(officer, 1)
    work(the_batch())
    issue(officer, path, 6)
    work(the_batch())
    assert "2 certificates will not be issued" in officer.get(f"{path}/cancel").text
    submit(officer, f"{path}/cancel")
    assert work(the_batch()) is True
    assert len(all_certificates()) == 4
    states = [row.state for row in rows()]
    assert (states.count(BatchRowState.ISSUED), states.count(BatchRowState.CANCELLED)) == (4, 2)
    page = officer.get(path).text
    assert "4 certificates are issued. 2 were cancelled." in page
    for action in ("pause", "continue", "cancel"):
        assert submit(officer, f"{path}/{action}", page="/certificates/ready").status_code == 422
    assert the_batch().stage is BatchStage.CANCELLED


def test_a_batch_that_failed_is_taken_up_again(app, officer, waiting, monkeypatch):
    make_ready_cohort(6)
    path = checked(officer, 1)
    work(the_batch())
    issue(officer, path, 6)
    with monkeypatch.context() as broken:
        broken.setattr("gdt.certification.issuing.issuing.record_issued", lambda *a, **b: 1 / 0)
        app.logger.disabled = True
        work(the_batch())
        app.logger.disabled = False
    assert "Something went wrong on our side" in officer.get(path).text
    submit(officer, f"{path}/continue", page=path)
    while not work(the_batch()):
        pass
    assert [c.serial for c in all_certificates()] == list(range(1, 7))


def test_every_step_stands_in_the_history(officer):
    make_ready_cohort(2)
    path = checked(officer, 1)
    issue(officer, path, 2)
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions[:2] == ["prepared", "ordered"] and actions.count("issued") == 2
    assert "Ordered 2 certificates" in officer.get(path).text


def test_the_database_settles_no_row_without_its_certificate(officer):
    make_ready_cohort(1)
    checked(officer, 1)
    rows()[0].state = BatchRowState.ISSUED
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_the_whole_batch_comes_as_a_zip_and_as_one_pdf_to_print(officer):
    make_ready_cohort(2)
    make_ready_cohort(1)
    path = checked(officer, 2)
    issue(officer, path, 3)
    for form, start in (("zip", b"PK"), ("print", b"%PDF-")):
        answer = submit(officer, f"{path}/archives", page=path, form=form)
        file = officer.get(f"{answer.location}/file")
        assert file.data.startswith(start)
        assert "3 certificates in one file" in officer.get(answer.location).text
    assert "Print file of" in officer.get(path).text


def test_what_was_withdrawn_is_not_printed(officer):
    make_ready_cohort(2)
    path = checked(officer, 1)
    issue(officer, path, 2)
    number = all_certificates()[0].number
    submit(officer, f"/certificates/{number}/revoke", reason="Sat by somebody else.", confirm_word=number)
    answer = submit(officer, f"{path}/archives", page=path, form="print")
    page = officer.get(answer.location).text
    assert "1 certificate in one file" in page and "1 certificate was left out" in page
    archive = db.session.query(CertificateArchive).one()
    assert archive.left_out == 1
    file = officer.get(f"{answer.location}/file").data
    told = subprocess.run(["pdfinfo", "-"], input=file, check=True, capture_output=True).stdout
    assert re.search(rb"Pages: +1\n", told)


def test_a_coordinator_sees_no_batch_and_none_of_its_files(officer, sign_in):
    cohort = make_ready_cohort(1)
    path = checked(officer, 1)
    issue(officer, path, 1)
    archive = submit(officer, f"{path}/archives", page=path, form="zip").location
    coordinator = sign_in(Role.COORDINATOR, institution=cohort.institution)
    for place in (path, f"{path}/rows.csv", f"{path}/issue"):
        assert coordinator.get(place).status_code == 403
    for place in (archive, f"{archive}/file"):
        assert coordinator.get(place).status_code == 404


def test_two_tabs_that_issue_the_same_batch_issue_it_once(officer):
    make_ready_cohort(3)
    path = checked(officer, 1)
    typed = {"csrf_token": token_of(officer, f"{path}/issue"), "confirm_word": "3"}
    first = officer.post(f"{path}/issue", data=typed)
    second = officer.post(f"{path}/issue", data=typed)
    assert (first.status_code, second.status_code) == (302, 422)
    assert [c.serial for c in all_certificates()] == [1, 2, 3]


def test_nobody_ready_says_where_the_reasons_are(officer):
    make_ready_cohort(1, institution=make_institution())
    path = checked(officer, 1)
    assert "Nobody here is ready" in officer.get(path).text
    assert issue(officer, path, 0).status_code == 422
    assert the_batch().issued_on == TODAY
