"""Reading the timetable of a training, and who was in which meeting."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from gdt.access import Viewer, within
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.partners.time_zones import UTC_NAME
from gdt.people.models import Person
from gdt.training.meetings.models import Meeting, MeetingAttendance
from gdt.training.models import TeacherTraining, TrainingParticipant
from gdt.training.taking_part.queries import find_offer

RECENT = timedelta(days=60)  # older meetings are history, not work


def list_meetings(training: TeacherTraining) -> Sequence[Meeting]:
    """The timetable in order, with what was called off."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.training_id == training.id)
        .options(joinedload(Meeting.module))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def get_meeting(training: TeacherTraining, meeting_id: int) -> Meeting:
    found = db.session.scalar(
        select(Meeting).where(Meeting.id == meeting_id, Meeting.training_id == training.id)
    )
    if found is None:
        raise RecordNotFound
    return found


def zone_of_training(training: TeacherTraining) -> str:
    """The zone in which the timetable is typed: the one that was chosen, else the host's."""
    offer = find_offer(training)
    if offer is not None:
        return offer.time_zone
    return training.host.zone if training.host else UTC_NAME


def list_zones(training: TeacherTraining) -> list[str]:
    """The zones of those who take part, the training's own first."""
    theirs = {
        part.institution.zone
        for part in db.session.scalars(
            select(TrainingParticipant)
            .where(TrainingParticipant.training_id == training.id)
            .options(joinedload(TrainingParticipant.institution))
        )
    }
    zones = [zone_of_training(training), *sorted(theirs)]
    return list(dict.fromkeys(zones))


def list_participants(viewer: Viewer, training: TeacherTraining) -> Sequence[TrainingParticipant]:
    """Everybody who takes part, of those the viewer sees, by name."""
    return db.session.scalars(
        select(TrainingParticipant)
        .join(Person, Person.id == TrainingParticipant.person_id)
        .where(
            TrainingParticipant.training_id == training.id,
            within(viewer, TrainingParticipant.institution_id),
        )
        .options(contains_eager(TrainingParticipant.person), joinedload(TrainingParticipant.institution))
        .order_by(Person.printed_name, Person.id)
    ).all()


def attendance_of(meetings: Collection[Meeting]) -> dict[tuple[int, int], MeetingAttendance]:
    """What is recorded of meetings, by participant and meeting."""
    found = db.session.scalars(
        select(MeetingAttendance).where(MeetingAttendance.meeting_id.in_([one.id for one in meetings]))
    )
    return {(one.participant_id, one.meeting_id): one for one in found}


def count_attended(training: TeacherTraining) -> dict[int, dict[bool, int]]:
    """For each meeting how many were there and how many were not."""
    counts: dict[int, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    rows = db.session.scalars(select(MeetingAttendance).where(MeetingAttendance.training_id == training.id))
    for one in rows:
        counts[one.meeting_id][one.was_there] += 1
    return counts


def list_trainings_without_attendance(today: date) -> Sequence[TeacherTraining]:
    """Trainings with a meeting of the last weeks of which nobody has said who was there, the latest first."""
    begun = (
        select(Meeting.training_id)
        .where(
            Meeting.called_off_at.is_(None),
            Meeting.starts_at <= now(),
            Meeting.starts_at >= datetime.combine(today - RECENT, time(), UTC),
            ~exists().where(MeetingAttendance.meeting_id == Meeting.id),
        )
        .distinct()
    )
    takes_part = exists().where(TrainingParticipant.training_id == TeacherTraining.id)
    return db.session.scalars(
        select(TeacherTraining)
        .where(TeacherTraining.id.in_(begun), takes_part)
        .order_by(TeacherTraining.starts_on.desc(), TeacherTraining.id)
    ).all()


def count_attended_by(participant_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """In how many meetings each participant was, of those of which somebody has said it."""
    there = func.sum(case((MeetingAttendance.was_there, 1), else_=0))
    rows = db.session.execute(
        select(MeetingAttendance.participant_id, there, func.count())
        .where(MeetingAttendance.participant_id.in_(participant_ids))
        .group_by(MeetingAttendance.participant_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in rows}
