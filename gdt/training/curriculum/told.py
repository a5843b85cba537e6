"""What the history of the versions of modules and courses tells, on the pages of the modules and courses."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.training.curriculum.models import CourseVersion, ModuleVersion
from gdt.training.models import Course, Module

STATES = {"draft": _("draft"), "published": _("published"), "retired": _("retired")}
VERSION = {
    "label": Field(_("Version")),
    "summary": Field(_("Summary")),
    "outcomes": Field(_("What is learned")),
    "languages": Field(_("Languages")),
    "changes": Field(_("What is new")),
    "state": Field(_("State"), STATES),
    "taught_from": Field(_("Taught from")),
    "taught_until": Field(_("Taught until")),
}
DECIDED = "number published_at published_by_name"

tell(
    ModuleVersion,
    _("Version of a module"),
    {**VERSION, "hours": Field(_("Hours"))},
    untold=f"{DECIDED} module_id",
    part_of={"module_id": Module},
    place=lambda _version: None,
)
tell(
    CourseVersion,
    _("Version of a course"),
    {**VERSION, "exam_rule": Field(_("Rule of the exam")), "modules": Field(_("Modules"))},
    untold=f"{DECIDED} course_id",
    part_of={"course_id": Course},
    place=lambda _version: None,
)
