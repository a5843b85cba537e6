"""Reading findings: those of a report, the office's queue, one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.reporting.finding_models import FindingState, RiskFinding
from gdt.reporting.models import InstitutionReport
from gdt.reporting.risk_rules import Rule
from gdt.reporting.states import ReportState

ORDER = (RiskFinding.state.desc(), RiskFinding.id)  # "to look at", "to correct", "fine"


@dataclass(frozen=True, kw_only=True)
class WantedFindings:
    """What the queue is narrowed to; None and "" narrow nothing. `everything`: those not sampled, too."""

    state: FindingState | None = None
    rule: Rule | None = None
    institution: str = ""
    everything: bool = False


def list_findings(report: InstitutionReport) -> Sequence[RiskFinding]:
    """Everything ever found in a report, what is still there first."""
    return db.session.scalars(
        select(RiskFinding)
        .where(RiskFinding.report_id == report.id)
        .order_by(RiskFinding.is_present.desc(), RiskFinding.id)
    ).all()


def get_finding(viewer: Viewer, finding_id: int) -> RiskFinding:
    found = db.session.scalar(
        select(RiskFinding)
        .join(InstitutionReport)
        .where(RiskFinding.id == finding_id, within(viewer, InstitutionReport.institution_id))
    )
    if found is None:
        raise RecordNotFound
    return found


def select_findings(viewer: Viewer, wanted: WantedFindings) -> Select[Any]:
    """To be paged in ORDER: what waits first, oldest first."""
    return _joined(viewer, wanted).options(
        contains_eager(RiskFinding.report).contains_eager(InstitutionReport.institution)
    )


def count_findings_by_state(viewer: Viewer, wanted: WantedFindings) -> dict[FindingState, int]:
    return _counted(viewer, replace(wanted, state=None), RiskFinding.state)


def count_findings_by_rule(viewer: Viewer, wanted: WantedFindings) -> dict[Rule, int]:
    return _counted(viewer, replace(wanted, rule=None), RiskFinding.rule)


def count_findings_by_institution(viewer: Viewer, wanted: WantedFindings) -> list[tuple[str, str, int]]:
    statement = _joined(viewer, replace(wanted, institution="")).with_only_columns(
        Institution.code, Institution.name, func.count()
    )
    grouped = statement.group_by(Institution.code, Institution.name).order_by(Institution.name)
    return [(code, name, count) for code, name, count in db.session.execute(grouped)]


def count_to_look_at(viewer: Viewer) -> int:
    """How many sampled findings of submitted reports wait for a look."""
    return count_findings_by_state(viewer, WantedFindings()).get(FindingState.TO_LOOK_AT, 0)


def count_waiting_by_report(report_ids: Sequence[int]) -> dict[int, int]:
    """How many findings of each report wait for a look."""
    rows = db.session.execute(
        select(RiskFinding.report_id, func.count())
        .where(
            RiskFinding.report_id.in_(report_ids),
            RiskFinding.is_present,
            RiskFinding.is_sampled,
            RiskFinding.state == FindingState.TO_LOOK_AT,
        )
        .group_by(RiskFinding.report_id)
    )
    return {row[0]: row[1] for row in rows}


def _counted(viewer: Viewer, wanted: WantedFindings, column: Any) -> dict[Any, int]:
    statement = _joined(viewer, wanted).with_only_columns(column, func.count()).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _joined(viewer: Viewer, wanted: WantedFindings) -> Select[Any]:
    """Findings of reports that were sent; an open report's are looked at once it comes."""
    conditions: list[ColumnElement[bool]] = [
        within(viewer, InstitutionReport.institution_id),
        InstitutionReport.state != ReportState.OPEN,
        RiskFinding.is_present.is_(True),
    ]
    if not wanted.everything:
        conditions.append(RiskFinding.is_sampled.is_(True))
    if wanted.state is not None:
        conditions.append(RiskFinding.state == wanted.state)
    if wanted.rule is not None:
        conditions.append(RiskFinding.rule == wanted.rule)
    if wanted.institution:
        conditions.append(Institution.code == wanted.institution)
    return (
        select(RiskFinding)
        .join(InstitutionReport, InstitutionReport.id == RiskFinding.report_id)
        .join(Institution, Institution.id == InstitutionReport.institution_id)
        .where(*conditions)
    )
