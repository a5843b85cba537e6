"""The lock of what is approved: an institution changes none of its rows, whatever page, file or job tries.

Triggers note what a transaction changed (`holding_triggers`). A service that records a deed of an
institution's people is refused then and there, where a form can show it; the commit refuses what is left.
The office may change what it approved; the report's history tells it.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.reporting.models import HeldChange, InstitutionReport
from gdt.reporting.states import WAS_APPROVED
from gdt.reporting.words import locked_rows
from gdt.training.held_days import HeldDays, tells_held_days


@audit.before_recording
def refuse_held(actor: Viewer) -> None:
    """Raise DomainError if this transaction changed rows that are locked for her."""
    if not actor.role.is_of_one_institution:
        return
    today = now().date()
    for report in _touched():
        if report.is_held(today):
            raise DomainError(_sentence(report))


@tells_held_days
def locked_days(actor: Viewer, institution_id: int) -> list[HeldDays]:
    """The days of an institution that are locked for her, with the sentence that says the way out."""
    if not actor.role.is_of_one_institution:
        return []
    today = now().date()
    approved = InstitutionReport.state.in_(WAS_APPROVED)
    reports = db.session.scalars(
        select(InstitutionReport).where(InstitutionReport.institution_id == institution_id, approved)
    )
    return [
        HeldDays(report.starts_on, report.ends_on, _sentence(report))
        for report in reports
        if report.is_held(today)
    ]


def _sentence(report: InstitutionReport) -> str:
    return str(
        _(
            "The report of %(period)s is approved, so what it counted is locked: %(rows)s."
            " Nothing was changed. To correct it, open Reporting, choose %(label)s and ask the office for a"
            " late correction.",
            period=report.words,
            rows=locked_rows(report),
            label=report.label,
        )
    )


@event.listens_for(db.session, "before_commit")
def _look_before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched = _touched()
    if not touched:
        return
    actor = audit.acting()
    refuse_held(actor)
    session.execute(delete(HeldChange))
    for report in touched:
        if report.state not in WAS_APPROVED:
            continue
        summary = _("Changed rows of %(period)s after the report was approved.", period=report.words)
        audit.record(actor, "changed", report, summary, institution_id=report.institution_id)
    session.flush()


def _touched() -> Sequence[InstitutionReport]:
    """The reports whose rows changed, as they are now: who approves one waits until this transaction ends."""
    found = db.session.scalars(select(HeldChange.report_id)).all()
    if not found:
        return []
    reports = select(InstitutionReport).where(InstitutionReport.id.in_(set(found)))
    held = reports.order_by(InstitutionReport.id).with_for_update(read=True, of=InstitutionReport)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()
