"""Making one person of two entries and two again: nothing lost, nothing counted twice, all of it undone."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent, list_events
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.models import Certificate
from gdt.database import Model, db, now, unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.exams.models import Result, ResultCorrection
from gdt.people.belongings import every_belonging
from gdt.people.matching import find_matches
from gdt.people.merge_models import Merge
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.services import PersonFacts
from gdt.training.models import (
    Enrolment,
    EnrolmentState,
    Outcome,
    Qualification,
    TrainingOutcome,
    TrainingParticipant,
)
from tests.factories import (
    TODAY,
    make_affiliation,
    make_cohort,
    make_course,
    make_enrolment,
    make_exam,
    make_institution,
    make_participant,
    make_person,
    make_qualification,
    make_sitting,
    make_training,
    make_user,
)
from tests.features.certification.stories import certified_cohort, give_result, make_ready_cohort
from tests.features.people.twins import dump, merge, rows_of, unmerge


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def mei(utar):
    person = make_person(printed_name="Tan Mei Ling", email="mei@utar.example")
    make_affiliation(person, utar, own_number="21AB1")
    return person


@pytest.fixture
def twin(utar):
    person = make_person(printed_name="TAN, Mei-Ling", native_name="陈美玲", email="mling@mail.example")
    make_affiliation(person, utar, own_number="021-AB-1", from_on=date(2025, 1, 1))
    return person


def fresh(record):
    db.session.expire_all()
    return db.session.get(type(record), record.id)


def test_every_table_that_points_at_a_person_says_what_a_merge_does_with_it():
    """A new table that holds people must register, or stand here with its reason."""
    stay = {
        "person_keys",  # how people are found; made anew from what is known of them
        "probable_pairs",  # what was said of the two entries; hidden while one is part of the other
        "person_merges",  # the journal itself
        "persons",  # who is part of whom: moved by the plan
        "erasure_requests",  # a wish stays with the entry it was about, and reaches all of hers
        "consent_withdrawals",  # the same
    }
    pointing = {
        table.name
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "persons"
    }
    assert pointing - stay == {belonging.table.name for belonging in every_belonging()}


def test_what_belongs_to_the_one_belongs_to_the_other_and_comes_back(mei, twin):
    cohort, training = make_cohort(mei.affiliations[0].institution), make_training()
    module = training.modules[0]
    make_enrolment(cohort, twin)
    make_participant(training, twin, cohort.institution)
    make_qualification(twin, module, cohort.institution)
    give_result(make_sitting(cohort, make_exam(cohort.course)), twin, 70)
    before = dump()
    made = merge(mei, twin)
    assert rows_of(twin) == {"affiliations": 1}
    assert rows_of(mei) == {
        "affiliations": 1,
        "enrolments": 1,
        "training_participants": 1,
        "qualifications": 1,
        "results": 1,
    }
    assert fresh(twin).merged_into_id == mei.id
    unmerge(made)
    assert dump() == before


def test_what_is_empty_is_filled_in_and_what_was_chosen_is_taken(mei, twin):
    made = merge(mei, twin, printed_name=True)
    one = fresh(mei)
    assert (one.printed_name, one.name_key) == ("TAN, Mei-Ling", "ling mei tan")
    assert (one.native_name, one.email) == ("陈美玲", "mei@utar.example")
    unmerge(made)
    assert (fresh(mei).printed_name, fresh(mei).native_name) == ("Tan Mei Ling", None)


def test_either_number_and_either_address_lead_to_her_whichever_was_chosen(utar, mei, twin):
    for takes_number in (False, True):
        for takes_email in (False, True):
            choice = {f"number_{mei.affiliations[0].id}": takes_number, "email": takes_email}
            made = merge(mei, twin, **choice)
            for known in (
                {"own_number": "21AB1"},
                {"own_number": "021-AB-1"},
                {"email": "mei@utar.example"},
                {"email": "mling@mail.example"},
            ):
                facts = PersonFacts(printed_name="Anything", **known)
                match = find_matches(utar.id, AffiliationRole.STUDENT, [facts])[0]
                assert match.person.person_id == mei.id, known
            kept = fresh(mei)
            assert kept.affiliations[0].own_number == ("021-AB-1" if takes_number else "21AB1")
            assert kept.email == ("mling@mail.example" if takes_email else "mei@utar.example")
            assert kept.affiliations[0].from_on == date(2025, 1, 1)
            unmerge(made)


def test_two_enrolments_in_a_cohort_become_one_with_the_further_state(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    make_enrolment(cohort, mei, attendance_percent=90)
    make_enrolment(cohort, twin, state=EnrolmentState.COMPLETED, completed_on=TODAY, attendance_percent=60)
    before = dump()
    made = merge(mei, twin)
    kept = db.session.query(Enrolment).one()
    assert (kept.person_id, kept.state, kept.completed_on) == (mei.id, EnrolmentState.COMPLETED, TODAY)
    assert kept.attendance_percent == 90
    unmerge(made)
    assert dump() == before


def test_of_two_results_in_a_sitting_the_higher_mark_stays_and_corrections_come_back(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    sitting = make_sitting(cohort, make_exam(cohort.course))
    give_result(sitting, mei, Decimal(55))
    give_result(sitting, twin, Decimal(70))
    theirs = db.session.query(Result).filter_by(person_id=twin.id).one()
    correction = ResultCorrection(
        result=theirs, old_mark=50, new_mark=70, reason="Recount", corrected_by_name="X"
    )
    db.session.add(correction)
    db.session.commit()
    before = dump()
    made = merge(mei, twin)
    kept = db.session.query(Result).one()
    assert (kept.person_id, kept.mark, kept.outcome.value) == (mei.id, Decimal(70), "passed")
    unmerge(made)
    assert dump() == before


def test_attempts_at_one_exam_are_counted_anew_by_their_days(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    exam = make_exam(cohort.course)
    sittings = [make_sitting(cohort, exam, held_on=TODAY - timedelta(days=n)) for n in (30, 20, 10)]
    for sitting, person, attempt in ((0, twin, 1), (1, mei, 1), (2, twin, 2)):
        give_result(sittings[sitting], make_person(), 10)
        result = Result(
            sitting_id=sittings[sitting].id,
            exam_id=exam.id,
            person_id=person.id,
            attempt=attempt,
            mark=Decimal(10),
            outcome="failed",
        )
        db.session.add(result)
    db.session.commit()
    before = dump()
    made = merge(mei, twin)
    hers = db.session.query(Result).filter_by(person_id=mei.id).order_by(Result.sitting_id).all()
    assert [result.attempt for result in hers] == [1, 2, 3]
    unmerge(made)
    assert dump() == before


def test_two_in_a_training_become_one_with_the_better_outcome_and_one_qualification(mei, twin):
    utar, training = mei.affiliations[0].institution, make_training()
    module = training.modules[0]
    for person, outcome in ((mei, Outcome.FAILED), (twin, Outcome.PASSED)):
        participant = make_participant(training, person, utar)
        got = TrainingOutcome(
            participant_id=participant.id,
            training_id=training.id,
            module_id=module.id,
            attended=outcome is Outcome.PASSED,
            outcome=outcome,
        )
        db.session.add(got)
        db.session.commit()
    make_qualification(twin, module, utar, outcome_id=got.id)
    before = dump()
    made = merge(mei, twin)
    kept = db.session.query(TrainingOutcome).one()
    assert (kept.participant.person_id, kept.outcome, kept.attended) == (mei.id, Outcome.PASSED, True)
    assert db.session.query(Qualification).one().outcome_id == kept.id
    unmerge(made)
    assert dump() == before


def test_two_qualifications_from_one_day_become_one_until_the_later_day(mei, twin):
    utar, training = mei.affiliations[0].institution, make_training()
    module = training.modules[0]
    make_qualification(mei, module, utar)
    make_qualification(twin, module, utar, valid_until=TODAY + timedelta(days=900))
    before = dump()
    made = merge(mei, twin)
    assert db.session.query(Qualification).one().valid_until == TODAY + timedelta(days=900)
    assert db.session.query(TrainingParticipant).count() == 0
    unmerge(made)
    assert dump() == before


def verified(client, certificate):
    """What the public page says, but for the minute at which it was asked."""
    page = client.get(f"/verify/{certificate.code}").text
    assert "Student certificate" in page
    return re.sub(r"\d\d:\d\d UTC", "", page)


def test_certificates_stay_as_printed_verify_as_before_and_are_not_issued_again(client, mei):
    cohort = certified_cohort(1)
    certificate = db.session.query(Certificate).one()
    holder, facts = certificate.person, dict(certificate.facts)
    page = verified(client, certificate)
    make_enrolment(make_ready_cohort(0, institution=cohort.institution, course=cohort.course), mei)
    made = merge(mei, holder)
    now_hers = fresh(certificate)
    assert (now_hers.person_id, now_hers.facts) == (mei.id, facts)
    assert verified(client, certificate) == page
    outcome = issue_for_cohort(fresh(cohort), actor=OFFICE, issued_on=TODAY)
    assert db.session.query(Certificate).count() == 1, outcome
    unmerge(made)
    assert fresh(certificate).person_id == holder.id


def test_both_records_and_their_institutions_tell_of_it(utar, mei, twin):
    elsewhere = make_institution()
    make_affiliation(twin, elsewhere)
    made = merge(mei, twin)
    told = db.session.query(AuditEvent).filter_by(action="merged").all()
    assert {(event.subject_kind, event.subject_id, event.institution_id) for event in told} == {
        ("persons", mei.id, None),
        ("persons", twin.id, None),
        ("institutions", utar.id, utar.id),
        ("institutions", elsewhere.id, elsewhere.id),
    }
    unmerge(made)
    assert list_events(fresh(twin))[0].action == "unmerged"


def test_a_chain_leads_to_the_last_and_is_taken_apart_from_its_end(utar):
    a, b, c = (make_person(printed_name=name) for name in ("Ann", "Ben", "Cid"))
    for person in (a, b, c):
        make_affiliation(person, utar)
        make_enrolment(make_cohort(utar), person)
    before = dump()
    first, second = merge(b, a), merge(c, b)
    assert (fresh(a).merged_into_id, fresh(b).merged_into_id) == (c.id, c.id)
    assert rows_of(c)["enrolments"] == 3
    with pytest.raises(DomainError, match=r"Ben into Cid\. Undo that one first"):
        unmerge(first)
    unmerge(second)
    assert (fresh(a).merged_into_id, fresh(b).merged_into_id) == (b.id, None)
    unmerge(first)
    assert dump() == before


def test_two_merges_that_share_no_row_are_undone_in_any_order(app):
    here, there, third = make_institution(), make_institution(), make_institution()
    a, b, c = (make_person(printed_name=name) for name in ("Ann", "Ben", "Cid"))
    for person, place in ((a, here), (b, there), (c, third)):
        make_affiliation(person, place)
    before = dump()
    first, second = merge(c, a), merge(c, b)
    unmerge(first)
    assert rows_of(c)["affiliations"] == 2
    unmerge(second)
    assert dump() == before


def test_somebody_merged_erased_or_called_another_is_not_merged(mei, twin):
    other = make_person()
    merge(mei, twin)
    for survivor, gone in ((other, twin), (twin, other)):
        with pytest.raises(DomainError, match="part of another entry"):
            merge(survivor, gone)
    with pytest.raises(DomainError, match="one entry already"):
        merge(mei, mei)
    erased = make_person(erased_at=now())
    with pytest.raises(DomainError, match="erased"):
        merge(other, erased)


def test_a_merge_is_undone_once(mei, twin):
    made = merge(mei, twin)
    unmerge(made)
    with pytest.raises(DomainError, match="undone already"):
        unmerge(made)


def test_a_certificate_issued_since_keeps_the_merge_until_it_is_revoked(app):
    cohort = make_ready_cohort(1)
    student = db.session.query(Enrolment).one().person
    survivor = make_person(printed_name="The Same")
    made = merge(survivor, student)
    issue_for_cohort(fresh(cohort), actor=OFFICE, issued_on=TODAY)
    certificate = db.session.query(Certificate).one()
    with pytest.raises(DomainError, match=certificate.number):
        unmerge(made)
    certificate.revoked_at, certificate.revoked_reason, certificate.revoked_by_name = now(), "Wrong", "X"
    db.session.commit()
    unmerge(made)
    assert rows_of(survivor) == {"certificates": 1, "certificate_batch_rows": 1}


def test_a_result_entered_since_in_a_cohort_that_would_go_back_keeps_the_merge(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    make_enrolment(cohort, twin)
    made = merge(mei, twin)
    give_result(make_sitting(cohort, make_exam(cohort.course)), mei, 70)
    with pytest.raises(DomainError, match="was entered since"):
        unmerge(made)


def test_what_the_merge_wrote_and_somebody_changed_since_is_named(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution, term="Spring")
    make_enrolment(cohort, mei)
    make_enrolment(cohort, twin, state=EnrolmentState.COMPLETED, completed_on=TODAY)
    made = merge(mei, twin)
    enrolment = db.session.query(Enrolment).one()
    enrolment.state, enrolment.completed_on = EnrolmentState.WITHDREW, None
    db.session.commit()
    with pytest.raises(DomainError, match=r"Spring.*was changed since the merge"):
        unmerge(made)


def test_what_moved_and_was_completed_since_goes_back_as_it_is_now(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    enrolment = make_enrolment(cohort, twin)
    made = merge(mei, twin)
    moved = fresh(enrolment)
    moved.state, moved.completed_on = EnrolmentState.COMPLETED, TODAY
    db.session.commit()
    unmerge(made)
    back = fresh(enrolment)
    assert (back.person_id, back.state) == (twin.id, EnrolmentState.COMPLETED)


def test_an_address_given_to_somebody_else_since_keeps_the_merge(mei, twin):
    made = merge(mei, twin, email=True)
    one = fresh(mei)
    one.email = "new@utar.example"
    db.session.commit()
    with pytest.raises(DomainError, match="changed since the merge"):
        unmerge(made)


def test_a_row_removed_since_is_named(mei, twin):
    cohort = make_cohort(mei.affiliations[0].institution)
    enrolment = make_enrolment(cohort, twin)
    made = merge(mei, twin)
    db.session.delete(fresh(enrolment))
    db.session.commit()
    with pytest.raises(DomainError, match="removed since"):
        unmerge(made)


def test_a_plan_that_changed_since_it_was_shown_is_not_carried_out(mei, twin):
    from gdt.people.merge_plans import plan_merge  # noqa: PLC0415
    from gdt.people.merging import merge_persons  # noqa: PLC0415

    seal = plan_merge(mei.id, twin.id, {}).seal
    make_enrolment(make_cohort(mei.affiliations[0].institution), twin)
    with pytest.raises(DomainError, match="changed since this page was drawn"), unit_of_work():
        merge_persons(actor=OFFICE, survivor=fresh(mei), other=fresh(twin), choices={}, seal=seal)


def test_a_coordinator_merges_only_those_whose_records_are_all_at_her_institution(utar, mei, twin):
    coordinator = make_user(role=Role.COORDINATOR, institution=utar)
    make_enrolment(make_cohort(make_institution(), course=make_course()), twin)
    with pytest.raises(RecordNotFound):
        merge(mei, twin, actor=coordinator)
    third = make_person()
    make_affiliation(third, utar)
    made = merge(mei, third, actor=coordinator)
    assert db.session.get(Merge, made).institution_id == utar.id
    assert db.session.query(Affiliation).filter_by(person_id=mei.id).count() == 1
    unmerge(made, actor=coordinator)
    assert db.session.query(Person).filter(Person.merged_into_id.is_not(None)).count() == 0
