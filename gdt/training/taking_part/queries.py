"""Reading invitations to trainings, who was named, who waits, and how many places there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.training.models import TeacherTraining, TrainingParticipant
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation, TrainingOffer
from gdt.training.taking_part.room import Room
from gdt.training.taking_part.states import KEEPING, InvitationState, PartState

SOON_FIRST = [TeacherTraining.starts_on.desc(), TrainingInvitation.id]


def hold_training(training: TeacherTraining) -> None:
    """Hold a training until the transaction ends, so that no two people take the same place."""
    db.session.execute(select(TeacherTraining.id).where(TeacherTraining.id == training.id).with_for_update())


def find_offer(training: TeacherTraining) -> TrainingOffer | None:
    return db.session.scalar(select(TrainingOffer).where(TrainingOffer.training_id == training.id))


def room_of(training: TeacherTraining) -> Room:
    """The places of a training as they stand. It counts everybody, so look at all institutions."""
    offer = find_offer(training)
    kept = db.session.execute(
        select(TrainingInvitation.institution_id, TrainingInvitation.places).where(
            TrainingInvitation.training_id == training.id, TrainingInvitation.state.in_(KEEPING)
        )
    )
    taken = db.session.execute(
        select(TrainingParticipant.institution_id, func.count())
        .where(TrainingParticipant.training_id == training.id)
        .group_by(TrainingParticipant.institution_id)
    )
    return Room(offer.places if offer else None, _numbers(kept), _numbers(taken))


def _numbers(rows: Iterable[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in rows}


def list_waiting(training: TeacherTraining) -> Sequence[TrainingApplication]:
    """Who waits for a place, first come first."""
    return db.session.scalars(
        select(TrainingApplication)
        .where(TrainingApplication.training_id == training.id, TrainingApplication.state == PartState.WAITING)
        .order_by(TrainingApplication.queued_at, TrainingApplication.id)
        .options(joinedload(TrainingApplication.person), joinedload(TrainingApplication.institution))
    ).all()


def list_trainings_with_a_queue(day: date) -> Sequence[TeacherTraining]:
    """The trainings that have begun and still have somebody waiting."""
    waits = select(TrainingApplication.training_id).where(TrainingApplication.state == PartState.WAITING)
    return db.session.scalars(
        select(TeacherTraining).where(TeacherTraining.id.in_(waits), TeacherTraining.starts_on <= day)
    ).all()


def list_named(viewer: Viewer, training: TeacherTraining) -> Sequence[TrainingApplication]:
    """Everybody the viewer's institution named, by name."""
    return db.session.scalars(
        select(TrainingApplication)
        .join(Person, Person.id == TrainingApplication.person_id)
        .where(
            TrainingApplication.training_id == training.id,
            within(viewer, TrainingApplication.institution_id),
        )
        .options(contains_eager(TrainingApplication.person), joinedload(TrainingApplication.institution))
        .order_by(Person.printed_name, Person.id)
    ).all()


def applications_of(training: TeacherTraining, person_ids: Collection[int]) -> dict[int, TrainingApplication]:
    """What was said before of these persons, by person."""
    found = db.session.scalars(
        select(TrainingApplication).where(
            TrainingApplication.training_id == training.id, TrainingApplication.person_id.in_(person_ids)
        )
    )
    return {one.person_id: one for one in found}


def get_application(viewer: Viewer, application_id: int) -> TrainingApplication:
    found = db.session.scalar(
        select(TrainingApplication).where(
            TrainingApplication.id == application_id, within(viewer, TrainingApplication.institution_id)
        )
    )
    if found is None:
        raise RecordNotFound
    return found


def list_named_ahead(person_id: int, today: date) -> Sequence[TrainingApplication]:
    """The trainings ahead for which somebody was named and has a place or waits, the next first."""
    return db.session.scalars(
        select(TrainingApplication)
        .join(TrainingApplication.training)
        .where(
            TrainingApplication.person_id == person_id,
            TrainingApplication.state.in_((PartState.TAKES_PART, PartState.WAITING)),
            TeacherTraining.starts_on > today,
        )
        .options(contains_eager(TrainingApplication.training))
        .order_by(TeacherTraining.starts_on, TrainingApplication.id)
    ).all()


def get_own_application(person_id: int | None, code: str) -> TrainingApplication:
    """For what training somebody was named, by the training's code. Raises RecordNotFound."""
    found = db.session.scalar(
        select(TrainingApplication)
        .join(TrainingApplication.training)
        .where(TrainingApplication.person_id == person_id, TeacherTraining.code == code.strip().lower())
        .options(contains_eager(TrainingApplication.training))
    )
    if found is None:
        raise RecordNotFound
    return found


def find_participant(training: TeacherTraining, person_id: int) -> TrainingParticipant | None:
    return db.session.scalar(
        select(TrainingParticipant).where(
            TrainingParticipant.training_id == training.id, TrainingParticipant.person_id == person_id
        )
    )


def invitations(viewer: Viewer) -> Select[TrainingInvitation]:
    """The invitations of the viewer's institutions, before they are sorted and cut into pages."""
    return (
        select(TrainingInvitation)
        .join(TrainingInvitation.training)
        .where(within(viewer, TrainingInvitation.institution_id))
        .options(contains_eager(TrainingInvitation.training), joinedload(TrainingInvitation.institution))
    )


def get_invitation(viewer: Viewer, invitation_id: int) -> TrainingInvitation:
    found = db.session.scalar(invitations(viewer).where(TrainingInvitation.id == invitation_id))
    if found is None:
        raise RecordNotFound
    return found


def list_invitations(viewer: Viewer, training: TeacherTraining) -> Sequence[TrainingInvitation]:
    """Who is invited to a training, by name."""
    return db.session.scalars(
        invitations(viewer)
        .join(Institution, Institution.id == TrainingInvitation.institution_id)
        .where(TrainingInvitation.training_id == training.id)
        .order_by(Institution.name)
    ).all()


def find_own_invitation(training: TeacherTraining, institution_id: int) -> TrainingInvitation | None:
    return db.session.scalar(
        select(TrainingInvitation).where(
            TrainingInvitation.training_id == training.id,
            TrainingInvitation.institution_id == institution_id,
        )
    )


def count_parts(training: TeacherTraining) -> dict[int, dict[PartState, int]]:
    """For each institution how many of those it named stand in each state."""
    counts: dict[int, dict[PartState, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(TrainingApplication.institution_id, TrainingApplication.state, func.count())
        .where(TrainingApplication.training_id == training.id)
        .group_by(TrainingApplication.institution_id, TrainingApplication.state)
    )
    for institution_id, state, count in rows:
        counts[institution_id][state] = count
    return counts


def list_open_invitations(viewer: Viewer, today: date) -> list[tuple[TrainingInvitation, date | None]]:
    """Invitations the viewer's institution can still answer or name teachers for, each with its last day."""
    rows = db.session.execute(
        invitations(viewer)
        .outerjoin(TrainingOffer, TrainingOffer.training_id == TrainingInvitation.training_id)
        .where(
            TeacherTraining.starts_on > today,
            TrainingInvitation.state.in_(KEEPING),
            TrainingOffer.name_until.is_(None) | (TrainingOffer.name_until >= today),
        )
        .add_columns(TrainingOffer.name_until)
        .order_by(TeacherTraining.starts_on, TrainingInvitation.id)
    )
    return [(row[0], row[1]) for row in rows]


def count_taking(invitation_ids: Collection[int]) -> dict[int, int]:
    """How many of an invited institution take part, by invitation."""
    rows = db.session.execute(
        select(TrainingInvitation.id, func.count(TrainingParticipant.id))
        .join(
            TrainingParticipant,
            (TrainingParticipant.training_id == TrainingInvitation.training_id)
            & (TrainingParticipant.institution_id == TrainingInvitation.institution_id),
        )
        .where(TrainingInvitation.id.in_(invitation_ids))
        .group_by(TrainingInvitation.id)
    )
    return {row[0]: row[1] for row in rows}


def list_unanswered(today: date) -> list[tuple[TeacherTraining, int]]:
    """The trainings ahead with institutions that have not answered, the first to begin first."""
    rows = db.session.execute(
        select(TeacherTraining, func.count(TrainingInvitation.id))
        .join(TrainingInvitation, TrainingInvitation.training_id == TeacherTraining.id)
        .where(TrainingInvitation.state == InvitationState.INVITED, TeacherTraining.starts_on > today)
        .group_by(TeacherTraining.id)
        .order_by(TeacherTraining.starts_on, TeacherTraining.id)
    )
    return [(row[0], row[1]) for row in rows]
