"""Reading who is to be asked about a training, whose link it is, and what was answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from gdt.database import db
from gdt.people.models import Person
from gdt.training.feedback.models import FeedbackRequest, TrainingFeedback
from gdt.training.feedback.totals import Answer
from gdt.training.models import TeacherTraining, TrainingParticipant


def list_to_ask(first: date, last: date, *, limit: int) -> Sequence[TrainingParticipant]:
    """Participants of trainings that ended between two days who have an address and were not asked."""
    return db.session.scalars(
        select(TrainingParticipant)
        .join(TrainingParticipant.training)
        .join(Person, Person.id == TrainingParticipant.person_id)
        .where(
            TeacherTraining.ends_on.between(first, last),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            ~exists().where(FeedbackRequest.participant_id == TrainingParticipant.id),
        )
        .options(joinedload(TrainingParticipant.person), joinedload(TrainingParticipant.training))
        .order_by(TrainingParticipant.id)
        .limit(limit)
        .with_for_update(of=TrainingParticipant, skip_locked=True)
    ).all()


def find_request(token_hash: str) -> FeedbackRequest | None:
    """The request of a secret link, held until the transaction ends."""
    return db.session.scalar(
        select(FeedbackRequest)
        .where(FeedbackRequest.token_hash == token_hash)
        .options(joinedload(FeedbackRequest.participant).joinedload(TrainingParticipant.training))
        .with_for_update(of=FeedbackRequest)
    )


def list_asked(person_id: int) -> Sequence[TrainingParticipant]:
    """Where somebody took part, was asked what she thinks of it, and has not answered yet."""
    return db.session.scalars(
        select(TrainingParticipant)
        .join(FeedbackRequest, FeedbackRequest.participant_id == TrainingParticipant.id)
        .where(TrainingParticipant.person_id == person_id, FeedbackRequest.is_answered.is_(False))
        .options(joinedload(TrainingParticipant.training))
        .order_by(TrainingParticipant.id)
    ).all()


def find_own_request(person_id: int | None, code: str) -> FeedbackRequest | None:
    """What somebody was asked about a training, held until the transaction ends."""
    return db.session.scalar(
        select(FeedbackRequest)
        .join(FeedbackRequest.participant)
        .join(TrainingParticipant.training)
        .where(TrainingParticipant.person_id == person_id, TeacherTraining.code == code.strip().lower())
        .options(contains_eager(FeedbackRequest.participant).contains_eager(TrainingParticipant.training))
        .with_for_update(of=FeedbackRequest)
    )


def list_answers(training: TeacherTraining) -> list[Answer]:
    rows = db.session.scalars(select(TrainingFeedback).where(TrainingFeedback.training_id == training.id))
    return [Answer(row.usefulness, row.pace, row.recommends, row.words) for row in rows]


def count_asked(training: TeacherTraining) -> int:
    found = (
        select(func.count(FeedbackRequest.id))
        .join(TrainingParticipant, TrainingParticipant.id == FeedbackRequest.participant_id)
        .where(TrainingParticipant.training_id == training.id)
    )
    return db.session.scalar(found) or 0
