"""Reading rounds as tables: the lines of all rounds, the filtered reports of one, the shares in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import contains_eager

from gdt.access import Viewer, within
from gdt.database import any_contains, db
from gdt.partners.models import Country, Institution
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.queries import list_rounds
from gdt.reporting.states import ReportState
from gdt.reporting.timing import Rate, Timing, rate, timing

ORDER = (Institution.name, InstitutionReport.id)


@dataclass(frozen=True, kw_only=True)
class WantedReports:
    """What the table of a round is narrowed to; None and "" narrow nothing."""

    text: str = ""
    state: ReportState | None = None
    timing: Timing | None = None
    country: str = ""


def select_reports(viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date) -> Select[Any]:
    """To be paged in ORDER: by the institution's name."""
    return _joined(viewer, round_, wanted, today).options(
        contains_eager(InstitutionReport.institution).contains_eager(Institution.country)
    )


def list_reports(
    viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date
) -> Sequence[InstitutionReport]:
    return db.session.scalars(select_reports(viewer, round_, wanted, today).order_by(*ORDER)).all()


def count_by_state(
    viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date
) -> dict[ReportState, int]:
    statement = _joined(viewer, round_, replace(wanted, state=None), today).with_only_columns(
        InstitutionReport.state, func.count()
    )
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(InstitutionReport.state))}


def count_by_timing(
    viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date
) -> Counter[Timing]:
    statement = _joined(viewer, round_, replace(wanted, timing=None), today).with_only_columns(
        InstitutionReport.first_submitted_on, func.count()
    )
    rows = db.session.execute(statement.group_by(InstitutionReport.first_submitted_on))
    counts: Counter[Timing] = Counter()
    for first_on, many in rows:
        counts[timing(first_on, round_.due_on, today)] += many
    return counts


def count_by_country(
    viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date
) -> list[tuple[str, int]]:
    statement = _joined(viewer, round_, replace(wanted, country=""), today).with_only_columns(
        Country.code, func.count()
    )
    rows = db.session.execute(statement.group_by(Country.code).order_by(Country.code))
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class RoundLine:
    """A round with how many reports stand in each state, and how many came in time."""

    round: ReportingRound
    states: Counter[ReportState]
    rate: Rate

    @property
    def reports(self) -> int:
        return self.states.total()


def list_round_lines(viewer: Viewer, today: date) -> list[RoundLine]:
    """Every round as a line, the latest first, in two statements."""
    states: dict[int, Counter[ReportState]] = {}
    timings: dict[int, list[Timing]] = {}
    rounds = list_rounds()
    due = {one.id: one.due_on for one in rounds}
    rows = db.session.execute(
        select(
            InstitutionReport.round_id, InstitutionReport.state, InstitutionReport.first_submitted_on
        ).where(within(viewer, InstitutionReport.institution_id))
    )
    for round_id, state, first_on in rows:
        states.setdefault(round_id, Counter())[state] += 1
        timings.setdefault(round_id, []).append(timing(first_on, due[round_id], today))
    return [RoundLine(one, states.get(one.id, Counter()), rate(timings.get(one.id, ()))) for one in rounds]


def rate_of(viewer: Viewer, round_: ReportingRound, today: date) -> Rate:
    """How many reports of a round came in time."""
    return rate(count_by_timing(viewer, round_, WantedReports(), today).elements())


def rates_of(viewer: Viewer, institution_ids: Sequence[int], today: date) -> dict[int, Rate]:
    """How many of their reports these institutions sent in time, over all rounds."""
    timings: dict[int, list[Timing]] = {}
    rows = db.session.execute(
        select(InstitutionReport.institution_id, InstitutionReport.first_submitted_on, ReportingRound.due_on)
        .join(ReportingRound, ReportingRound.id == InstitutionReport.round_id)
        .where(
            InstitutionReport.institution_id.in_(institution_ids),
            within(viewer, InstitutionReport.institution_id),
        )
    )
    for institution_id, first_on, due_on in rows:
        timings.setdefault(institution_id, []).append(timing(first_on, due_on, today))
    return {institution_id: rate(found) for institution_id, found in timings.items()}


def _joined(viewer: Viewer, round_: ReportingRound, wanted: WantedReports, today: date) -> Select[Any]:
    conditions = [
        within(viewer, InstitutionReport.institution_id),
        InstitutionReport.round_id == round_.id,
        *_search(wanted.text),
        *_timed(wanted.timing, round_.due_on, today),
    ]
    if wanted.state is not None:
        conditions.append(InstitutionReport.state == wanted.state)
    if wanted.country:
        conditions.append(Country.code == wanted.country)
    return (
        select(InstitutionReport)
        .join(Institution, Institution.id == InstitutionReport.institution_id)
        .join(Country, Country.id == Institution.country_id)
        .where(*conditions)
    )


def _search(words: str) -> list[ColumnElement[bool]]:
    if not words:
        return []
    names = (Institution.name, Institution.native_name, Institution.code)
    return [any_contains(names, words)]


def _timed(wanted: Timing | None, due_on: date, today: date) -> list[ColumnElement[bool]]:
    """The condition of a timing: the same rule as `timing.timing`, asked of the database."""
    if wanted is None:
        return []
    first_on = InstitutionReport.first_submitted_on
    if wanted is Timing.IN_TIME:
        return [first_on <= due_on]
    if wanted is Timing.LATE:
        return [first_on > due_on]
    is_past = today > due_on
    return [first_on.is_(None) if is_past is (wanted is Timing.OVERDUE) else false()]
