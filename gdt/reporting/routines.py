"""What workers do of reporting every hour: close corrections whose last day is past, and remind."""

from flask import current_app
from flask_babel import force_locale

from gdt.access import OFFICE
from gdt.database import now, reading, unit_of_work
from gdt.reporting.queries import get_round, list_rounds
from gdt.reporting.reminder_days import last_day
from gdt.reporting.reminding import remind
from gdt.reporting.services import end_lapsed_corrections
from gdt.routines import routine


@routine
def close_lapsed_corrections() -> None:
    """Doing it again, or in two places at once, changes nothing more."""
    with unit_of_work():
        end_lapsed_corrections(now().date())


@routine
def remind_of_reports() -> None:
    """Write to those whose report waits for them, on the days there are for it and never twice for one."""
    days_before, today = current_app.config["REPORT_REMINDERS"], now().date()
    with reading():
        days = {
            one.code: last_day(one.due_on, one.opened_at.date(), today, days_before) for one in list_rounds()
        }
    for code, since in days.items():
        if since is not None:
            with unit_of_work(), force_locale("en"):
                remind(actor=OFFICE, round_=get_round(code), since=since)
