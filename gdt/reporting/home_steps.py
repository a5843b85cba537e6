"""What reporting puts on the home pages: a partner's open reports, the office's work, who is missing."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.filters import day
from gdt.impact.home_steps import Step, home_steps
from gdt.reporting import finding_queries, queries, round_queries
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.round_queries import WantedReports
from gdt.reporting.states import ReportState
from gdt.reporting.timing import Timing
from gdt.reporting.words import reminder_sentence

NAMED = 3


@home_steps
def steps_of_reporting(viewer: Viewer, today: date) -> Iterator[Step]:
    """Nothing for who may not read reports."""
    if not may(viewer, Permission.REPORTS_READ):
        return
    if viewer.role.is_of_one_institution:
        yield from _own(viewer, today)
        return
    if may(viewer, Permission.REPORTS_DECIDE):
        yield from _office(viewer)
    for latest in queries.list_latest_due(today):
        yield from _missing(viewer, latest, today)


def _own(viewer: Viewer, today: date) -> Iterator[Step]:
    for report in queries.list_waiting_of(viewer):
        due_on = report.round.due_on
        yield Step(reminder_sentence(report, today), _page(report), _("Open the report"), due_on=due_on)


def _office(viewer: Viewer) -> Iterator[Step]:
    for asked in queries.list_asked(viewer):
        sentence = _("%(report)s: the institution asks to correct what was approved.", report=asked.report)
        yield Step(sentence, _page(asked.report), _("Answer"))
    for line in queries.list_submitted_counts(viewer):
        sentence = ngettext(
            "%(num)s report of %(what)s waits for the office.",
            "%(num)s reports of %(what)s wait for the office.",
            line.many,
            what=line.round.words,
        )
        url = url_for("reporting.round_record", code=line.round.code, state=ReportState.SUBMITTED.value)
        yield Step(sentence, url, _("Have a look"))
    waiting = finding_queries.count_to_look_at(viewer)
    if waiting:
        sentence = ngettext(
            "%(num)s unusual number waits for a look.", "%(num)s unusual numbers wait for a look.", waiting
        )
        yield Step(sentence, url_for("reporting.findings", state="to look at"), _("Have a look"))


def _missing(viewer: Viewer, latest: ReportingRound, today: date) -> Iterator[Step]:
    """Who has not reported what was due last."""
    overdue = WantedReports(timing=Timing.OVERDUE)
    late = round_queries.list_reports(viewer, latest, overdue, today)
    if not late:
        return
    names = ", ".join(report.institution.name for report in late[:NAMED])
    if len(late) > NAMED:
        names = _("%(names)s and %(n)s more", names=names, n=len(late) - NAMED)
    sentence = ngettext(
        "%(num)s institution has not reported %(what)s, which was due on %(day)s: %(names)s.",
        "%(num)s institutions have not reported %(what)s, which was due on %(day)s: %(names)s.",
        len(late),
        what=latest.words,
        day=day(latest.due_on),
        names=names,
    )
    url = url_for("reporting.round_record", code=latest.code, timing=Timing.OVERDUE.value)
    yield Step(sentence, url, _("See who"), due_on=latest.due_on)


def _page(report: InstitutionReport) -> str:
    return url_for("reporting.report", code=report.institution.code, period=report.period_code)
