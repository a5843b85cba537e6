"""What the history of a year's awards and of a nomination tells; never who gave which points."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.words import STATES

tell(
    AwardCall,
    _("Awards of a year"),
    {
        "opens_on": Field(_("Nominations from")),
        "closes_on": Field(_("Nominations until")),
        "judged_by": Field(_("Judged by")),
        "categories": Field(_("Categories")),
        "criteria": Field(_("Criteria")),
    },
    untold="year",
    place=lambda _call: None,
)
tell(
    Nomination,
    _("Nomination"),
    {
        "state": Field(_("State"), STATES),
        "case_for": Field(_("Why")),
        "may_be_named": Field(_("May be named in public")),
        "reason": Field(_("Reason")),
        "given_on": Field(_("Given on")),
        "given_at_place": Field(_("Given at")),
        "citation": Field(_("Citation")),
    },
    # Who and what was nominated cannot change; who decided, and when, stands beside the event.
    untold="call_id category_id nominee_kind institution_id person_id project_id nominated_by_id"
    " nominated_by_name nominated_at decided_by_id decided_by_name decided_at told_at",
)
