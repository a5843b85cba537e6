"""What joining puts on the office's home page: applications that wait for it."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.impact.home_steps import Step, home_steps
from gdt.joining.application_states import ApplicationState
from gdt.joining.queries import count_by_state


@home_steps
def steps_of_joining(viewer: Viewer, _today: date) -> Iterator[Step]:
    if not may(viewer, Permission.INSTITUTIONS_MANAGE):
        return
    waiting = count_by_state(viewer).get(ApplicationState.RECEIVED, 0)
    if waiting:
        sentence = ngettext(
            "%(num)s institution has applied to join and waits for an answer.",
            "%(num)s institutions have applied to join and wait for an answer.",
            waiting,
        )
        url = url_for("joining.applications", state=ApplicationState.RECEIVED.value)
        yield Step(sentence, url, _("Have a look"))
