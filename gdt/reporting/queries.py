"""Reading rounds, reports, reminders and late corrections, one by one or those that wait."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from gdt.access import Role, Viewer, within
from gdt.accounts.models import User
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.mail import OutgoingMail
from gdt.partners.models import Agreement, Institution
from gdt.reporting.models import CorrectionState, InstitutionReport, LateCorrection, ReportingRound
from gdt.reporting.states import WAITS_FOR_INSTITUTION, ReportState

YEARS = range(2000, 10_000)


def find_round(year: int) -> ReportingRound | None:
    return db.session.scalar(select(ReportingRound).where(ReportingRound.year == year))


def get_round(year: int) -> ReportingRound:
    found = find_round(year) if year in YEARS else None
    if found is None:
        raise RecordNotFound
    return found


def list_rounds() -> Sequence[ReportingRound]:
    """Every round, the latest year first."""
    return db.session.scalars(select(ReportingRound).order_by(ReportingRound.year.desc())).all()


def get_report(
    viewer: Viewer, institution: Institution, year: int, *, is_held: bool = False
) -> InstitutionReport:
    """The institution's report of a year; `is_held`: until the transaction ends."""
    if year not in YEARS:
        raise RecordNotFound
    statement = select(InstitutionReport).where(
        InstitutionReport.institution_id == institution.id,
        InstitutionReport.year == year,
        within(viewer, InstitutionReport.institution_id),
    )
    if is_held:
        statement = statement.with_for_update(of=InstitutionReport).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise RecordNotFound
    return found


def list_reports_of(viewer: Viewer, institution: Institution) -> Sequence[InstitutionReport]:
    """An institution's reports, the latest year first."""
    return db.session.scalars(
        select(InstitutionReport)
        .where(
            InstitutionReport.institution_id == institution.id,
            within(viewer, InstitutionReport.institution_id),
        )
        .order_by(InstitutionReport.year.desc())
    ).all()


def list_active_institutions(year: int) -> Sequence[Institution]:
    """Those with a day of an agreement in the year, and not closed before it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_force = select(Agreement.institution_id).where(Agreement.starts_on <= last, Agreement.ends_on >= first)
    return db.session.scalars(
        select(Institution)
        .where(
            Institution.id.in_(in_force), or_(Institution.closed_on.is_(None), Institution.closed_on > first)
        )
        .order_by(Institution.name)
    ).all()


def list_reported_ids(round_: ReportingRound) -> set[int]:
    """The institutions that have a report in the round."""
    reports = select(InstitutionReport.institution_id).where(InstitutionReport.round_id == round_.id)
    return set(db.session.scalars(reports))


def list_awaited(
    viewer: Viewer, round_: ReportingRound, since: date, *, institution_id: int | None = None
) -> Sequence[InstitutionReport]:
    """Reports that wait for their institution and were not reminded of since a day, held until the end."""
    statement = _to_remind(viewer, round_, since)
    if institution_id is not None:
        statement = statement.where(InstitutionReport.institution_id == institution_id)
    held = statement.order_by(InstitutionReport.id).with_for_update(of=InstitutionReport)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()


def list_to_remind(viewer: Viewer, round_: ReportingRound, today: date) -> Sequence[InstitutionReport]:
    """The same to look at, by name."""
    statement = _to_remind(viewer, round_, today).join(Institution).order_by(Institution.name)
    return db.session.scalars(statement).all()


def _to_remind(viewer: Viewer, round_: ReportingRound, since: date) -> Select[Any]:
    return select(InstitutionReport).where(
        InstitutionReport.round_id == round_.id,
        InstitutionReport.state.in_(WAITS_FOR_INSTITUTION),
        within(viewer, InstitutionReport.institution_id),
        or_(InstitutionReport.last_reminded_on.is_(None), InstitutionReport.last_reminded_on < since),
    )


def count_awaited(viewer: Viewer, round_: ReportingRound) -> int:
    """How many reports wait for their institution."""
    statement = select(func.count(InstitutionReport.id)).where(
        InstitutionReport.round_id == round_.id,
        InstitutionReport.state.in_(WAITS_FOR_INSTITUTION),
        within(viewer, InstitutionReport.institution_id),
    )
    return db.session.scalar(statement) or 0


def list_coordinators(institution_ids: Sequence[int]) -> dict[int, list[User]]:
    """Who can be written to at each institution."""
    found: dict[int, list[User]] = {}
    users = db.session.scalars(
        select(User)
        .where(
            User.role == Role.COORDINATOR,
            User.suspended_at.is_(None),
            User.institution_id.in_(institution_ids),
        )
        .order_by(User.id)
    )
    for user in users:
        found.setdefault(user.institution_id or 0, []).append(user)
    return found


def list_reminders(report: InstitutionReport) -> Sequence[OutgoingMail]:
    """The mails that reminded of a report, latest first, each with what became of it."""
    prefix = OutgoingMail.key.startswith(f"report:{report.id}:", autoescape=True)
    return db.session.scalars(
        select(OutgoingMail).where(prefix).order_by(OutgoingMail.id.desc()).limit(20)
    ).all()


def find_asked(report: InstitutionReport) -> LateCorrection | None:
    """The request that waits for the office."""
    return db.session.scalar(
        select(LateCorrection).where(
            LateCorrection.report_id == report.id, LateCorrection.state == CorrectionState.ASKED
        )
    )


def list_asked(viewer: Viewer) -> Sequence[LateCorrection]:
    """Late corrections that wait for the office, oldest first."""
    return db.session.scalars(
        select(LateCorrection)
        .join(InstitutionReport)
        .where(
            LateCorrection.state == CorrectionState.ASKED, within(viewer, InstitutionReport.institution_id)
        )
        .order_by(LateCorrection.id)
        .options(contains_eager(LateCorrection.report))
    ).all()


def list_lapsed(today: date) -> Sequence[InstitutionReport]:
    """Reports whose correction was to end before today, held until the transaction ends."""
    return db.session.scalars(
        select(InstitutionReport)
        .where(InstitutionReport.state == ReportState.CORRECTING, InstitutionReport.correctable_until < today)
        .with_for_update(of=InstitutionReport)
    ).all()


def list_waiting_of(viewer: Viewer) -> Sequence[InstitutionReport]:
    """Reports that wait for the viewer's institution, the latest year first."""
    return db.session.scalars(
        select(InstitutionReport)
        .where(
            within(viewer, InstitutionReport.institution_id),
            InstitutionReport.state.in_(WAITS_FOR_INSTITUTION),
        )
        .order_by(InstitutionReport.year.desc())
    ).all()


class YearCount(NamedTuple):
    year: int
    many: int


def list_submitted_counts(viewer: Viewer) -> list[YearCount]:
    """How many reports wait for the office, by year."""
    rows = db.session.execute(
        select(InstitutionReport.year, func.count())
        .where(
            within(viewer, InstitutionReport.institution_id),
            InstitutionReport.state == ReportState.SUBMITTED,
        )
        .group_by(InstitutionReport.year)
        .order_by(InstitutionReport.year.desc())
    )
    return [YearCount(row[0], row[1]) for row in rows]
