"""Routines: what some worker does every hour and once when it starts, such as a daily head or reminders."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, SetWorkflowID
from flask import Flask

NAME = "gdt.do_routines"
EVERY_HOUR = "7 * * * *"

_routines: list[Callable[[], None]] = []
_app: Flask | None = None


def routine(function: Callable[[], None]) -> Callable[[], None]:
    """Register what is done every hour; it opens its own transactions, and may be done twice or by two."""
    _routines.append(function)
    return function


def init_app(app: Flask) -> None:
    global _app
    _app = app


def begin() -> None:
    """Do the routines now, and every hour from now on; of all the workers one does them each hour."""
    DBOS.apply_schedules(
        [{"schedule_name": NAME, "workflow_fn": _do_routines, "schedule": EVERY_HOUR, "context": None}]
    )
    # Named by the minute: workers that die and begin again leave one round to be taken up, not one each.
    with SetWorkflowID(f"{NAME}-{datetime.now(UTC):%Y%m%d%H%M}"):
        DBOS.start_workflow(_do_routines, datetime.now(UTC), None)


def do_routines() -> None:
    """Do every routine; what fails is told in the server's log and tried again within the hour."""
    if _app is None:
        return
    with _app.app_context():
        for function in _routines:
            try:
                function()
            except Exception:
                _app.logger.exception("%s failed; it is tried again within the hour", function.__name__)


@DBOS.step(name="gdt.do_routines_once")
def _do_routines_once() -> None:
    do_routines()


@DBOS.workflow(name=NAME)
def _do_routines(_scheduled_at: datetime, _context: Any) -> None:
    _do_routines_once()
