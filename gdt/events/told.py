"""What the history of an event tells, and of its programme."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.events.models import Event, EventSession
from gdt.events.words import MODES

TIMES = {"starts_at": Field(_("Begins")), "ends_at": Field(_("Ends"))}
STATES = {"draft": _("draft"), "announced": _("announced"), "cancelled": _("cancelled")}

tell(
    Event,
    _("Event"),
    {
        "title": Field(_("Title")),
        "about": Field(_("About")),
        "mode": Field(_("Mode"), MODES),
        "place": Field(_("Place")),
        "online_url": Field(_("Address online")),
        "time_zone": Field(_("Time zone")),
        **TIMES,
        "places": Field(_("Places")),
        "is_for_all": Field(_("For all")),
        "register_until": Field(_("Registration until")),
        "state": Field(_("State"), STATES),
        "cancelled_because": Field(_("Cancelled because")),
    },
    untold="code cancelled_at changed_at",
    place=lambda _event: None,
)
tell(
    EventSession,
    _("Part of the programme"),
    {
        **TIMES,
        "title": Field(_("Title")),
        "speaker": Field(_("Speaker")),
        "room": Field(_("Room")),
    },
    untold="event_id",
    part_of={"event_id": Event},
    place=lambda _session: None,
)
