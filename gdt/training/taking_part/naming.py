"""A coordinator names teachers for a training: her own, or one who is typed."""

from collections.abc import Collection

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.filters import ngettext
from gdt.people.models import AffiliationRole, Person
from gdt.people.services import PersonFacts, register_person
from gdt.training.queries import list_teachers
from gdt.training.taking_part.models import TrainingInvitation
from gdt.training.taking_part.queries import find_offer
from gdt.training.taking_part.seating import seat
from gdt.training.taking_part.states import Answer, InvitationState, answered


def name_teachers(
    *,
    actor: Viewer,
    invitation: TrainingInvitation,
    person_ids: Collection[int],
    facts: PersonFacts | None,
    may_wait: bool,
) -> tuple[int, int]:
    """Name teachers of the institution, and one who is typed; returns (take part now, wait now).

    Naming somebody accepts an invitation that was not answered.
    """
    _refuse_unless_open(invitation)
    people = [one for one in list_teachers(invitation.institution_id) if one.id in person_ids]
    if facts is not None:
        people.append(_typed(actor, invitation, facts))
    if not people:
        raise DomainError(_("Choose teachers, or type one."), "teachers")
    if invitation.state is InvitationState.INVITED:
        invitation.state = answered(invitation.state, Answer.ACCEPT)
        invitation.answered_at, invitation.answered_by_name = now(), actor.name
    training, place = invitation.training, invitation.institution
    counts = seat(actor=actor, training=training, institution=place, people=people, may_wait=may_wait)
    if sum(counts):
        said = ngettext("Named %(num)s teacher: ", "Named %(num)s teachers: ", sum(counts))
        names = ", ".join(str(person) for person in people)
        audit.record(actor, "named", invitation, f"{said}{names}", institution_id=place.id)
    return counts


def _typed(actor: Viewer, invitation: TrainingInvitation, facts: PersonFacts) -> Person:
    person, _was_known = register_person(
        actor=actor,
        institution=invitation.institution,
        role=AffiliationRole.TEACHER,
        facts=facts,
        from_on=now().date(),
    )
    return person


def _refuse_unless_open(invitation: TrainingInvitation) -> None:
    training, offer = invitation.training, find_offer(invitation.training)
    last = offer.name_until if offer is not None else None
    if training.starts_on <= now().date():
        raise DomainError(_("The training has begun, so nobody is named any more."))
    if last is not None and last < now().date():
        raise DomainError(
            _("Teachers could be named until %(day)s. Ask the programme office.", day=written(last))
        )
    if invitation.state not in {InvitationState.INVITED, InvitationState.ACCEPTED}:
        raise DomainError(_("Accept the invitation first."))
