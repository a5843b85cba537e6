"""Reading who took exams and who passed, by exam, module or institution, as the catalogue of figures counts.

Taken: results that are not absences. Passed: people, each once for each exam, however many attempts it took.
Both count where the cohort of the sitting is, on the day of the sitting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Executable, Select, and_, case, cast, distinct, func, select
from sqlalchemy.orm import aliased, contains_eager

from gdt.access import Viewer, within
from gdt.database import db
from gdt.exams.models import Exam, Result, ResultOutcome, Sitting
from gdt.partners.models import Institution
from gdt.training.models import Cohort, CohortModule, Module

SITTING_ORDER = (Sitting.held_on.desc(), Sitting.id.desc())
_PEOPLE = 2**32  # more than any table of people holds: a person and an exam as one number


class By(StrEnum):
    EXAM = "exam"
    MODULE = "module"
    INSTITUTION = "institution"


@dataclass(frozen=True, kw_only=True)
class WantedRates:
    """What is counted; None and "" narrow nothing."""

    year: int | None = None
    exam: str = ""
    module: str = ""
    institution: str = ""


@dataclass(frozen=True)
class Rate:
    """One line: how many took it, how many people passed an exam, how many were absent."""

    code: str
    name: str
    taken: int
    passed: int
    absent: int

    @property
    def share(self) -> float | None:
        """Passed of taken, as a part of one; None where nobody took it."""
        return self.passed / self.taken if self.taken else None


_GROUPS: Mapping[By, tuple[Any, Any]] = {
    By.EXAM: (Exam.code, Exam.title),
    By.MODULE: (Module.code, Module.title),
    By.INSTITUTION: (Institution.code, Institution.name),
}


def list_rates(viewer: Viewer, wanted: WantedRates, by: By) -> list[Rate]:
    """A line for each that has a result; a cohort of several modules counts under each of them."""
    code, name = _GROUPS[by]
    statement = _counted(viewer, wanted, func.max(code), func.max(name))
    if by is By.MODULE:
        statement = statement.join(CohortModule, CohortModule.cohort_id == Cohort.id).join(
            Module, Module.id == CohortModule.module_id
        )
        if wanted.module:
            statement = statement.where(Module.code == wanted.module)
    rows = db.session.execute(statement.group_by(code).order_by(func.max(name), code))
    return [Rate(*row) for row in rows]


def get_rate(viewer: Viewer, wanted: WantedRates) -> Rate:
    """All of it as one line."""
    row = db.session.execute(_counted(viewer, wanted)).one()
    return Rate("", "", *row)


def select_sittings(viewer: Viewer, wanted: WantedRates) -> Select[Any]:
    """The sittings behind a number, to be paged in SITTING_ORDER."""
    counted = (
        select(Result.id)
        .where(Result.sitting_id == Sitting.id, Result.outcome != ResultOutcome.ABSENT)
        .exists()
    )
    return (
        select(Sitting)
        .join(Sitting.exam)
        .join(Sitting.cohort)
        .join(Cohort.institution)
        .where(counted, *_conditions(viewer, wanted))
        .options(
            contains_eager(Sitting.exam),
            contains_eager(Sitting.cohort).contains_eager(Cohort.institution),
        )
    )


def count_by_sitting(sittings: Sequence[Sitting]) -> dict[int, tuple[int, int, int]]:
    """Who took it, passed and was absent in each."""
    rows = db.session.execute(
        select(Result.sitting_id, *_counts())
        .where(Result.sitting_id.in_([sitting.id for sitting in sittings]))
        .group_by(Result.sitting_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def list_years(viewer: Viewer) -> list[int]:
    """The years in which the viewer's institutions held exams, up to today, the latest first."""
    first, last = db.session.execute(
        select(func.min(Sitting.held_on), func.max(Sitting.held_on))
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(within(viewer, Cohort.institution_id))
    ).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def list_choices(viewer: Viewer) -> dict[By, list[tuple[str, str]]]:
    """The exams, modules and institutions one may choose, each as code and name."""
    institutions = select(Institution.code, Institution.name).where(within(viewer, Institution.id))
    return {
        By.EXAM: _pairs(select(Exam.code, Exam.title).order_by(Exam.title, Exam.code)),
        By.MODULE: _pairs(select(Module.code, Module.title).order_by(Module.title, Module.code)),
        By.INSTITUTION: _pairs(institutions.order_by(Institution.name)),
    }


def _pairs(statement: Executable) -> list[tuple[str, str]]:
    return [(code, name) for code, name in db.session.execute(statement)]


def _counts() -> tuple[ColumnElement[Any], ...]:
    took = Result.outcome != ResultOutcome.ABSENT
    whose = cast(Result.exam_id, BigInteger) * _PEOPLE + Result.person_id
    return (
        func.count(case((took, 1))),
        func.count(distinct(case((Result.outcome == ResultOutcome.PASSED, whose)))),
        func.count(case((Result.outcome == ResultOutcome.ABSENT, 1))),
    )


def _counted(viewer: Viewer, wanted: WantedRates, *names: Any) -> Select[Any]:
    return (
        select(*names, *_counts())
        .select_from(Result)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Exam, Exam.id == Result.exam_id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .join(Institution, Institution.id == Cohort.institution_id)
        .where(*_conditions(viewer, wanted))
    )


def _conditions(viewer: Viewer, wanted: WantedRates) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [within(viewer, Cohort.institution_id)]
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(Sitting.held_on.between(first, last))
    if wanted.exam:
        conditions.append(Exam.code == wanted.exam)
    if wanted.institution:
        conditions.append(Institution.code == wanted.institution)
    if wanted.module:
        taught, module = aliased(CohortModule), aliased(Module)
        teaching = and_(taught.module_id == module.id, module.code == wanted.module)
        conditions.append(Cohort.id.in_(select(taught.cohort_id).join(module, teaching)))
    return conditions
