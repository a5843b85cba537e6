"""One institution's report: what will be counted, what looks unusual, and each step it takes."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.partners.queries import get_institution
from gdt.reporting import queries, services
from gdt.reporting.blueprint import reporting
from gdt.reporting.figures import read_period
from gdt.reporting.findings import look_for_risks
from gdt.reporting.forms import AnswerForm, ApproveForm, AskForm, QueryForm, SubmitForm
from gdt.reporting.models import InstitutionReport
from gdt.reporting.reminding import remind
from gdt.reporting.report_page import risks_of
from gdt.reporting.states import Act, is_possible
from gdt.reporting.words import (
    CORRECTIONS,
    FINDING_STATES,
    RULES,
    finding_sentence,
    mail_state,
    next_sentence,
)

PLACE = "/institutions/<code>/reports/<period>"


def _report(code: str, period: str) -> InstitutionReport:
    return queries.get_report(current_user, get_institution(current_user, code), period)


@reporting.get(PLACE)
@requires(Permission.REPORTS_READ)
def report(code: str, period: str) -> ResponseReturnValue:
    found, today = _report(code, period), now().date()
    is_office = may(current_user, Permission.REPORTS_DECIDE)
    figures = read_period(found.institution, found.period)
    return render_template(
        "reporting/report.html",
        report=found,
        today=today,
        lines=figures.lines(found.figures),
        findings=risks_of(found, figures),
        say=lambda finding: finding_sentence(finding, for_office=not current_user.role.is_of_one_institution),
        next_sentence=next_sentence(found, today, for_office=not current_user.role.is_of_one_institution),
        asked=queries.find_asked(found),
        can={act.name.lower(): is_possible(found.state, act) for act in Act},
        reminders=queries.list_reminders(found) if is_office else [],
        mail_state=mail_state,
        past=history_of(found),
        words={"rules": RULES, "findings": FINDING_STATES, "corrections": CORRECTIONS},
    )


@reporting.route(f"{PLACE}/submit", methods=["GET", "POST"])
@requires(Permission.REPORTS_SUBMIT)
def submit_report(code: str, period: str) -> ResponseReturnValue:
    found = _report(code, period)
    figures = read_period(found.institution, found.period)
    form = SubmitForm(request.form, seen=figures.mark)

    def submit() -> None:
        answer, seen = form.answer.data or "", form.seen.data or ""
        services.submit_report(actor=current_user, report=found, answer=answer, seen=seen)

    done = _carry_out(found, form, submit, _("The report is sent. The office looks at it and answers here."))
    if done is not None:
        return done
    form.seen.data = figures.mark
    lines, findings = figures.lines(found.figures), risks_of(found, figures)
    return form_page("reporting/submit_report.html", form, report=found, lines=lines, findings=findings)


@reporting.route(f"{PLACE}/query", methods=["GET", "POST"])
@requires(Permission.REPORTS_DECIDE)
def query_report(code: str, period: str) -> ResponseReturnValue:
    found, form = _report(code, period), QueryForm(request.form)

    def ask() -> None:
        services.query_report(actor=current_user, report=found, question=form.question.data)

    done = _carry_out(found, form, ask, _("Asked. Remind the institution by mail if it is urgent."))
    return done or form_page("reporting/query_report.html", form, report=found)


@reporting.route(f"{PLACE}/approve", methods=["GET", "POST"])
@requires(Permission.REPORTS_DECIDE)
def approve_report(code: str, period: str) -> ResponseReturnValue:
    found = _report(code, period)
    figures = read_period(found.institution, found.period)
    form = ApproveForm(request.form, seen=figures.mark)

    def approve() -> None:
        services.approve_report(actor=current_user, report=found, seen=form.seen.data or "")

    done = _carry_out(found, form, approve, _("Approved. The rows of %(what)s are locked.", what=found.words))
    if done is not None:
        return done
    form.seen.data = figures.mark
    lines = figures.lines(found.figures)
    return form_page("reporting/approve_report.html", form, report=found, lines=lines)


@reporting.post(f"{PLACE}/check")
@requires(Permission.REPORTS_DECIDE)
def check_report(code: str, period: str) -> ResponseReturnValue:
    found = queries.get_report(current_user, get_institution(current_user, code), period, is_held=True)
    look_for_risks(report=found, figures=read_period(found.institution, found.period))
    flash(_("Checked again. What was looked at before keeps its outcome."))
    return redirect(url_for(".report", code=found.institution.code, period=period))


@reporting.post(f"{PLACE}/remind")
@requires(Permission.REPORTS_DECIDE)
def remind_report(code: str, period: str) -> ResponseReturnValue:
    found = _report(code, period)
    done = remind(actor=current_user, round_=found.round, institution_id=found.institution_id)
    if done.institutions:
        flash(_("The institution is reminded by mail."))
    elif done.without_coordinator:
        flash(_("There is nobody to write to: invite a coordinator of this institution."), "attention")
    else:
        flash(_("Nothing was sent: it was reminded today already, or the report does not wait for it."))
    return redirect(url_for(".report", code=found.institution.code, period=period))


@reporting.route(f"{PLACE}/correct", methods=["GET", "POST"])
@requires(Permission.REPORTS_SUBMIT)
def ask_to_correct(code: str, period: str) -> ResponseReturnValue:
    found, form = _report(code, period), AskForm(request.form)

    def ask() -> None:
        services.ask_to_correct(actor=current_user, report=found, reason=form.reason.data)

    done = _carry_out(found, form, ask, _("Asked. The office answers here."))
    return done or form_page("reporting/ask_to_correct.html", form, report=found)


@reporting.route(f"{PLACE}/correction", methods=["GET", "POST"])
@requires(Permission.REPORTS_DECIDE)
def answer_late_correction(code: str, period: str) -> ResponseReturnValue:
    found, form = _report(code, period), AnswerForm(request.form)

    def answer() -> None:
        words = form.answer.data or ""
        if form.outcome.data == "grant":
            days = form.days.data or 0
            services.let_correct(actor=current_user, report=found, days=days, answer=words)
        else:
            services.decline_correction(actor=current_user, report=found, answer=words)

    done = _carry_out(found, form, answer, _("Answered. The institution reads it on its report."))
    asked = queries.find_asked(found)
    return done or form_page("reporting/answer_late_correction.html", form, report=found, asked=asked)


def _carry_out(
    found: InstitutionReport, form: BaseForm, act: Callable[[], None], said: str
) -> ResponseReturnValue | None:
    """Do what was typed and lead back to the report; None: show the form, with what stands against it."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        act()
    except DomainError as error:
        form.reject(error)
        return None
    flash(said)
    return redirect(url_for(".report", code=found.institution.code, period=found.period_code))
