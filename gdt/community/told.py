"""What the history of community projects tells, and of the places they worked in."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.community.models import Project, ProjectPlace
from gdt.community.words import KINDS, STATES

tell(
    Project,
    _("Project"),
    {
        "kind": Field(_("Kind"), KINDS),
        "title": Field(_("Title")),
        "story": Field(_("Story")),
        "starts_on": Field(_("First day")),
        "ends_on": Field(_("Last day")),
        "people_taking_part": Field(_("People taking part")),
        "people_helped": Field(_("People helped")),
        "products_helped": Field(_("Products helped")),
        "businesses_helped": Field(_("Businesses helped")),
        "may_be_shown": Field(_("May be shown")),
        "state": Field(_("State"), STATES),
    },
    # What is asked, answered and decided stands in the sentence of its event.
    untold="code institution_id written_at written_by_name sent_at question answer reason decided_at"
    " decided_by_name",
)
tell(
    ProjectPlace,
    _("Place of a project"),
    {
        "name": Field(_("Name")),
        "latitude": Field(_("Latitude")),
        "longitude": Field(_("Longitude")),
    },
    untold="project_id country_id",
    part_of={"project_id": Project},
    place=lambda place: place.project.institution_id,
    name=lambda place: str(place.name),
)
