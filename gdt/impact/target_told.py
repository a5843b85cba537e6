"""What the history of targets tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.impact.target_models import Target

tell(
    Target,
    _("Targets"),
    {"teachers": Field(_("Teachers")), "students": Field(_("Students"))},
    untold="year level place_id is_imported",
    place=lambda _target: None,
)
