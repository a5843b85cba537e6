"""A teacher training ahead, with every answer and state of taking part; what was said of the last one."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gdt.database import db
from gdt.demo.network import Network, Partner, moment, monday
from gdt.demo.rows import add_all, add_links
from gdt.training.feedback.models import FeedbackRequest, TrainingFeedback
from gdt.training.feedback.totals import Pace
from gdt.training.meetings.models import Meeting, MeetingAttendance
from gdt.training.models import Mode, TeacherTraining, TrainingModule, TrainingParticipant
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation, TrainingOffer
from gdt.training.taking_part.states import InvitationState, PartState

HOST = "utar"
ZONE = "Asia/Kuala_Lumpur"
PLACES = 6
# Who is invited, to how many places, what came of it, and whom it named.
INVITED: tuple[tuple[str, int, InvitationState, tuple[PartState, ...]], ...] = (
    (
        HOST,
        2,
        InvitationState.ACCEPTED,
        (PartState.TAKES_PART, PartState.TAKES_PART, PartState.WAITING, PartState.WITHDREW),
    ),
    ("thep-nakhon", 2, InvitationState.ACCEPTED, (PartState.TAKES_PART,)),
    ("cakra", 2, InvitationState.INVITED, ()),
    ("bajio", 2, InvitationState.DECLINED, ()),
)
SAID = (
    (5, Pace.RIGHT, True, "The cases of local markets. Keep them."),
    (4, Pace.RIGHT, True, "More time for our own campaign on the second day."),
    (5, Pace.TOO_FAST, True, ""),
    (3, Pace.TOO_FAST, True, "The afternoon was too late for us."),
    (4, Pace.RIGHT, True, ""),
    (5, Pace.RIGHT, True, "I use the templates with my students already."),
    (2, Pace.TOO_SLOW, False, "I knew the first half."),
)


def add_training_life(network: Network) -> None:
    """Write the training ahead, and the timetable and the answers of one that is over."""
    _add_ahead(network)
    past = db.session.scalars(
        select(TeacherTraining)
        .join(TrainingParticipant, TrainingParticipant.training_id == TeacherTraining.id)
        .where(TeacherTraining.ends_on < network.today - timedelta(days=20))
        .order_by(TeacherTraining.ends_on.desc(), TeacherTraining.id)
        .limit(1)
    ).first()
    if past is not None:
        _add_past(past)


def _add_ahead(network: Network) -> None:
    starts_on = monday(network.today + timedelta(days=45))
    row = {
        "code": f"tt-{starts_on.year}-next",
        "title": f"Train the trainer: Digital Marketing, South-East Asia, {starts_on:%B} {starts_on.year}",
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=2),
        "mode": Mode.HYBRID,
        "host_id": network.partners[HOST].id,
        "trainers": "Zhao Yuting, Ma Zhiqiang",
    }
    [training_id] = add_all(TeacherTraining, [row])
    add_links(TrainingModule, [{"training_id": training_id, "module_id": network.modules["DM"]}])
    last = starts_on - timedelta(days=14)
    add_all(
        TrainingOffer,
        [{"training_id": training_id, "places": PLACES, "name_until": last, "time_zone": ZONE}],
    )
    for code, places, state, named in INVITED:
        _invite(network, training_id, network.partners[code], places, state, named)
    meetings = [meeting_row(training_id, starts_on + timedelta(days=n), n) for n in range(3)]
    evening = meeting_row(training_id, starts_on + timedelta(days=1), 3)
    called_off = moment(network.today - timedelta(days=2))
    add_all(Meeting, [*meetings, evening | {"called_off_at": called_off, "sequence": 1}])


def _invite(
    network: Network,
    training_id: int,
    partner: Partner,
    places: int,
    state: InvitationState,
    named: tuple[PartState, ...],
) -> None:
    invited_at = moment(network.today - timedelta(days=12))
    invitation = TrainingInvitation(training_id=training_id, institution_id=partner.id, places=places)
    invitation.state, invitation.invited_by_name, invitation.invited_at = state, "Lin Wei", invited_at
    if state is not InvitationState.INVITED:
        invitation.answered_at = invited_at + timedelta(days=3)
        invitation.answered_by_name = "The coordinator"
    if state is InvitationState.DECLINED:
        invitation.reason = "Our examinations are in that week."
    db.session.add(invitation)
    here = {"training_id": training_id, "institution_id": partner.id}
    for position, (part, teacher) in enumerate(zip(named, partner.teachers[-len(named) :], strict=False)):
        named_at = invited_at + timedelta(days=4, minutes=position)
        about = here | {"person_id": teacher.person_id}
        told = {"state": part, "queued_at": named_at, "settled_at": named_at}
        db.session.add(TrainingApplication(**about, **told, named_by_name="The coordinator"))
        if part is PartState.TAKES_PART:
            db.session.add(TrainingParticipant(**about))


def meeting_row(training_id: int, day: date, number: int) -> dict[str, object]:
    """A meeting from two to five in the afternoon, or in the evening."""
    titles = ("Audiences", "A campaign across two channels", "Reading the figures", "Evening with alumni")
    zone = ZoneInfo(ZONE)
    begins = datetime(day.year, day.month, day.day, 19 if number == 3 else 14, tzinfo=zone)
    return {
        "training_id": training_id,
        "title": titles[number],
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=3),
        "place": "Room B 204 and https://meet.example.org/gdt",
        "sequence": 0,
        "called_off_at": None,
    }


def _add_past(training: TeacherTraining) -> None:
    """Most were there on both days; a few were not."""
    days = (training.starts_on, training.starts_on + timedelta(days=1))
    meetings = add_all(Meeting, [meeting_row(training.id, day, n) for n, day in enumerate(days)])
    people = db.session.scalars(
        select(TrainingParticipant.id)
        .where(TrainingParticipant.training_id == training.id)
        .order_by(TrainingParticipant.id)
    ).all()
    add_links(
        MeetingAttendance,
        [
            {
                "participant_id": key,
                "meeting_id": meeting,
                "training_id": training.id,
                "was_there": n % 7 != day,
            }
            for n, key in enumerate(people)
            for day, meeting in enumerate(meetings)
        ],
    )
    add_links(FeedbackRequest, [_asked(training, key, n < len(SAID)) for n, key in enumerate(people)])
    add_links(
        TrainingFeedback,
        [
            dict(
                zip(("usefulness", "pace", "recommends", "words"), said, strict=True), training_id=training.id
            )
            for said in SAID
        ],
    )


def _asked(training: TeacherTraining, participant_id: int, is_answered: bool) -> dict[str, object]:
    """Who was asked what she thinks, by a link that nobody was mailed."""
    return {
        "participant_id": participant_id,
        "token_hash": sha256(f"demo {participant_id}".encode()).hexdigest(),
        "asked_at": moment(training.ends_on + timedelta(days=1)),
        "is_answered": is_answered,
    }
