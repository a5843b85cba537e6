"""How reporting is worded: states with their shapes, findings as sentences, what to do next."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day, number
from gdt.impact.measures import BY_KEY
from gdt.mail import DeliveryState, OutgoingMail
from gdt.partners.models import InstitutionKind
from gdt.partners.standing import KINDS
from gdt.reporting.finding_models import FindingState, RiskFinding
from gdt.reporting.models import CorrectionState, InstitutionReport, ReportingRound
from gdt.reporting.risk_rules import Finding, Rule
from gdt.reporting.states import ReportState
from gdt.reporting.timing import Timing

STATES: dict[ReportState, tuple[Any, str]] = {
    ReportState.OPEN: (lazy_gettext("Open"), "neutral"),
    ReportState.SUBMITTED: (lazy_gettext("Submitted"), "progress"),
    ReportState.QUERIED: (lazy_gettext("Asked back"), "attention"),
    ReportState.APPROVED: (lazy_gettext("Approved"), "ok"),
    ReportState.CORRECTING: (lazy_gettext("Being corrected"), "attention"),
}
TIMINGS: dict[Timing, tuple[Any, str]] = {
    Timing.IN_TIME: (lazy_gettext("In time"), "ok"),
    Timing.LATE: (lazy_gettext("Late"), "attention"),
    Timing.AWAITED: (lazy_gettext("Awaited"), "neutral"),
    Timing.OVERDUE: (lazy_gettext("Overdue"), "problem"),
}
CORRECTIONS: dict[CorrectionState, tuple[Any, str]] = {
    CorrectionState.ASKED: (lazy_gettext("Asked"), "attention"),
    CorrectionState.GRANTED: (lazy_gettext("Granted"), "ok"),
    CorrectionState.DECLINED: (lazy_gettext("Declined"), "neutral"),
}
FINDING_STATES: dict[FindingState, tuple[Any, str]] = {
    FindingState.TO_LOOK_AT: (lazy_gettext("To look at"), "attention"),
    FindingState.FINE: (lazy_gettext("Fine"), "ok"),
    FindingState.TO_CORRECT: (lazy_gettext("To correct"), "problem"),
}
RULES = {
    Rule.JUMP: lazy_gettext("Far from the years before"),
    Rule.ROUND_NUMBER: lazy_gettext("Round number"),
    Rule.SAME_PEOPLE: lazy_gettext("Same people twice"),
    Rule.VERY_MANY: lazy_gettext("Very many"),
}
MAILS: dict[DeliveryState, tuple[Any, str]] = {
    DeliveryState.QUEUED: (lazy_gettext("Queued"), "progress"),
    DeliveryState.SENDING: (lazy_gettext("Being sent"), "progress"),
    DeliveryState.SENT: (lazy_gettext("Sent"), "ok"),
    DeliveryState.REFUSED: (lazy_gettext("Refused"), "problem"),
    DeliveryState.BOUNCED: (lazy_gettext("Came back"), "problem"),
    DeliveryState.UNCLEAR: (lazy_gettext("Unclear"), "attention"),
}


def finding_sentence(finding: RiskFinding | Finding, *, for_office: bool) -> str:
    """What was found, with its numbers. A partner is never told which other institution it concerns."""
    facts = finding.facts
    if finding.rule is Rule.JUMP:
        return _(
            "%(measure)s: %(now)s, where it was %(usual)s in the years before.",
            measure=BY_KEY[finding.subject].name,
            now=number(facts["now"]),
            usual=number(facts["usual"]),
        )
    if finding.rule is Rule.ROUND_NUMBER:
        return _(
            "A headcount of exactly %(people)s %(measure)s in %(module)s.",
            people=number(facts["people"]),
            measure=facts["measure"],
            module=facts["module"],
        )
    if finding.rule is Rule.SAME_PEOPLE:
        return _same_people(facts, for_office=for_office)
    return _very_many(finding.subject, facts)


def _same_people(facts: dict[str, Any], *, for_office: bool) -> str:
    is_named = for_office or facts["is_same_institution"]
    return _(
        "%(people)s of the %(of)s people of %(cohort)s are also in %(other)s.",
        people=number(facts["people"]),
        of=number(facts["of"]),
        cohort=facts["cohort"],
        other=facts["other"] if is_named else _("a cohort of another institution"),
    )


def _very_many(subject: str, facts: dict[str, Any]) -> str:
    people, most = number(facts["people"]), number(facts["most"])
    if "cohort" in facts:
        return _(
            "%(people)s people completed the cohort %(cohort)s; more than %(most)s is unusual.",
            people=people,
            cohort=facts["cohort"],
            most=most,
        )
    return _(
        "%(measure)s: %(people)s; more than %(most)s in a year is unusual.",
        measure=BY_KEY[subject].name,
        people=people,
        most=most,
    )


def kinds_asked(round_: ReportingRound) -> str:
    """The kinds of institutions a round asks, where not all are."""
    return ", ".join(str(KINDS[InstitutionKind(kind)]).lower() for kind in round_.kinds)


def locked_rows(report: InstitutionReport) -> str:
    """What its approval locks: headcounts are of a year, so they go with the days that end it."""
    if report.period.is_year:
        return _("students completed, results and headcounts of %(year)s", year=report.year)
    if report.period.ends_the_year:
        words = _("students completed and results of %(period)s, and headcounts of %(year)s")
    else:
        words = _("students completed and results of %(period)s")
    return words % {"period": report.words, "year": report.year}


def mail_state(mail: OutgoingMail) -> tuple[Any, str]:
    return MAILS[mail.state]


def reminder_sentence(report: InstitutionReport, today: date) -> str:
    """Why the institution is written to."""
    due = day(report.round.due_on)
    if report.state is ReportState.QUERIED:
        return _("The office has a question about your report of %(what)s.", what=report.words)
    if report.state is ReportState.CORRECTING:
        until = day(report.correctable_until)
        return _("You may correct your report of %(what)s until %(day)s.", what=report.words, day=until)
    if report.round.due_on < today:
        return _("Your report of %(what)s was due on %(day)s.", what=report.words, day=due)
    return _("Your report of %(what)s is due on %(day)s.", what=report.words, day=due)


def next_sentence(report: InstitutionReport, today: date, *, for_office: bool) -> str:
    """What the reader does next, or whom the report waits for."""
    return {
        ReportState.OPEN: _("It waits for the institution.")
        if for_office
        else _("Look at what will be counted, put right what is wrong, then send it."),
        ReportState.SUBMITTED: _("Look at the figures and the findings, then approve it or ask.")
        if for_office
        else _("The office looks at it. You can still put rows right until it is approved."),
        ReportState.QUERIED: _("It waits for the institution’s answer.")
        if for_office
        else _("The office has a question. Answer it and send the report again."),
        ReportState.APPROVED: _("Its rows of %(period)s are locked.", period=report.words),
        ReportState.CORRECTING: _correcting(report, today, for_office=for_office),
    }[report.state]


def _correcting(report: InstitutionReport, today: date, *, for_office: bool) -> str:
    until = day(report.correctable_until)
    if report.is_held(today):
        return _("The days to correct ended on %(day)s. The rows are locked.", day=until)
    if for_office:
        return _("The institution may correct its rows until %(day)s.", day=until)
    return _("Correct your rows by %(day)s, then send the report again.", day=until)
