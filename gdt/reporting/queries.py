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
from gdt.impact.periods import Period, period_at
from gdt.mail import OutgoingMail
from gdt.partners.models import Agreement, Institution, InstitutionKind
from gdt.reporting.models import CorrectionState, InstitutionReport, LateCorrection, ReportingRound
from gdt.reporting.overlap import EVERY
from gdt.reporting.states import WAITS_FOR_INSTITUTION, ReportState

LATEST = (ReportingRound.ends_on.desc(), ReportingRound.starts_on.desc(), ReportingRound.id.desc())


def find_round(code: str) -> ReportingRound | None:
    return db.session.scalar(select(ReportingRound).where(ReportingRound.code == code))


def get_round(code: str) -> ReportingRound:
    found = find_round(code)
    if found is None:
        raise RecordNotFound
    return found


def list_rounds() -> Sequence[ReportingRound]:
    """Every round, the one that ends last first."""
    return db.session.scalars(select(ReportingRound).order_by(*LATEST)).all()


def list_latest_due(today: date) -> list[ReportingRound]:
    """The round that was due last, and others due on the same day."""
    due = [one for one in list_rounds() if one.due_on < today]
    last = max((one.due_on for one in due), default=None)
    return [one for one in due if one.due_on == last]


def get_report(
    viewer: Viewer, institution: Institution, code: str, *, is_held: bool = False
) -> InstitutionReport:
    """The institution's report of the period with this code; `is_held`: until the transaction ends."""
    period = period_at(code)
    if period is None:
        raise RecordNotFound
    statement = select(InstitutionReport).where(
        InstitutionReport.institution_id == institution.id,
        InstitutionReport.starts_on == period.starts_on,
        InstitutionReport.ends_on == period.ends_on,
        within(viewer, InstitutionReport.institution_id),
    )
    if is_held:
        statement = statement.with_for_update(of=InstitutionReport).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise RecordNotFound
    return found


def list_reports_of(viewer: Viewer, institution: Institution) -> Sequence[InstitutionReport]:
    """An institution's reports, the latest period first."""
    return db.session.scalars(
        select(InstitutionReport)
        .where(
            InstitutionReport.institution_id == institution.id,
            within(viewer, InstitutionReport.institution_id),
        )
        .order_by(InstitutionReport.starts_on.desc())
    ).all()


def list_active_institutions(period: Period, kinds: Sequence[str] = ()) -> Sequence[Institution]:
    """Those (of some kinds) with a day of an agreement in the period, and not closed before it."""
    first, last = period.starts_on, period.ends_on
    in_force = select(Agreement.institution_id).where(Agreement.starts_on <= last, Agreement.ends_on >= first)
    return db.session.scalars(
        select(Institution)
        .where(
            Institution.id.in_(in_force),
            or_(Institution.closed_on.is_(None), Institution.closed_on > first),
            Institution.kind.in_([InstitutionKind(kind) for kind in kinds or EVERY]),
        )
        .order_by(Institution.name)
    ).all()


def list_reporting_ids(period: Period) -> set[int]:
    """The institutions that have a report with a day of this period."""
    reports = select(InstitutionReport.institution_id).where(
        InstitutionReport.starts_on <= period.ends_on, InstitutionReport.ends_on >= period.starts_on
    )
    return set(db.session.scalars(reports))


def count_reports(round_: ReportingRound) -> int:
    """How many institutions are asked in a round."""
    reports = select(func.count(InstitutionReport.id)).where(InstitutionReport.round_id == round_.id)
    return db.session.scalar(reports) or 0


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
    """Reports that wait for the viewer's institution, the latest period first."""
    return db.session.scalars(
        select(InstitutionReport)
        .where(
            within(viewer, InstitutionReport.institution_id),
            InstitutionReport.state.in_(WAITS_FOR_INSTITUTION),
        )
        .order_by(InstitutionReport.starts_on.desc())
    ).all()


class RoundCount(NamedTuple):
    round: ReportingRound
    many: int


def list_submitted_counts(viewer: Viewer) -> list[RoundCount]:
    """How many reports wait for the office, by round."""
    rows = db.session.execute(
        select(InstitutionReport.round_id, func.count())
        .where(
            within(viewer, InstitutionReport.institution_id),
            InstitutionReport.state == ReportState.SUBMITTED,
        )
        .group_by(InstitutionReport.round_id)
    )
    many = {row[0]: row[1] for row in rows}
    return [RoundCount(one, many[one.id]) for one in list_rounds() if one.id in many] if many else []
