"""Reading what the risk rules look at: a constant number of statements for an institution and a period."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from gdt.database import db
from gdt.impact.periods import Period
from gdt.partners.models import Institution
from gdt.reporting.figures import PeriodFigures
from gdt.reporting.risk_rules import THRESHOLDS, Class, Evidence, Reported, Shared
from gdt.row_security import everything
from gdt.training.models import Cohort, Enrolment, EnrolmentState, Headcount, Module


@everything()
def read_evidence(institution: Institution, figures: PeriodFigures) -> Evidence:
    period = figures.period
    return Evidence(
        year=period.year,
        totals=figures.by_year,
        headcounts=_headcounts(institution, period.year) if period.ends_the_year else (),
        cohorts=_cohorts(institution, period),
        shared=_shared(institution, period),
    )


def _headcounts(institution: Institution, year: int) -> list[Reported]:
    rows = db.session.execute(
        select(Headcount.id, Headcount.measure, Module.title, Headcount.people)
        .join(Module, Module.id == Headcount.module_id)
        .where(Headcount.institution_id == institution.id, Headcount.year == year)
        .order_by(Headcount.id)
    )
    return [Reported(row.id, row.measure.value, row.title, row.people) for row in rows]


def _cohorts(institution: Institution, period: Period) -> list[Class]:
    """The largest cohorts with somebody counted in the period; no more than a rule could care about."""
    rows = db.session.execute(
        select(Cohort.code, Cohort.term, func.count(Enrolment.id).label("people"))
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Cohort.institution_id == institution.id, _counted_in(Enrolment, period))
        .group_by(Cohort.code, Cohort.term)
        .having(func.count(Enrolment.id) > THRESHOLDS.many_in_a_cohort)
        .order_by(Cohort.code)
    )
    return [Class(row.code, row.term, row.people) for row in rows]


def _shared(institution: Institution, period: Period) -> list[Shared]:
    """Pairs of cohorts with enough people in common, who did not withdraw from the other one."""
    mine, other, theirs = aliased(Enrolment), aliased(Enrolment), aliased(Cohort)
    people = func.count().label("people")
    rows = db.session.execute(
        select(Cohort, theirs, people)
        .select_from(Cohort)
        .join(mine, mine.cohort_id == Cohort.id)
        .join(other, (other.person_id == mine.person_id) & (other.cohort_id != mine.cohort_id))
        .join(theirs, theirs.id == other.cohort_id)
        .where(
            Cohort.institution_id == institution.id,
            _counted_in(mine, period),
            other.state != EnrolmentState.WITHDREW,
        )
        .group_by(Cohort.id, theirs.id)
        .having(people >= THRESHOLDS.same_at_least)
        .with_only_columns(
            Cohort.id,
            Cohort.code,
            Cohort.course_id,
            theirs.id,
            theirs.code,
            theirs.course_id,
            theirs.institution_id,
            people,
        )
        .order_by(Cohort.id, theirs.id)
    ).all()
    sizes = _sizes({row[0] for row in rows} | {row[3] for row in rows})
    return [
        Shared(
            cohort=row[1],
            other=row[4],
            people=row[7],
            of_cohort=sizes[row[0]],
            of_other=sizes[row[3]],
            is_same_course=row[2] == row[5],
            is_same_institution=row[6] == institution.id,
        )
        for row in rows
    ]


def _sizes(cohort_ids: set[int]) -> dict[int, int]:
    """Everyone in each cohort who did not withdraw."""
    rows = db.session.execute(
        select(Enrolment.cohort_id, func.count())
        .where(Enrolment.cohort_id.in_(cohort_ids), Enrolment.state != EnrolmentState.WITHDREW)
        .group_by(Enrolment.cohort_id)
    )
    return {row[0]: row[1] for row in rows}


def _counted_in(enrolment: Any, period: Period) -> ColumnElement[bool]:
    return enrolment.completed_on.between(period.starts_on, period.ends_on)  # type: ignore[no-any-return]
