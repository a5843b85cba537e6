"""What the history of a training's meetings tells, on the training's page."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.training.meetings.models import Meeting
from gdt.training.models import Module, TeacherTraining

tell(
    Meeting,
    _("Meeting"),
    {
        "title": Field(_("Title")),
        "module_id": Field(_("Module"), of=Module),
        "starts_at": Field(_("Begins")),
        "ends_at": Field(_("Ends")),
        "place": Field(_("Place")),
        "called_off_at": Field(_("Called off")),
    },
    untold="training_id sequence",
    part_of={"training_id": TeacherTraining},
    place=lambda _meeting: None,
)
