"""How corrections are worded: states, facts, and who speaks."""

from flask_babel import lazy_gettext as _

from gdt.certification.correction_requests.forms import OTHER
from gdt.certification.correction_requests.models import RequestState, Voice
from gdt.certification.wording import FACTS

STATES = {
    RequestState.OPEN: (_("Waits for the office"), "attention"),
    RequestState.ASKED: (_("Waits for the holder"), "progress"),
    RequestState.REPLACED: (_("Replaced"), "ok"),
    RequestState.REFUSED: (_("Refused"), "neutral"),
}
VOICES = {
    Voice.HOLDER: _("The holder"),
    Voice.OFFICE: _("To the holder"),
    Voice.INSIDE: _("Among ourselves"),
}
ASKED_ABOUT = {**FACTS, OTHER: _("Something else")}
