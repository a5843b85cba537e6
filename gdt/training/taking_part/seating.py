"""Giving places in a training: to those who are named, and to the waiting list when one comes free."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.row_security import everything
from gdt.training.models import TeacherTraining, TrainingParticipant
from gdt.training.taking_part import queries
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.room import Room, Waiting, who_moves_up
from gdt.training.taking_part.states import Act, PartState, StepRefused, after
from gdt.training.taking_part.telling import tell_moved_up, tell_named
from gdt.training.training_queries import list_participant_person_ids


def seat(
    *,
    actor: Viewer,
    training: TeacherTraining,
    institution: Institution,
    people: Sequence[Person],
    may_wait: bool,
) -> tuple[int, int]:
    """Give people of an institution places, in their order; returns (take part now, wait now).

    Where there are not enough places, nothing is kept unless the others may wait. Who takes part or waits
    already is passed over.
    """
    with everything():
        queries.hold_training(training)
        here = list_participant_person_ids(training)
        known = queries.applications_of(training, [person.id for person in people])
        fresh = [p for p in people if p.id not in here and not _waits(known.get(p.id))]
        seated = _fitting(queries.room_of(training), institution, fresh)
        if len(seated) < len(fresh) and not may_wait:
            raise DomainError(_too_few(institution, len(seated), len(fresh)), "teachers")
        for person in fresh:
            _name(actor, training, institution, person, known.get(person.id), takes=person.id in seated)
        tell_named([person for person in fresh if person.id in seated], training, actor)
    return len(seated), len(fresh) - len(seated)


def _waits(known: TrainingApplication | None) -> bool:
    return known is not None and known.state is PartState.WAITING


def _fitting(room: Room, institution: Institution, people: Sequence[Person]) -> set[int]:
    """For whom of the people there is a place, the first first."""
    return set(who_moves_up(room, [Waiting(person.id, institution.id) for person in people]))


def _too_few(institution: Institution, free: int, chosen: int) -> str:
    return str(
        ngettext(
            "%(place)s has %(num)s free place, and you chose %(chosen)s teachers. Choose fewer, or tick "
            "that the others wait until a place comes free.",
            "%(place)s has %(num)s free places, and you chose %(chosen)s teachers. Choose fewer, or tick "
            "that the others wait until a place comes free.",
            free,
            place=institution,
            chosen=chosen,
        )
    )


def _name(
    actor: Viewer,
    training: TeacherTraining,
    institution: Institution,
    person: Person,
    known: TrainingApplication | None,
    *,
    takes: bool,
) -> None:
    start = PartState.NAMED if known is None else after(known.state, Act.NAME_AGAIN)
    named = known or TrainingApplication(training=training, person=person)
    named.institution, named.named_by_name = institution, actor.name
    named.state = after(start, Act.TAKE_PLACE if takes else Act.QUEUE)
    named.queued_at = named.settled_at = now()
    named.confirmed_at = None
    db.session.add(named)
    if takes:
        db.session.add(TrainingParticipant(training=training, person=person, institution=institution))
    db.session.flush()


def withdraw(*, actor: Viewer, application: TrainingApplication) -> None:
    """Take somebody out of a training that has not begun; whoever waits longest takes her place."""
    training = application.training
    with everything():
        queries.hold_training(training)
        db.session.refresh(application, ["state"])
        if training.starts_on <= now().date():
            raise DomainError(_("The training has begun: the office records who withdrew."))
        try:
            state = after(application.state, Act.WITHDRAW)
        except StepRefused as error:
            raise DomainError(_("%(name)s does not take part any more.", name=application.person)) from error
        participant = queries.find_participant(training, application.person_id)
        if participant is not None:
            if participant.outcomes:
                raise DomainError(_("Outcomes are recorded already; record there that somebody withdrew."))
            db.session.delete(participant)
        application.state, application.settled_at = state, now()
        said = _("Withdrew %(name)s.", name=application.person)
        audit.record(actor, "withdrew", application, said, institution_id=application.institution_id)
        move_up(training)


def move_up(training: TeacherTraining) -> int:
    """Give free places to whoever waits, first come first served, and tell them; returns to how many."""
    if training.starts_on <= now().date():
        return 0
    waiting = {one.id: one for one in queries.list_waiting(training)}
    line = [Waiting(one.id, one.institution_id) for one in waiting.values()]
    chosen = [waiting[key] for key in who_moves_up(queries.room_of(training), line)] if line else []
    for one in chosen:
        one.state, one.settled_at = after(one.state, Act.TAKE_PLACE), now()
        db.session.add(TrainingParticipant(training=training, person=one.person, institution=one.institution))
        said = _("%(name)s moved up from the waiting list.", name=one.person)
        audit.record(OFFICE, "moved up", one, said, institution_id=one.institution_id)
    tell_moved_up(chosen)
    return len(chosen)


def close_waiting_list(training: TeacherTraining) -> int:
    """Once a training has begun nobody moves up any more; returns how many that ends."""
    waiting = queries.list_waiting(training)
    for one in waiting:
        one.state, one.settled_at = after(one.state, Act.CLOSE), now()
        said = _("The training began, and no place came free for %(name)s.", name=one.person)
        audit.record(OFFICE, "closed", one, said, institution_id=one.institution_id)
    return len(waiting)
