"""What teacher trainings put on the home pages: places to answer for and to fill, attendance to record."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.impact.home_steps import Step, home_steps
from gdt.training.meetings.queries import list_trainings_without_attendance
from gdt.training.taking_part.models import TrainingInvitation
from gdt.training.taking_part.queries import count_taking, list_open_invitations, list_unanswered
from gdt.training.taking_part.states import InvitationState

NAMED = 5


@home_steps
def invitation_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """For an institution: the places that wait for its answer, or for its teachers."""
    if not viewer.role.is_of_one_institution or not may(viewer, Permission.TRAININGS_APPLY):
        return
    found = list_open_invitations(viewer, today)[:NAMED]
    taking = count_taking([one.id for one, _until in found])
    for one, until in found:
        if step := _places(one, taking.get(one.id, 0), until or one.training.starts_on - timedelta(days=1)):
            yield step


def _places(invitation: TrainingInvitation, taken: int, until: date) -> Step | None:
    url = url_for("training.training_invitation", invitation_id=invitation.id)
    title, free = invitation.training.title, invitation.places - taken
    if invitation.state is InvitationState.INVITED:
        sentence = ngettext(
            "%(num)s place is kept for your teachers: %(title)s.",
            "%(num)s places are kept for your teachers: %(title)s.",
            invitation.places,
            title=title,
        )
        return Step(sentence, url, _("Answer"), due_on=until)
    if free <= 0:
        return None
    sentence = ngettext(
        "%(num)s of your places is free: %(title)s.",
        "%(num)s of your places are free: %(title)s.",
        free,
        title=title,
    )
    return Step(sentence, url, _("Name teachers"), due_on=until)


@home_steps
def office_training_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """For the office: meetings of which nobody has said who was there, and invitations without an answer."""
    if not may(viewer, Permission.TRAININGS_MANAGE):
        return
    for training in list_trainings_without_attendance(today)[:NAMED]:
        sentence = _("Nobody has said yet who was in the meetings of %(title)s.", title=training.title)
        yield Step(sentence, url_for("training.timetable", code=training.code), _("Record who was there"))
    for training, count in list_unanswered(today)[:NAMED]:
        sentence = ngettext(
            "%(num)s institution has not answered: %(title)s.",
            "%(num)s institutions have not answered: %(title)s.",
            count,
            title=training.title,
        )
        url = url_for("training.training_places", code=training.code)
        yield Step(sentence, url, _("See the places"), kind="neutral", due_on=training.starts_on)
