"""The office offers places in a training and invites institutions; they accept or decline."""

from collections.abc import Mapping
from datetime import date

from flask import current_app
from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.accounts.queries import list_coordinators
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.mail import Note, send_all
from gdt.partners.models import Institution
from gdt.partners.time_zones import is_zone
from gdt.row_security import everything
from gdt.training.models import TeacherTraining
from gdt.training.taking_part import queries
from gdt.training.taking_part.models import TrainingInvitation, TrainingOffer
from gdt.training.taking_part.seating import move_up
from gdt.training.taking_part.states import KEEPING, Answer, InvitationState, StepRefused, answered
from gdt.training.taking_part.words import INVITATIONS


def offer_places(
    *, actor: Viewer, training: TeacherTraining, places: int | None, name_until: date | None, time_zone: str
) -> TrainingOffer:
    """Say how many may take part, until when teachers are named, and by which clock the timetable goes."""
    if not is_zone(time_zone):
        raise DomainError(_("Choose a time zone."), "time_zone")
    if name_until is not None and name_until >= training.starts_on:
        raise DomainError(_("Teachers are named before the training begins."), "name_until")
    with everything():
        queries.hold_training(training)
        room = queries.room_of(training)
        bound = sum(max(room.kept.get(i, 0), room.taken.get(i, 0)) for i in {*room.kept, *room.taken})
        if places is not None and places < bound:
            raise DomainError(_("%(n)s places are taken or kept for institutions.", n=bound), "places")
        offer = queries.find_offer(training) or TrainingOffer(training=training)
        offer.places, offer.name_until, offer.time_zone = places, name_until, time_zone
        db.session.add(offer)
        said = _("Offered %(n)s places.", n=places) if places else _("Offered places without a limit.")
        audit.record(actor, "offered", training, said)
        move_up(training)
    return offer


def invite_institutions(*, actor: Viewer, training: TeacherTraining, places: Mapping[int, int]) -> int:
    """Keep places for institutions (by id) and mail their coordinators; returns how many are invited now.

    Inviting again changes the number, and asks anew whoever had declined.
    """
    queries.hold_training(training)
    if training.starts_on <= now().date():
        raise DomainError(_("The training has begun, so nobody is invited any more."))
    _refuse_more_than_there_are(training, places)
    institutions = {one.id: one for one in _institutions(list(places))}
    invited = [
        _invite(actor, training, institutions[key], number)
        for key, number in places.items()
        if key in institutions
    ]
    with everything():
        move_up(training)
    _mail(actor, [one for one in invited if one.state is InvitationState.INVITED])
    return len(invited)


def _refuse_more_than_there_are(training: TeacherTraining, wanted: Mapping[int, int]) -> None:
    with everything():
        room = queries.room_of(training)
    kept = {**room.kept, **wanted}
    bound = sum(max(kept.get(i, 0), room.taken.get(i, 0)) for i in {*kept, *room.taken})
    if room.places is not None and bound > room.places:
        raise DomainError(
            _(
                "That makes %(bound)s places, and the training has %(places)s. Invite to fewer, or raise the "
                "number of places.",
                bound=bound,
                places=room.places,
            ),
            "places",
        )


def _institutions(ids: list[int]) -> list[Institution]:
    found = [db.session.get(Institution, key) for key in ids]
    return [one for one in found if one is not None]


def _invite(
    actor: Viewer, training: TeacherTraining, institution: Institution, places: int
) -> TrainingInvitation:
    known = queries.find_own_invitation(training, institution.id)
    invitation = known or TrainingInvitation(training=training, institution=institution)
    if known is not None and known.state not in KEEPING:
        invitation.state = answered(known.state, Answer.INVITE_AGAIN)
        invitation.answered_at = invitation.answered_by_name = invitation.reason = None
    if known is None:
        invitation.state = InvitationState.INVITED
    invitation.places, invitation.invited_by_name, invitation.invited_at = places, actor.name, now()
    db.session.add(invitation)
    said = _("Invited %(place)s to send %(n)s teachers.", place=institution, n=places)
    audit.record(actor, "invited", invitation, said, institution_id=institution.id)
    return invitation


def _mail(actor: Viewer, invited: list[TrainingInvitation]) -> None:
    base = current_app.config["BASE_URL"]
    send_all(
        [
            Note(
                template="training_invitation",
                to=user.email,
                subject=_("Teachers for %(training)s", training=one.training),
                context={
                    "name": user.name,
                    "invitation": one,
                    "training": one.training,
                    "inviter": actor.name,
                    "url": f"{base}/training-invitations/{one.id}",
                },
            )
            for one in invited
            for user in list_coordinators(one.institution_id)
        ]
    )


def accept(*, actor: Viewer, invitation: TrainingInvitation) -> None:
    """The institution sends teachers; it names them next."""
    _refuse_once_begun(invitation)
    _answer(actor, invitation, Answer.ACCEPT)
    said = _("%(place)s accepted its places.", place=invitation.institution)
    audit.record(actor, "accepted", invitation, said, institution_id=invitation.institution_id)


def decline(*, actor: Viewer, invitation: TrainingInvitation, reason: str) -> None:
    """The institution sends nobody; its places are free for whoever waits."""
    _refuse_once_begun(invitation)
    with everything():
        taken = queries.room_of(invitation.training).taken.get(invitation.institution_id, 0)
    if taken:
        raise DomainError(_("Your teachers take part. Withdraw them first, or keep the places."))
    _answer(actor, invitation, Answer.DECLINE)
    invitation.reason = reason
    said = _("%(place)s declined: %(why)s", place=invitation.institution, why=reason)
    audit.record(actor, "declined", invitation, said, institution_id=invitation.institution_id)
    with everything():
        move_up(invitation.training)


def withdraw_invitation(*, actor: Viewer, invitation: TrainingInvitation) -> None:
    """The office takes an invitation back that nobody has answered."""
    _answer(actor, invitation, Answer.WITHDRAW)
    said = _("Withdrew the invitation of %(place)s.", place=invitation.institution)
    audit.record(actor, "withdrew", invitation, said, institution_id=invitation.institution_id)
    with everything():
        move_up(invitation.training)


def _answer(actor: Viewer, invitation: TrainingInvitation, answer: Answer) -> None:
    queries.hold_training(invitation.training)
    db.session.refresh(invitation, ["state"])
    if answer is Answer.ACCEPT and invitation.state is InvitationState.DECLINED:
        _refuse_more_than_there_are(invitation.training, {invitation.institution_id: invitation.places})
    try:
        invitation.state = answered(invitation.state, answer)
    except StepRefused as error:
        word = str(INVITATIONS[invitation.state][0]).lower()
        raise DomainError(_("This cannot be done now: the invitation is %(state)s.", state=word)) from error
    invitation.answered_at, invitation.answered_by_name = now(), actor.name


def _refuse_once_begun(invitation: TrainingInvitation) -> None:
    if invitation.training.starts_on <= now().date():
        raise DomainError(_("The training has begun, so the invitation cannot be answered any more."))
