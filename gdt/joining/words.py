"""The states of applications and the items of the checklist in words."""

from flask_babel import lazy_gettext as _

from gdt.joining.application_states import ApplicationState, CheckItem
from gdt.joining.models import Voice

STATES = {
    ApplicationState.RECEIVED: (_("Waits for the office"), "attention"),
    ApplicationState.ASKED: (_("Asked back, waits for the applicant"), "progress"),
    ApplicationState.ACCEPTED: (_("Accepted"), "ok"),
    ApplicationState.DECLINED: (_("Declined"), "neutral"),
    ApplicationState.WITHDRAWN: (_("Withdrawn by the applicant"), "neutral"),
}
ITEMS = {
    CheckItem.EXISTS: _("The institution exists and may teach: its register or ministry was looked up"),
    CheckItem.LEAD: _("The lead works there: confirmed by the institution, not only by the form"),
    CheckItem.TEACHERS: _("It has teachers who can come to a training in the first year"),
    CheckItem.MODULES: _("The modules it wants fit those it teaches"),
    CheckItem.PRIVACY: _("It may keep and send us personal data under its own law"),
}
VOICES = {
    Voice.APPLICANT: _("The applicant"),
    Voice.OFFICE: _("The office"),
    Voice.INSIDE: _("Inside the office"),
}
