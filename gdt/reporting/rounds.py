"""Opening a round of reports, and moving the day it is due."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.reporting import queries
from gdt.reporting.models import InstitutionReport, ReportingRound

FIRST_YEAR = 2017


def open_round(*, actor: Viewer, year: int, due_on: date) -> ReportingRound:
    """Ask every institution that was active in a year for its report.

    Raises DomainError for a year that has not begun, or that has a round already.
    """
    if not FIRST_YEAR <= year <= now().year:
        raise DomainError(
            _("The programme began in %(first)s; give a year up to this one.", first=FIRST_YEAR), "year"
        )
    _refuse_early(year, due_on)
    if queries.find_round(year) is not None:
        raise DomainError(_("The round of %(year)s is open already.", year=year), "year")
    round_ = ReportingRound(year=year, due_on=due_on, opened_by_name=actor.name)
    db.session.add(round_)
    db.session.flush()
    summary = _("Opened the round of %(year)s, due on %(day)s.", year=year, day=day(due_on))
    audit.record(actor, "opened", round_, summary)
    invite_institutions(actor=actor, round_=round_)
    return round_


def invite_institutions(*, actor: Viewer, round_: ReportingRound) -> int:
    """Give a report to every active institution that has none yet; returns how many were added."""
    known = queries.list_reported_ids(round_)
    added = [
        InstitutionReport(
            round_id=round_.id, round=round_, year=round_.year, institution_id=one.id, institution=one
        )
        for one in queries.list_active_institutions(round_.year)
        if one.id not in known
    ]
    db.session.add_all(added)
    asked = _("Asked for the report of %(year)s, due on %(day)s.", year=round_.year, day=day(round_.due_on))
    if added:
        audit.record_all(actor, "asked", [(report, asked, report.institution_id) for report in added])
        summary = ngettext(
            "Asked %(num)d institution for its report.",
            "Asked %(num)d institutions for their reports.",
            len(added),
        )
        audit.record(actor, "asked", round_, summary)
    return len(added)


def move_due_day(*, actor: Viewer, round_: ReportingRound, due_on: date) -> None:
    """Change the day by which reports come in time, for those sent already too."""
    _refuse_early(round_.year, due_on)
    if due_on == round_.due_on:
        return
    before, round_.due_on = round_.due_on, due_on
    summary = _("Moved the due day from %(before)s to %(now)s.", before=day(before), now=day(due_on))
    audit.record(actor, "moved", round_, summary)


def _refuse_early(year: int, due_on: date) -> None:
    if due_on <= date(year, 1, 1):
        raise DomainError(
            _("The report of %(year)s cannot be due before the year has begun.", year=year), "due_on"
        )
