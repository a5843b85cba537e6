"""Reminding institutions of a report that waits for them: by mail, and never twice a day."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.database import now
from gdt.filters import ngettext
from gdt.mail import Note, send_all
from gdt.reporting import queries
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.words import reminder_sentence


@dataclass(frozen=True)
class Reminded:
    """How many institutions were written to, and those with nobody to write to."""

    institutions: int
    mails: int
    without_coordinator: list[str]


def remind(
    *,
    actor: Viewer,
    round_: ReportingRound,
    institution_id: int | None = None,
    since: date | None = None,
) -> Reminded:
    """Mail the coordinators of every report that waits for its institution, or of one of them.

    Who was reminded today (or since a day) is left out, whoever clicks, and however many do at once.
    """
    today = now().date()
    awaited = queries.list_awaited(actor, round_, since or today, institution_id=institution_id)
    coordinators = queries.list_coordinators([report.institution_id for report in awaited])
    reached = [report for report in awaited if report.institution_id in coordinators]
    notes = [_note(report, user) for report in reached for user in coordinators[report.institution_id]]
    send_all(notes)
    for report in reached:
        report.last_reminded_on = today
    if reached:
        told = {place: _told(len(users)) for place, users in coordinators.items()}
        acts = [(report, told[report.institution_id], report.institution_id) for report in reached]
        audit.record_all(actor, "reminded", acts)
    without = [report.institution.name for report in awaited if report.institution_id not in coordinators]
    return Reminded(len(reached), len(notes), without)


def _told(people: int) -> str:
    return str(ngettext("Reminded %(num)s person by mail.", "Reminded %(num)s people by mail.", people))


def _note(report: InstitutionReport, user: User) -> Note:
    today = now().date()
    path = f"/institutions/{report.institution.code}/reports/{report.period_code}"
    return Note(
        template="report_reminder",
        to=user.email,
        subject=_("The report of %(what)s of %(place)s", what=report.words, place=report.institution),
        key=f"report:{report.id}:{user.id}:{today.isoformat()}",
        context={
            "name": user.name,
            "report": report,
            "sentence": reminder_sentence(report, today),
            "url": current_app.config["BASE_URL"] + path,
        },
    )
