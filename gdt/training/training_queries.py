"""Reading teacher trainings: which there are, who takes part, and what came of each module."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from gdt.access import OFFICE, Viewer, within
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.people.models import Person
from gdt.training.models import (
    Qualification,
    TeacherTraining,
    TrainingOutcome,
    TrainingParticipant,
)


def get_training(code: str) -> TeacherTraining:
    training = db.session.scalar(
        select(TeacherTraining)
        .where(TeacherTraining.code == code.strip().lower())
        .options(selectinload(TeacherTraining.modules), joinedload(TeacherTraining.host))
    )
    if training is None:
        raise RecordNotFound
    return training


def trainings(*, search: str = "", year: int | None = None) -> Select[TeacherTraining]:
    """The trainings of a list, before it is sorted and cut into pages."""
    statement = select(TeacherTraining).options(selectinload(TeacherTraining.modules))
    if words := search.strip():
        columns = (TeacherTraining.title, TeacherTraining.code, TeacherTraining.trainers)
        statement = statement.where(any_contains(columns, words))
    if year:
        statement = statement.where(TeacherTraining.starts_on.between(date(year, 1, 1), date(year, 12, 31)))
    return statement


def list_training_codes() -> Sequence[str]:
    return db.session.scalars(select(TeacherTraining.code)).all()


def count_participants(training_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(TrainingParticipant.training_id, func.count())
        .where(TrainingParticipant.training_id.in_(training_ids))
        .group_by(TrainingParticipant.training_id)
    )
    return {row[0]: row[1] for row in rows}


def participants(viewer: Viewer, training: TeacherTraining) -> Select[TrainingParticipant]:
    """Who takes part, of those the viewer sees, with outcomes; before they are sorted and cut into pages."""
    return (
        select(TrainingParticipant)
        .join(Person, Person.id == TrainingParticipant.person_id)
        .where(
            TrainingParticipant.training_id == training.id,
            within(viewer, TrainingParticipant.institution_id),
        )
        .options(
            contains_eager(TrainingParticipant.person),
            joinedload(TrainingParticipant.institution),
            selectinload(TrainingParticipant.outcomes),
        )
    )


def list_participants(training: TeacherTraining, ids: Collection[int]) -> Sequence[TrainingParticipant]:
    """These participants, held until the transaction ends."""
    return db.session.scalars(
        participants(OFFICE, training)
        .where(TrainingParticipant.id.in_(ids))
        .with_for_update(of=TrainingParticipant)
    ).all()


def list_participant_person_ids(training: TeacherTraining) -> set[int]:
    return set(
        db.session.scalars(
            select(TrainingParticipant.person_id).where(TrainingParticipant.training_id == training.id)
        )
    )


def count_outcomes(training: TeacherTraining) -> dict[str, int]:
    rows = db.session.execute(
        select(TrainingOutcome.outcome, func.count())
        .where(TrainingOutcome.training_id == training.id)
        .group_by(TrainingOutcome.outcome)
    )
    return {outcome.value: count for outcome, count in rows}


def list_qualifications_from(
    training: TeacherTraining, person_ids: Collection[int]
) -> Sequence[Qualification]:
    """What these persons hold from the day this training ends, whichever training gave it."""
    return db.session.scalars(
        select(Qualification).where(
            Qualification.person_id.in_(person_ids), Qualification.valid_from == training.ends_on
        )
    ).all()


def list_trainings_of(viewer: Viewer, person: Person) -> Sequence[TrainingParticipant]:
    """The trainings a person took part in for the viewer's institution, the latest first."""
    return db.session.scalars(
        select(TrainingParticipant)
        .join(TeacherTraining, TeacherTraining.id == TrainingParticipant.training_id)
        .where(
            TrainingParticipant.person_id == person.id,
            within(viewer, TrainingParticipant.institution_id),
        )
        .options(
            contains_eager(TrainingParticipant.training),
            selectinload(TrainingParticipant.outcomes).joinedload(TrainingOutcome.module),
        )
        .order_by(TeacherTraining.starts_on.desc())
    ).all()


def list_years() -> list[int]:
    """Each year in which a training began, the latest first."""
    starts = select(func.min(TeacherTraining.starts_on), func.max(TeacherTraining.starts_on))
    first, last = db.session.execute(starts).one()
    return list(range(last.year, first.year - 1, -1)) if first else []
