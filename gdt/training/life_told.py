"""What the history of a training's places and timetable tells: invitations, those named, meetings."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.people.models import Person
from gdt.training.meetings.models import Meeting
from gdt.training.models import TeacherTraining
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.taking_part.words import INVITATIONS, PARTS

tell(
    TrainingInvitation,
    _("Invitation"),
    {
        "places": Field(_("Places")),
        "state": Field(_("Answer"), INVITATIONS),
        "reason": Field(_("Why")),
    },
    untold="training_id institution_id invited_at invited_by_name answered_at answered_by_name",
    part_of={"training_id": TeacherTraining},
)
tell(
    TrainingApplication,
    _("Place"),
    {"state": Field(_("State"), PARTS)},
    untold="training_id person_id institution_id queued_at settled_at named_by_name",
    part_of={"training_id": TeacherTraining, "person_id": Person},
)
tell(
    Meeting,
    _("Meeting"),
    {
        "title": Field(_("Title")),
        "starts_at": Field(_("Begins")),
        "ends_at": Field(_("Ends")),
        "place": Field(_("Room or link")),
        "called_off_at": Field(_("Called off")),
    },
    untold="training_id module_id sequence",
    part_of={"training_id": TeacherTraining},
    place=lambda _meeting: None,
)
