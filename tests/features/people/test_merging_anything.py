"""Whatever people have: merged, each human being counts once; unmerged, every row is what it was."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gdt.access import OFFICE
from gdt.database import Model, db, unit_of_work
from gdt.errors import DomainError
from gdt.exams.models import Result, ResultOutcome
from gdt.impact.queries import totals
from gdt.impact.settling import settle
from gdt.people.models import AffiliationRole, Person
from gdt.training.models import Enrolment, EnrolmentState
from tests.emptying import forget_every_row
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
)
from tests.features.people.twins import dump, merge, unmerge

PEOPLE, PLACES, COHORTS = 4, 2, 3
OF_PEOPLE = st.integers(0, PEOPLE - 1)
STATES = st.sampled_from(list(EnrolmentState))
LIVES = st.fixed_dictionaries(
    {
        "places": st.sets(st.tuples(OF_PEOPLE, st.integers(0, PLACES - 1), st.sampled_from(AffiliationRole))),
        "emails": st.sets(OF_PEOPLE),
        "enrolments": st.dictionaries(
            st.tuples(OF_PEOPLE, st.integers(0, COHORTS - 1)),
            st.tuples(STATES, st.none() | st.integers(0, 100)),
        ),
        "marks": st.dictionaries(
            st.tuples(OF_PEOPLE, st.integers(0, COHORTS - 1)), st.none() | st.integers(0, 100)
        ),
        "participants": st.sets(OF_PEOPLE),
        "qualifications": st.dictionaries(st.tuples(OF_PEOPLE, st.integers(0, 1)), st.integers(1, 99)),
    }
)
DEEDS = st.lists(
    st.tuples(OF_PEOPLE, OF_PEOPLE, st.sets(st.sampled_from(["printed_name", "email", "native_name"])))
    | st.integers(0, 9),
    max_size=7,
)


def live(lives):
    """Write these lives; returns the people."""
    places = [make_institution() for _ in range(PLACES)]
    course = make_course()
    exam, training = make_exam(course), make_training()
    cohorts = [make_cohort(places[n % PLACES], course=course) for n in range(COHORTS)]
    sittings = [make_sitting(c, exam, held_on=TODAY - timedelta(days=n)) for n, c in enumerate(cohorts)]
    people = [
        make_person(printed_name=f"Person {n}", email=f"p{n}@x.example" if n in lives["emails"] else None)
        for n in range(PEOPLE)
    ]
    for n, (who, place, role) in enumerate(sorted(lives["places"])):
        number = f"N{n}" if n % 3 else None
        make_affiliation(people[who], places[place], role=role, own_number=number)
    for (who, cohort), (state, attendance) in lives["enrolments"].items():
        completed_on = TODAY - timedelta(days=who) if state is EnrolmentState.COMPLETED else None
        make_enrolment(
            cohorts[cohort],
            people[who],
            state=state,
            completed_on=completed_on,
            attendance_percent=attendance,
        )
    attempts = [0] * PEOPLE
    for (who, sitting), mark in lives["marks"].items():
        attempts[who] += 1
        outcome = ResultOutcome.PASSED if (mark or 0) >= 60 else ResultOutcome.FAILED
        db.session.add(
            Result(
                sitting_id=sittings[sitting].id,
                exam_id=exam.id,
                person_id=people[who].id,
                attempt=attempts[who],
                mark=None if mark is None else Decimal(mark),
                outcome=ResultOutcome.ABSENT if mark is None else outcome,
            )
        )
    for who in lives["participants"]:
        make_participant(training, people[who], places[0])
    for (who, day), lasts in lives["qualifications"].items():
        starts = TODAY - timedelta(days=day)
        make_qualification(
            people[who],
            training.modules[0],
            places[0],
            valid_from=starts,
            valid_until=starts + timedelta(days=lasts),
        )
    db.session.commit()
    return people


def humans(people):
    """Who is who by now: the ids of each human being's entries, by the one that stands."""
    db.session.rollback()
    groups = {}
    for one in db.session.scalars(select(Person).where(Person.id.in_([p.id for p in people]))):
        groups.setdefault(one.merged_into_id or one.id, set()).add(one.id)
    return groups


def completed():
    """The entries that have completed a cohort."""
    db.session.rollback()
    return set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.completed_on.is_not(None))))


def trained():
    """How many human beings the figures count."""
    with unit_of_work():
        settle()
    return totals(viewer=OFFICE)["students_trained"]


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(lives=LIVES, deeds=DEEDS)
def test_after_all_is_unmerged_every_row_is_what_it_was_and_meanwhile_each_counts_once(app, lives, deeds):
    db.session.remove()
    forget_every_row()
    people = live(lives)
    before = dump()
    had = completed()
    standing = []
    for deed in deeds:
        try:
            if isinstance(deed, int):
                if standing:
                    unmerge(standing[deed % len(standing)])
                    standing.pop(deed % len(standing))
            else:
                one, other, taken = deed
                standing.append(merge(people[one], people[other], **dict.fromkeys(taken, True)))
        except DomainError:
            db.session.rollback()
        assert trained() == sum(bool(group & had) for group in humans(people).values())
        assert_nothing_points_at_the_merged()
    while standing:
        unmerge(standing.pop())
    assert dump() == before


def assert_nothing_points_at_the_merged():
    merged = select(Person.id).where(Person.merged_into_id.is_not(None))
    for name in ("enrolments", "results", "training_participants", "qualifications"):
        table = Model.metadata.tables[name]
        assert db.session.execute(select(table.c.id).where(table.c.person_id.in_(merged))).all() == []
    chained = select(Person.id).where(
        Person.id.in_(select(Person.merged_into_id)), Person.merged_into_id.is_not(None)
    )
    assert db.session.execute(chained).all() == []
