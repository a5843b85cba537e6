"""Asking participants what they think of a training, by a secret link, and keeping what they answer."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.mail import Note, send_all
from gdt.routines import routine
from gdt.row_security import everything
from gdt.training.feedback import queries
from gdt.training.feedback.models import FeedbackRequest, TrainingFeedback
from gdt.training.feedback.totals import Pace
from gdt.training.models import TeacherTraining
from gdt.training.taking_part.queries import list_trainings_with_a_queue
from gdt.training.taking_part.seating import close_waiting_list

ASKED_WITHIN = timedelta(days=14)
PORTION = 100


@routine
def ask_after_trainings() -> None:
    """The day after a training its participants are asked; who still waited for a place is told no more."""
    ask_on(now().date())
    with unit_of_work():
        for training in list_trainings_with_a_queue(now().date()):
            close_waiting_list(training)


def ask_on(day: date) -> int:
    """Ask whoever's training ended in the last two weeks and was not asked; returns how many."""
    asked = PORTION
    total = 0
    while asked == PORTION:
        with unit_of_work(), force_locale("en"):
            asked = _ask(day)
        total += asked
    return total


def _ask(day: date) -> int:
    people = queries.list_to_ask(day - ASKED_WITHIN, day - timedelta(days=1), limit=PORTION)
    notes = []
    for one in people:
        token = secrets.token_urlsafe(32)
        db.session.add(FeedbackRequest(participant=one, token_hash=hash_of(token)))
        notes.append(
            Note(
                template="training_feedback",
                to=one.person.email or "",
                subject=_("What did you think of %(training)s?", training=one.training),
                context={
                    "name": one.person.printed_name,
                    "training": one.training,
                    "url": f"{current_app.config['BASE_URL']}/training-feedback/{token}",
                },
                key=f"training-feedback:{one.id}",
            )
        )
    send_all(notes)
    return len(people)


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def open_link(token: str) -> tuple[TeacherTraining, bool]:
    """The training a secret link asks about, and whether it was answered. Raises RecordNotFound."""
    with everything():
        return _told(queries.find_request(hash_of(token)))


def open_own(viewer: Viewer, code: str) -> tuple[TeacherTraining, bool]:
    """The same for a teacher who signs in, about a training she took part in."""
    with everything():
        return _told(queries.find_own_request(viewer.person_id, code))


def give_feedback(*, token: str, usefulness: int, pace: Pace, recommends: bool, words: str) -> None:
    """Keep one answer for one link, without a trace of whose it is: not even in the trail."""
    with everything():
        _keep(queries.find_request(hash_of(token)), usefulness, pace, recommends, words)


def give_own_feedback(
    *, viewer: Viewer, code: str, usefulness: int, pace: Pace, recommends: bool, words: str
) -> None:
    """Keep the one answer of a teacher who signs in; whose it is goes nowhere, as with a link."""
    with everything():
        _keep(queries.find_own_request(viewer.person_id, code), usefulness, pace, recommends, words)


def _told(request: FeedbackRequest | None) -> tuple[TeacherTraining, bool]:
    if request is None:
        raise RecordNotFound
    return request.participant.training, request.is_answered


def _keep(request: FeedbackRequest | None, usefulness: int, pace: Pace, recommends: bool, words: str) -> None:
    if request is None:
        raise RecordNotFound
    if request.is_answered:
        raise DomainError(_("You have answered already. Thank you."))
    request.is_answered = True
    answer = TrainingFeedback(training_id=request.participant.training_id, usefulness=usefulness)
    answer.pace, answer.recommends, answer.words = pace, recommends, words
    db.session.add(answer)
