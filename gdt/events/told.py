"""What the history of an event tells; of the people at it only what they and the office did, never who."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.events.models import Event, EventSession
from gdt.events.states import EventState
from gdt.events.words import MODES

STATES = {
    EventState.DRAFT: _("draft"),
    EventState.ANNOUNCED: _("announced"),
    EventState.CANCELLED: _("cancelled"),
}

tell(
    Event,
    _("Event"),
    {
        "title": Field(_("Title")),
        "about": Field(_("What it is about")),
        "mode": Field(_("How it is held"), MODES),
        "place": Field(_("Place")),
        "time_zone": Field(_("Time of")),
        "starts_at": Field(_("Starts")),
        "ends_at": Field(_("Ends")),
        "places": Field(_("Places")),
        "is_for_all": Field(_("Anyone may register")),
        "register_until": Field(_("Registration until")),
        "state": Field(_("State"), STATES),
        "cancelled_because": Field(_("Reason")),
    },
    untold="code online_url cancelled_at changed_at",  # the link is for those who have a place
    place=lambda _event: None,
)
tell(
    EventSession,
    _("Programme"),
    {
        "title": Field(_("What")),
        "starts_at": Field(_("Starts")),
        "ends_at": Field(_("Ends")),
        "speaker": Field(_("Who speaks")),
        "room": Field(_("Room")),
    },
    untold="event_id",
    part_of={"event_id": Event},
    place=lambda _line: None,
)
