"""What the history of reporting rounds and of an institution's reports tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.words import STATES

tell(
    ReportingRound,
    _("Reporting round"),
    {"due_on": Field(_("Due on"))},
    untold="code year starts_on ends_on kinds opened_at opened_by_name",
    place=lambda _round: None,
)
tell(
    InstitutionReport,
    _("Report"),
    {
        "state": Field(_("State"), STATES),
        "correctable_until": Field(_("May be corrected until")),
    },
    # The figures are kept with the report; what was asked and answered stands in the sentence of its event.
    untold="round_id institution_id year starts_on ends_on figures first_submitted_on submitted_at"
    " submitted_by_name question answer approved_at approved_by_name last_reminded_on",
)
