"""What the history of an application to join tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.joining.models import InstitutionApplication
from gdt.joining.words import STATES
from gdt.partners.standing import KINDS
from gdt.partners.told import COUNTRY

tell(
    InstitutionApplication,
    _("Application"),
    {
        "state": Field(_("State"), STATES),
        "name": Field(_("Name")),
        "native_name": Field(_("Name in its own script")),
        "kind": Field(_("Kind"), KINDS),
        "country_id": COUNTRY,
        "city": Field(_("City")),
        "website": Field(_("Website")),
        "teaches": Field(_("Whom it teaches")),
        "teachers_a_year": Field(_("Teachers a year")),
        "students_a_year": Field(_("Students a year")),
        "module_titles": Field(_("Modules")),
        "lead_name": Field(_("Lead")),
        "lead_duty": Field(_("Duty of the lead")),
        "lead_email": Field(_("E-mail of the lead")),
    },
    untold="link_key applied_at confirmed_at decided_at decided_by_name reason institution_id",
)
