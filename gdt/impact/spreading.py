"""From a changed cohort, sitting, course, place or merger to the people it is counted through."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, func, insert, literal, select
from sqlalchemy.orm import aliased

from gdt.certification.models import Certificate
from gdt.database import db
from gdt.exams.models import Result, Sitting
from gdt.impact.cells import KINDS
from gdt.impact.counted_models import CountingMark
from gdt.partners.models import Institution
from gdt.training.models import Cohort, Enrolment

EVERYTHING = "everything"
Spread = tuple[str, Select[Any]]  # the subject to mark, and the ids of it
OWNER = func.coalesce(Certificate.person_id, -Certificate.institution_id)


def marked(subject: str) -> Select[Any]:
    return select(CountingMark.subject_id).where(CountingMark.subject == subject)


def spread(subjects: set[str]) -> None:
    """Mark the people behind the marks of these subjects; a country goes through its institutions."""
    for subject in SPREADS:
        if subject in subjects:
            for wanted, statement in _statements(subject):
                subjects.add(wanted)
                db.session.execute(statement)


@cache
def _statements(subject: str) -> list[tuple[str, Insert]]:
    """What marks the people behind a subject, built once: building it takes longer than running it."""
    made = []
    for wanted, ids in SPREADS[subject]():
        chosen = ids.distinct().subquery()
        values = select(literal(wanted), *chosen.c)
        made.append((wanted, insert(CountingMark).from_select(["subject", "subject_id"], values)))
    return made


def _country() -> list[Spread]:
    return [("place", select(Institution.id).where(Institution.country_id.in_(marked("country"))))]


def _place() -> list[Spread]:
    cohorts = select(Cohort.id).where(Cohort.institution_id.in_(marked("place")))
    return [
        ("completions", _completed_in(cohorts)),
        ("results", _sat_in(select(Sitting.id).where(Sitting.cohort_id.in_(cohorts)))),
        ("certificates", select(OWNER).where(Certificate.institution_id.in_(marked("place")))),
    ]


def _cohort() -> list[Spread]:
    cohorts = marked("cohort")
    return [
        ("completions", _completed_in(cohorts)),
        ("results", _sat_in(select(Sitting.id).where(Sitting.cohort_id.in_(cohorts)))),
        ("certificates", select(OWNER).where(Certificate.cohort_id.in_(cohorts))),
        ("institution", select(Cohort.institution_id).where(Cohort.id.in_(cohorts))),
    ]


def _completed_in(cohorts: Select[Any]) -> Select[Any]:
    completed = Enrolment.completed_on.is_not(None)
    return select(Enrolment.person_id).where(Enrolment.cohort_id.in_(cohorts), completed)


def _sat_in(sittings: Select[Any]) -> Select[Any]:
    return select(Result.person_id).where(Result.sitting_id.in_(sittings))


def _sitting() -> list[Spread]:
    return [("results", _sat_in(marked("sitting")))]


def _course() -> list[Spread]:
    of_course = Certificate.course_id.in_(marked("course"))
    return [("certificates", select(OWNER).where(of_course, Certificate.cohort_id.is_(None)))]


def _certificate() -> list[Spread]:
    """Every edition of the same thing: whether the first counts is written on the last."""
    one = aliased(Certificate)
    things = select(one.thing_earned).where(one.id.in_(marked("certificate")))
    return [("certificates", select(OWNER).where(Certificate.thing_earned.in_(things)))]


def _person() -> list[Spread]:
    return [(kind, marked("person")) for kind in KINDS]


SPREADS: dict[str, Callable[[], list[Spread]]] = {
    "country": _country,
    "place": _place,
    "cohort": _cohort,
    "sitting": _sitting,
    "course": _course,
    "certificate": _certificate,
    "person": _person,
}
