"""Reporting rounds: years approved, the latest with every state a report can have, and the terms since then.

Colleges report the year after it by semester: the first is approved but for one, the second has begun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gdt.access import OFFICE
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.demo.network import moment
from gdt.impact.periods import Period, part_of, whole_year
from gdt.partners.models import InstitutionKind
from gdt.reporting.figures import read_period
from gdt.reporting.finding_models import FindingState
from gdt.reporting.finding_queries import list_findings
from gdt.reporting.findings import look_for_risks
from gdt.reporting.models import CorrectionState, InstitutionReport, LateCorrection, ReportingRound
from gdt.reporting.overlap import round_code
from gdt.reporting.queries import list_active_institutions
from gdt.reporting.states import ReportState as S

FIRST_YEAR = 2022
ANSWERED_AFTER = timedelta(days=25)  # of the due day: what was sent late is in, and all is answered
ASKED = "asked"
QUESTION = "The headcount of the year has no list of names beside it. Which cohorts does it hold?"
REASON = "The registrar found eleven students of the autumn cohort who completed and were not marked."
CHOSEN = {"utar": S.QUERIED, "inti": S.OPEN, "bajio": S.CORRECTING, "thep-nakhon": S.SUBMITTED}
OTHERS = (S.APPROVED, S.SUBMITTED, S.APPROVED, S.OPEN, S.APPROVED, S.APPROVED, S.QUERIED)
Day = tuple[int, int, int]  # years after the term's, month, day
TERMS: dict[str, tuple[Day, Day, tuple[S, ...]]] = {  # asked on, due on, and the states in turn
    "s1": ((0, 7, 1), (0, 8, 31), (S.APPROVED, S.APPROVED, S.SUBMITTED)),
    "s2": ((0, 11, 2), (1, 1, 31), (S.OPEN,)),
}
LATE_EVERY = 5  # one in so many comes after the due day
NONE_TAUGHT = "No cohort ended in this year; the registrar confirmed it by telephone."
COMPARED = "Compared with the signed lists: they agree."


@dataclass(frozen=True)
class Days:
    """When a report was asked for, sent and approved."""

    asked: date
    sent: date
    approved: date


def add_reporting(officer_name: str, today: date) -> None:
    """Write the rounds; what was counted is read as it is for any report."""
    mixed_year = latest_year(today)
    for year in range(FIRST_YEAR, mixed_year + 1):
        round_ = _opened(whole_year(year), date(year + 1, 1, 15), _due(year), officer_name)
        if year == mixed_year:
            _add_reports(round_, CHOSEN, OTHERS, officer_name, today)
        else:
            _add_reports(round_, {}, (S.APPROVED,), officer_name, today)
    for part, (asked, due, states) in TERMS.items():
        period = part_of(mixed_year + 1, part)
        asked_on, due_on = _day(period.year, asked), _day(period.year, due)
        if asked_on <= today:
            round_ = _opened(period, asked_on, due_on, officer_name, [InstitutionKind.COLLEGE.value])
            is_over = due_on + ANSWERED_AFTER <= today
            _add_reports(round_, {}, states if is_over else (S.OPEN,), officer_name, today)
    db.session.flush()


def latest_year(today: date) -> int:
    """The last year whose round is over."""
    return today.year - (1 if _due(today.year - 1) + ANSWERED_AFTER <= today else 2)


def _due(year: int) -> date:
    return date(year + 1, 3, 31)


def _day(year: int, day: Day) -> date:
    return date(year + day[0], *day[1:])


def _opened(
    period: Period, asked_on: date, due_on: date, officer_name: str, kinds: Sequence[str] = ()
) -> ReportingRound:
    round_ = ReportingRound(
        code=round_code(period, kinds),
        year=period.year,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        kinds=list(kinds),
        due_on=due_on,
        opened_at=moment(asked_on, 2),
        opened_by_name=officer_name,
    )
    db.session.add(round_)
    db.session.flush()
    return round_


def _add_reports(
    round_: ReportingRound, chosen: Mapping[str, S], others: Sequence[S], officer_name: str, today: date
) -> None:
    """Each institution's report, in the state chosen for it or in turn."""
    asked_on = round_.opened_at.date()
    for place, institution in enumerate(list_active_institutions(round_.period, round_.kinds)):
        late = 9 if place % LATE_EVERY == 3 else -(place % 20)
        sent_on = round_.due_on + timedelta(days=late)
        days = Days(asked_on, sent_on, sent_on + timedelta(days=12))
        report = InstitutionReport(
            round=round_,
            year=round_.year,
            starts_on=round_.starts_on,
            ends_on=round_.ends_on,
            institution=institution,
            state=S.OPEN,
        )
        _write(report, chosen.get(institution.code, others[place % len(others)]), days, officer_name, today)


def _write(report: InstitutionReport, state: S, days: Days, officer: str, today: date) -> None:
    """Put a report into its state, with the history that led there."""
    sender = f"Registrar of {report.institution.name}"
    db.session.add(report)
    db.session.flush()
    _tell(report, days.asked, officer, ASKED, f"Asked for the report of {report.words}.")
    if state is S.OPEN:
        return
    figures = read_period(report.institution, report.period)
    report.state, report.figures = S.SUBMITTED, figures.as_kept()
    report.first_submitted_on, report.submitted_at = days.sent, moment(days.sent, 5)
    report.submitted_by_name = sender
    _tell(report, days.sent, sender, "sent", "Sent the report.")
    look_for_risks(report=report, figures=figures)
    if state in (S.APPROVED, S.CORRECTING):
        _approve(report, days, officer)
    if state is S.CORRECTING:
        _let_correct(report, sender, officer, today)
    elif state is S.QUERIED:
        report.state, report.question = S.QUERIED, QUESTION
        _tell(report, days.approved, officer, "queried", f"Asked: {QUESTION}")


def _approve(report: InstitutionReport, days: Days, officer: str) -> None:
    for finding in list_findings(report):
        is_none = finding.facts.get("now") == 0
        finding.state, finding.note = FindingState.FINE, NONE_TAUGHT if is_none else COMPARED
        finding.looked_at, finding.looked_by_name = moment(days.approved, 3), officer
    report.state = S.APPROVED
    report.approved_at, report.approved_by_name = moment(days.approved, 4), officer
    locked = f"Approved the report. Its rows of {report.words} are locked."
    _tell(report, days.approved, officer, "approved", locked)


def _let_correct(report: InstitutionReport, sender: str, officer: str, today: date) -> None:
    until = today + timedelta(days=5)
    asked, answered = today - timedelta(days=3), today - timedelta(days=1)
    report.state, report.correctable_until = S.CORRECTING, until
    granted = LateCorrection(
        report=report,
        reason=REASON,
        state=CorrectionState.GRANTED,
        asked_at=moment(asked, 6),
        asked_by_name=sender,
        until_on=until,
        answer="Please mark them with the day on the signed list.",
        answered_at=moment(answered, 2),
        answered_by_name=officer,
    )
    db.session.add(granted)
    _tell(report, asked, sender, "asked to correct", f"Asked to correct: {REASON}")
    _tell(report, answered, officer, "let correct", "Let the institution correct its rows for a week.")


def _tell(report: InstitutionReport, day: date, who: str, action: str, summary: str) -> None:
    db.session.add(
        AuditEvent(
            happened_at=moment(day, 6),
            actor_id=OFFICE.id,
            actor_name=who,
            action=action,
            subject_kind=InstitutionReport.__tablename__,
            subject_id=report.id,
            subject_name=str(report),
            institution_id=report.institution_id,
            summary=summary,
            details={},
        )
    )
