"""What the history of a training's places tells: what institutions answered, and who was named."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.people.models import Person
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
    {"state": Field(_("State"), PARTS), "confirmed_at": Field(_("Said to come"))},
    untold="training_id person_id institution_id queued_at settled_at named_by_name",
    part_of={"training_id": TeacherTraining, "person_id": Person},
)
