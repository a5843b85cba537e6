"""Reporting rounds: the list of rounds, one with all its institutions, reminders, the table to take away."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import page_here
from gdt.database import now
from gdt.errors import DomainError
from gdt.facets import Group, chosen, facet
from gdt.filters import country_name, ngettext
from gdt.forms import form_page
from gdt.partners.queries import get_institution_by_id
from gdt.reporting import (
    closing_standing,
    finding_queries,
    finding_views,
    holding,
    home_steps,
    queries,
    report_views,
    round_queries,
    routines,
)
from gdt.reporting.blueprint import reporting
from gdt.reporting.forms import DueForm, RoundForm
from gdt.reporting.models import ReportingRound
from gdt.reporting.reminding import remind
from gdt.reporting.round_queries import WantedReports
from gdt.reporting.rounds import invite_institutions, move_due_day, open_round
from gdt.reporting.states import ReportState
from gdt.reporting.table import round_table
from gdt.reporting.timing import Timing
from gdt.reporting.words import STATES, TIMINGS, kinds_asked, locked_rows
from gdt.spreadsheets.writing import write_csv, write_xlsx

__all__ = [
    "closing_standing",
    "finding_views",
    "holding",
    "home_steps",
    "report_views",
    "reporting",
    "routines",
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reporting.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "REPORT_STATES": STATES,
        "TIMINGS": TIMINGS,
        "kinds_asked": kinds_asked,
        "locked_rows": locked_rows,
    }


@reporting.get("/rounds")
@requires(Permission.REPORTS_READ)
def rounds() -> ResponseReturnValue:
    """A partner's people see their own reports, everyone else the rounds."""
    today = now().date()
    if current_user.role.is_of_one_institution:
        institution = get_institution_by_id(current_user, current_user.institution_id)
        reports = queries.list_reports_of(current_user, institution)
        rates = round_queries.rates_of(current_user, [institution.id], today)
        rate = rates.get(institution.id)
        return render_template("reporting/own_reports.html", reports=reports, today=today, rate=rate)
    lines = round_queries.list_round_lines(current_user, today)
    return render_template("reporting/rounds.html", lines=lines, today=today, ReportState=ReportState)


@reporting.route("/rounds/new", methods=["GET", "POST"])
@requires(Permission.ROUNDS_MANAGE)
def new_round() -> ResponseReturnValue:
    form = RoundForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            round_ = open_round(actor=current_user, **form.round())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The round is open. Nobody has been written to yet: remind them from this page."))
            return redirect(url_for(".round_record", code=round_.code))
    return form_page("reporting/new_round.html", form)


@reporting.get("/rounds/<code>")
@requires(Permission.REPORTS_READ)
def round_record(code: str) -> ResponseReturnValue:
    if current_user.role.is_of_one_institution:
        queries.get_round(code)
        return redirect(url_for(".rounds"))
    found, today, wanted = queries.get_round(code), now().date(), _wanted()
    groups, total = _groups(found, wanted)
    page = page_here(round_queries.select_reports(current_user, found, wanted, today), round_queries.ORDER)
    return render_template(
        "reporting/round_record.html",
        round=found,
        page=page,
        groups=groups,
        narrowed=chosen(groups),
        total=total,
        today=today,
        awaited=queries.count_awaited(current_user, found),
        rate=round_queries.rate_of(current_user, found, today),
        waiting=finding_queries.count_waiting_by_report([report.id for report in page.items]),
        rates=round_queries.rates_of(current_user, [report.institution_id for report in page.items], today),
    )


@reporting.get("/rounds/<code>.csv")
@requires(Permission.REPORTS_READ)
def round_csv(code: str) -> ResponseReturnValue:
    found = queries.get_round(code)
    return _file(
        write_csv(*round_table(current_user, found, _wanted())), f"gdt-reports-{code}.csv", "text/csv"
    )


@reporting.get("/rounds/<code>.xlsx")
@requires(Permission.REPORTS_READ)
def round_xlsx(code: str) -> ResponseReturnValue:
    found = queries.get_round(code)
    book = write_xlsx(*round_table(current_user, found, _wanted()), code[:31])
    return _file(book, f"gdt-reports-{code}.xlsx", XLSX)


@reporting.route("/rounds/<code>/due-day", methods=["GET", "POST"])
@requires(Permission.ROUNDS_MANAGE)
def round_due_day(code: str) -> ResponseReturnValue:
    found = queries.get_round(code)
    form = DueForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        try:
            move_due_day(actor=current_user, round_=found, due_on=form.due_on.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The due day is changed."))
            return redirect(url_for(".round_record", code=code))
    return form_page("reporting/round_due_day.html", form, round=found)


@reporting.post("/rounds/<code>/institutions")
@requires(Permission.ROUNDS_MANAGE)
def invite_to_round(code: str) -> ResponseReturnValue:
    added = invite_institutions(actor=current_user, round_=queries.get_round(code))
    flash(ngettext("%(num)s institution was added.", "%(num)s institutions were added.", added))
    return redirect(url_for(".round_record", code=code))


@reporting.route("/rounds/<code>/remind", methods=["GET", "POST"])
@requires(Permission.REPORTS_DECIDE)
def remind_round(code: str) -> ResponseReturnValue:
    found = queries.get_round(code)
    if request.method == "POST":
        done = remind(actor=current_user, round_=found)
        flash(
            ngettext(
                "%(num)s institution is reminded.", "%(num)s institutions are reminded.", done.institutions
            )
        )
        if done.without_coordinator:
            names = ", ".join(done.without_coordinator)
            flash(_("Nobody to write to at %(names)s: invite a coordinator.", names=names), "attention")
        return redirect(url_for(".round_record", code=code))
    today = now().date()
    awaited = queries.list_to_remind(current_user, found, today)
    return render_template("reporting/remind_round.html", round=found, awaited=awaited, today=today)


def _wanted() -> WantedReports:
    asked = request.args
    return WantedReports(
        text=asked.get("q", "").strip(),
        state=next((one for one in ReportState if one.value == asked.get("state")), None),
        timing=next((one for one in Timing if one.value == asked.get("timing")), None),
        country=asked.get("country", ""),
    )


def _groups(found: ReportingRound, wanted: WantedReports) -> tuple[list[Group], int]:
    """The filters of the table, and how many reports are in it."""
    today = now().date()
    states = round_queries.count_by_state(current_user, found, wanted, today)
    timings = round_queries.count_by_timing(current_user, found, wanted, today)
    countries = round_queries.count_by_country(current_user, found, wanted, today)
    names = [(code, country_name(code), many) for code, many in countries]
    groups = [
        facet(_("State"), "state", [(s.value, STATES[s][0], states[s]) for s in ReportState if s in states]),
        facet(_("Sent"), "timing", [(t.value, TIMINGS[t][0], timings[t]) for t in Timing if t in timings]),
        facet(_("Country"), "country", sorted(names, key=lambda one: one[1])),
    ]
    return groups, states.get(wanted.state, 0) if wanted.state else sum(states.values())


def _file(content: bytes, filename: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
