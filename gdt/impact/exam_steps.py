"""What exams and events put on the home pages: marks that wait, sittings to look at, a list to be ticked."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.database import now
from gdt.events.queries import list_unticked
from gdt.exams.flag_models import FlagState
from gdt.exams.flag_queries import WantedFlags, count_by_state
from gdt.exams.moderation_queries import count_waiting
from gdt.impact.home_steps import Step, home_steps


@home_steps
def marking_steps(viewer: Viewer, _today: date) -> Iterator[Step]:
    """Two marks that differ for the office; first marks without a second one for whoever records marks."""
    if not may(viewer, Permission.RESULTS_RECORD):
        return
    once, differing = count_waiting(viewer)
    if differing and may(viewer, Permission.RESULTS_MODERATE):
        sentence = ngettext(
            "Two markers differ about %(num)s student.",
            "Two markers differ about %(num)s students.",
            differing,
        )
        yield Step(sentence, url_for("exams.moderation"), _("Decide"))
    elif once and not may(viewer, Permission.RESULTS_MODERATE):
        sentence = ngettext(
            "%(num)s mark waits for a second marker.", "%(num)s marks wait for a second marker.", once
        )
        yield Step(sentence, url_for("exams.moderation"), _("See which"))


@home_steps
def flag_steps(viewer: Viewer, _today: date) -> Iterator[Step]:
    """Unusual sittings that nobody has looked at."""
    if not may(viewer, Permission.RESULTS_MODERATE):
        return
    waiting = count_by_state(viewer, WantedFlags()).get(FlagState.TO_LOOK_AT, 0)
    if waiting:
        sentence = ngettext(
            "%(num)s unusual sitting is worth a look.", "%(num)s unusual sittings are worth a look.", waiting
        )
        yield Step(sentence, url_for("exams.flags", state=FlagState.TO_LOOK_AT.value), _("Have a look"))


@home_steps
def attendance_steps(viewer: Viewer, _today: date) -> Iterator[Step]:
    """Events that were held and whose list nobody ticked."""
    if may(viewer, Permission.EVENTS_MANAGE):
        for event in list_unticked(now()):
            sentence = _("Nobody has ticked who came to %(title)s.", title=event.title)
            yield Step(sentence, url_for("events.event_people", code=event.code), _("Tick the list"))
