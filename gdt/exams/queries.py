"""Reading exams, sittings and results."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from gdt.access import Viewer
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.exams.grading import Attempt
from gdt.exams.models import Exam, Result, ResultCorrection, ResultOutcome, Sitting
from gdt.exams.moderation import WAITING
from gdt.exams.moderation_models import DoubleMark
from gdt.people.models import Affiliation, Person
from gdt.training.models import Cohort, Course, Enrolment, EnrolmentState
from gdt.training.visible import visible_cohort, visible_cohort_ids


class SittingCounts(NamedTuple):
    """A sitting with its results counted: an absence is not an exam taken."""

    sitting: Sitting
    taken: int
    passed: int
    absent: int


def list_sittings(viewer: Viewer, cohort: Cohort) -> Sequence[SittingCounts]:
    """The cohort's sittings with what came of them, the latest first."""

    def count(*outcomes: ResultOutcome) -> Any:
        return func.count(Result.id).filter(Result.outcome.in_(outcomes))

    counted = (
        select(
            Result.sitting_id,
            count(ResultOutcome.PASSED, ResultOutcome.FAILED).label("taken"),
            count(ResultOutcome.PASSED).label("passed"),
            count(ResultOutcome.ABSENT).label("absent"),
        )
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(Sitting.cohort_id == cohort.id)
        .group_by(Result.sitting_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Sitting, *(func.coalesce(c, 0) for c in (counted.c.taken, counted.c.passed, counted.c.absent)))
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .outerjoin(counted, counted.c.sitting_id == Sitting.id)
        .where(Sitting.cohort_id == cohort.id, visible_cohort(viewer))
        .order_by(Sitting.held_on.desc(), Sitting.id.desc())
    )
    return [SittingCounts(*row) for row in rows]


def sitting_codes(cohort: Cohort) -> Sequence[str]:
    return db.session.scalars(select(Sitting.code).where(Sitting.cohort_id == cohort.id)).all()


def find_sitting(viewer: Viewer, code: str) -> Sitting | None:
    """The sitting with this code, whatever the case it was typed in."""
    return db.session.scalar(
        select(Sitting)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(Sitting.code == code.strip().lower(), visible_cohort(viewer))
    )


def get_sitting(viewer: Viewer, code: str) -> Sitting:
    sitting = find_sitting(viewer, code)
    if sitting is None:
        raise RecordNotFound
    return sitting


def get_sitting_by_id(viewer: Viewer, sitting_id: int) -> Sitting:
    sitting = db.session.scalar(
        select(Sitting)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(Sitting.id == sitting_id, visible_cohort(viewer))
    )
    if sitting is None:
        raise RecordNotFound
    return sitting


def visible_sitting_ids(viewer: Viewer) -> Select[int]:
    """The ids of the sittings the viewer sees: those of her cohorts."""
    return select(Sitting.id).where(Sitting.cohort_id.in_(visible_cohort_ids(viewer)))


def get_result(viewer: Viewer, result_id: int) -> Result:
    result = db.session.scalar(
        select(Result)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(Result.id == result_id, visible_cohort(viewer))
        .options(joinedload(Result.sitting), joinedload(Result.person))
    )
    if result is None:
        raise RecordNotFound
    return result


def lock_exam(exam_id: int) -> None:
    """Let those who record results of one exam go one after the other: its attempts are counted together."""
    db.session.execute(select(Exam.id).where(Exam.id == exam_id).with_for_update(key_share=True))


def list_exams() -> Sequence[Exam]:
    return db.session.scalars(select(Exam).join(Course).order_by(Course.title, Exam.title)).all()


def list_courses_without_exam() -> Sequence[Course]:
    return db.session.scalars(
        select(Course).where(Course.id.not_in(select(Exam.course_id))).order_by(Course.title)
    ).all()


def get_exam(code: str) -> Exam:
    exam = db.session.scalar(select(Exam).where(func.lower(Exam.code) == code.strip().lower()))
    if exam is None:
        raise RecordNotFound
    return exam


def list_exams_of(course_id: int) -> Sequence[Exam]:
    return db.session.scalars(
        select(Exam).where(Exam.course_id == course_id).order_by(Exam.title, Exam.id)
    ).all()


def students_of(sitting: Sitting, text: str = "") -> Select[Enrolment]:
    """The people of a grid: everybody in the cohort who has not withdrawn, and whoever has a result."""
    sat = and_(Result.sitting_id == sitting.id, Result.person_id == Enrolment.person_id)
    statement = (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id == sitting.cohort_id,
            or_(Enrolment.state != EnrolmentState.WITHDREW, select(Result.id).where(sat).exists()),
        )
        .options(contains_eager(Enrolment.person))
    )
    return statement.where(_is_called(sitting, text)) if text else statement


def sitting_person_ids(sitting: Sitting, person_ids: Collection[int]) -> set[int]:
    """Which of these people stand in the sitting's grid."""
    statement = students_of(sitting).where(Enrolment.person_id.in_(person_ids))
    return set(db.session.scalars(statement.with_only_columns(Enrolment.person_id)))


def _is_called(sitting: Sitting, text: str) -> Any:
    numbered = select(Affiliation.person_id).where(
        Affiliation.institution_id == sitting.cohort.institution_id,
        func.lower(Affiliation.own_number) == text.lower(),
    )
    return or_(Person.printed_name.icontains(text, autoescape=True), Person.id.in_(numbered))


def count_students(sitting: Sitting) -> int:
    return db.session.scalar(select(func.count()).select_from(students_of(sitting).subquery())) or 0


def counts_of(sitting: Sitting) -> dict[ResultOutcome, int]:
    rows = db.session.execute(
        select(Result.outcome, func.count()).where(Result.sitting_id == sitting.id).group_by(Result.outcome)
    )
    return dict.fromkeys(ResultOutcome, 0) | {row[0]: row[1] for row in rows}


def results_of(sitting: Sitting, person_ids: Collection[int]) -> dict[int, Result]:
    rows = db.session.scalars(
        select(Result).where(Result.sitting_id == sitting.id, Result.person_id.in_(person_ids))
    )
    return {result.person_id: result for result in rows}


def attempts_elsewhere(sitting: Sitting, person_ids: Collection[int]) -> dict[int, list[Attempt]]:
    """What these people had in other sittings of the same exam, at any institution.

    A mark that does not stand yet uses up an attempt as well: she sat. It has no number.
    """
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for person_id, number, held_on, outcome in (
        *_results_elsewhere(sitting, person_ids),
        *_marks_elsewhere(sitting, person_ids),
    ):
        attempts[person_id].append(Attempt(number, held_on, outcome))
    return attempts


def _marks_elsewhere(sitting: Sitting, person_ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    rows = db.session.execute(
        select(DoubleMark.person_id, Sitting.held_on)
        .join(Sitting, Sitting.id == DoubleMark.sitting_id)
        .where(
            Sitting.exam_id == sitting.exam_id,
            DoubleMark.sitting_id != sitting.id,
            DoubleMark.state.in_(WAITING),
            DoubleMark.person_id.in_(person_ids),
        )
    )
    return ((person_id, 0, held_on, ResultOutcome.FAILED) for person_id, held_on in rows)


def _results_elsewhere(sitting: Sitting, person_ids: Collection[int]) -> Iterable[Any]:
    return db.session.execute(
        select(Result.person_id, Result.attempt, Sitting.held_on, Result.outcome)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(
            Result.exam_id == sitting.exam_id,
            Result.sitting_id != sitting.id,
            Result.person_id.in_(person_ids),
        )
    )


def find_too_early(sitting: Sitting) -> tuple[int, date | None]:
    """How many of the cohort failed this exam so shortly before that a mark is refused, and on which day."""
    wait = timedelta(days=sitting.exam.resit_after_days)
    row = db.session.execute(
        select(func.count(Result.person_id.distinct()), func.max(Sitting.held_on))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(
            Enrolment,
            and_(Enrolment.person_id == Result.person_id, Enrolment.cohort_id == sitting.cohort_id),
        )
        .where(
            Result.exam_id == sitting.exam_id,
            Result.outcome == ResultOutcome.FAILED,
            Sitting.id != sitting.id,
            Sitting.held_on.between(sitting.held_on - wait + timedelta(days=1), sitting.held_on),
        )
    ).one()
    return row[0], row[1]


def corrections_of(result_ids: Collection[int]) -> dict[int, list[ResultCorrection]]:
    rows = db.session.scalars(
        select(ResultCorrection)
        .where(ResultCorrection.result_id.in_(result_ids))
        .order_by(ResultCorrection.id)
    )
    corrections: dict[int, list[ResultCorrection]] = defaultdict(list)
    for row in rows:
        corrections[row.result_id].append(row)
    return corrections


def passed_person_ids(course_id: int, person_ids: Collection[int] | None = None) -> set[int]:
    """Who has passed an exam of the course: each person once, however often she sat."""
    statement = (
        select(Result.person_id)
        .join(Exam, Exam.id == Result.exam_id)
        .where(Exam.course_id == course_id, Result.outcome == ResultOutcome.PASSED)
        .distinct()
    )
    if person_ids is not None:
        statement = statement.where(Result.person_id.in_(person_ids))
    return set(db.session.scalars(statement))


def passed_in_cohort(cohort_id: int) -> set[int]:
    """Who of a cohort has passed an exam of its course, wherever she sat it."""
    return set(
        db.session.scalars(
            select(Result.person_id)
            .join(Exam, Exam.id == Result.exam_id)
            .join(Cohort, Cohort.course_id == Exam.course_id)
            .join(Enrolment, and_(Enrolment.cohort_id == Cohort.id, Enrolment.person_id == Result.person_id))
            .where(Cohort.id == cohort_id, Result.outcome == ResultOutcome.PASSED)
            .distinct()
        )
    )


def with_people(results: Sequence[Result]) -> Sequence[Result]:
    """The same results with their people, read at once."""
    ids = [result.id for result in results]
    people = select(Result).where(Result.id.in_(ids)).options(joinedload(Result.person)).order_by(Result.id)
    return db.session.scalars(people).all()
