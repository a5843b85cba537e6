"""A report on its way: sent by the institution, queried or approved by the office, corrected late."""

from datetime import date, timedelta

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.reporting import queries
from gdt.reporting.figures import PeriodFigures, read_period
from gdt.reporting.findings import look_for_risks, refuse_unlooked
from gdt.reporting.models import CorrectionState, InstitutionReport, LateCorrection
from gdt.reporting.states import Act, ReportState, StepRefused, after
from gdt.reporting.words import STATES
from gdt.row_security import everything

MOST_DAYS = 60


@everything()
def submit_report(
    *, actor: Viewer, report: InstitutionReport, answer: str = "", seen: str | None = None
) -> InstitutionReport:
    """Send the period's figures as they stand now; a second click says that it was sent already.

    `seen` is the mark of the figures the page showed: others are not sent unseen. A query must be answered
    in words. The risk rules run, so that the office sees what they find.
    """
    was_queried = report.question is not None
    if was_queried and not answer:
        raise DomainError(_("Answer the office’s question in a sentence."), "answer")
    _step(report, Act.SUBMIT)
    report.submitted_at, report.submitted_by_name = now(), actor.name
    report.first_submitted_on = report.first_submitted_on or report.submitted_at.date()
    report.question, report.answer, report.correctable_until = None, answer or None, None
    figures = _seen_figures(report, seen)
    report.figures = figures.as_kept()
    look_for_risks(report=report, figures=figures)
    said = _("Sent the report: %(answer)s", answer=answer) if answer else _("Sent the report.")
    _record(actor, "sent", report, said, figures=report.figures)
    return report


def query_report(*, actor: Viewer, report: InstitutionReport, question: str) -> None:
    """Give a report back with a question; the institution answers and sends it again."""
    _step(report, Act.QUERY)
    report.question = question
    _record(actor, "queried", report, _("Asked: %(question)s", question=question))


def approve_report(*, actor: Viewer, report: InstitutionReport, seen: str | None = None) -> None:
    """Approve the figures as they stand and were seen, and lock the institution's rows of the period.

    Raises DomainError while a finding waits for a look, or has to be corrected.
    """
    state = after_or_refuse(report, Act.APPROVE)
    refuse_unlooked(report)
    report.figures = _seen_figures(report, seen).as_kept()
    report.state = state
    report.approved_at, report.approved_by_name = now(), actor.name
    summary = _("Approved the report. Its rows of %(period)s are locked.", period=report.words)
    _record(actor, "approved", report, summary)


@everything()
def ask_to_correct(*, actor: Viewer, report: InstitutionReport, reason: str) -> LateCorrection:
    """An institution asks to correct what was approved; one request waits at a time."""
    after_or_refuse(report, Act.LET_CORRECT)
    if queries.find_asked(report) is not None:
        raise DomainError(_("You have asked already. The office will answer."), "reason")
    asked = LateCorrection(report=report, reason=reason, asked_by_name=actor.name)
    db.session.add(asked)
    _record(actor, "asked to correct", report, _("Asked to correct: %(reason)s", reason=reason))
    return asked


def let_correct(*, actor: Viewer, report: InstitutionReport, days: int, answer: str) -> None:
    """Open the rows for so many days, today included; the report is sent and approved anew afterwards."""
    if not 1 <= days <= MOST_DAYS:
        raise DomainError(_("Give from 1 to %(most)s days.", most=MOST_DAYS), "days")
    asked = _waiting(report)
    _step(report, Act.LET_CORRECT)
    until = now().date() + timedelta(days=days - 1)
    report.correctable_until = asked.until_on = until
    _answer(actor, asked, CorrectionState.GRANTED, answer)
    summary = _("Let the institution correct until %(day)s. %(words)s", day=day(until), words=answer)
    _record(actor, "let correct", report, summary.strip())


def decline_correction(*, actor: Viewer, report: InstitutionReport, answer: str) -> None:
    """Leave everything locked, and say why."""
    asked = _waiting(report)
    if not answer:
        raise DomainError(_("Say why, so that the institution understands."), "answer")
    _answer(actor, asked, CorrectionState.DECLINED, answer)
    _record(actor, "declined", report, _("Declined the correction: %(words)s", words=answer))


def end_lapsed_corrections(today: date | None = None) -> int:
    """Close the corrections whose last day is past: unchanged ones as approved, others as sent again."""
    lapsed = queries.list_lapsed(today or now().date())
    for report in lapsed:
        figures = read_period(report.institution, report.period)
        is_changed = any(line.is_changed for line in figures.lines(report.figures))
        report.correctable_until = None
        if is_changed:
            report.state, report.submitted_at = after(report.state, Act.SUBMIT), now()
            report.figures = figures.as_kept()
            look_for_risks(report=report, figures=figures)
            summary = _("The days to correct are over. The figures have changed, so the office looks again.")
        else:
            report.state = after(report.state, Act.LEAVE_AS_APPROVED)
            summary = _("The days to correct are over. Nothing was changed, so it is approved as before.")
        _record(OFFICE, "closed", report, summary)
    return len(lapsed)


def after_or_refuse(report: InstitutionReport, act: Act) -> ReportState:
    """The state an act leads to; raises DomainError with what the report is now. The row is held."""
    db.session.refresh(report, ["state", "correctable_until"], with_for_update={"of": InstitutionReport})
    try:
        return after(report.state, act)
    except StepRefused as error:
        word = str(STATES[report.state][0]).lower()
        raise DomainError(
            _("This cannot be done now: the report of %(what)s is %(state)s.", what=report.words, state=word)
        ) from error


def _seen_figures(report: InstitutionReport, seen: str | None) -> PeriodFigures:
    figures = read_period(report.institution, report.period)
    if seen is not None and seen != figures.mark:
        raise DomainError(_("The figures have changed while you were looking. Look at them again."))
    return figures


def _step(report: InstitutionReport, act: Act) -> None:
    report.state = after_or_refuse(report, act)


def _waiting(report: InstitutionReport) -> LateCorrection:
    asked = queries.find_asked(report)
    if asked is None:
        raise DomainError(_("No correction is asked for, or it was answered already."))
    return asked


def _answer(actor: Viewer, asked: LateCorrection, state: CorrectionState, words: str) -> None:
    asked.state, asked.answer = state, words or None
    asked.answered_at, asked.answered_by_name = now(), actor.name


def _record(actor: Viewer, action: str, report: InstitutionReport, summary: str, **details: object) -> None:
    audit.record(actor, action, report, summary, institution_id=report.institution_id, **details)
