"""The switch that halts all issuing at once, in every process: who turned it, and how issuing obeys.

Every transaction that issues holds on to the switch's row, as the last of its locks, and whoever turns it
waits for those to end: once the office reads "halted", nothing more is issued until somebody turns it back.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite

from gdt import audit, jobs
from gdt.access import Viewer
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.batches.switch_models import IssuingSwitch
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import moment

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_THE_ONE = 1


def find_halt() -> IssuingSwitch | None:
    """The switch while all issuing is halted."""
    return db.session.scalar(select(IssuingSwitch).where(IssuingSwitch.is_halted))


def look_at_switch() -> IssuingSwitch:
    """The switch as it stands, or as it would be made."""
    return db.session.get(IssuingSwitch, _THE_ONE) or IssuingSwitch(id=_THE_ONE, is_halted=False)


def hold_switch() -> IssuingSwitch:
    """The switch, held to the end of the transaction so that nobody can turn it meanwhile."""
    return _take(for_turning=False)


def refuse_while_halted() -> None:
    """Hold the switch, and raise DomainError if it says halted: whatever issues calls this first."""
    switch = hold_switch()
    if switch.is_halted:
        raise DomainError(halt_sentence(switch))


def halt_sentence(switch: IssuingSwitch) -> str:
    sentence: str = _(
        "All issuing is halted since %(moment)s by %(name)s: %(reason)s",
        moment=moment(switch.turned_at),
        name=switch.turned_by_name,
        reason=switch.reason,
    )
    return sentence


def halt_issuing(*, actor: Viewer, reason: str) -> None:
    """Halt all issuing, for a reason everyone in the office will read. Raises DomainError."""
    if not reason.strip():
        raise DomainError(_("Say why: everyone in the office will read it."), "reason")
    switch = _take(for_turning=True)
    if switch.is_halted:
        raise DomainError(halt_sentence(switch))
    _turn(switch, actor, reason.strip(), is_halted=True)
    audit.record(actor, "halted", switch, _("Halted all issuing: %(reason)s", reason=reason.strip()))


def resume_issuing(*, actor: Viewer, reason: str = "") -> int:
    """Let issuing go on, and begin anew what it interrupted; returns how many batches. Raises DomainError."""
    interrupted = db.session.scalars(_interrupted().order_by(CertificateBatch.id).with_for_update()).all()
    switch = _take(for_turning=True)
    if not switch.is_halted:
        raise DomainError(_("Issuing is not halted. Nothing was changed."))
    _turn(switch, actor, reason.strip() or None, is_halted=False)
    for batch in interrupted:
        begin_anew(batch)
    summary = _("Let issuing go on. %(reason)s", reason=reason.strip()).strip()
    audit.record(actor, "resumed", switch, summary, batches=[batch.id for batch in interrupted])
    return len(interrupted)


def begin_anew(batch: CertificateBatch, *, wait_seconds: float = 0.0) -> None:
    """Hand a batch whose work rested to the workers again."""
    batch.job_state, batch.job_failure = jobs.JobState.WAITING, None
    batch.job_run += 1
    batch.run_began_at, batch.run_began_done = None, batch.job_done
    db.session.flush()
    jobs.start(batch, wait_seconds=wait_seconds)


def _interrupted() -> Select[CertificateBatch]:
    return select(CertificateBatch).where(
        CertificateBatch.stage == BatchStage.ISSUING,
        CertificateBatch.job_state.in_([jobs.JobState.WAITING, jobs.JobState.RUNNING]),
    )


def _take(*, for_turning: bool) -> IssuingSwitch:
    insert = _INSERT[db.engine.dialect.name]
    values = {"id": _THE_ONE, "is_halted": False, "turned_at": now(), "turned_by_name": ""}
    db.session.execute(
        insert(IssuingSwitch).values(**values).on_conflict_do_nothing(),
        execution_options={"synchronize_session": False},
    )
    query = select(IssuingSwitch).where(IssuingSwitch.id == _THE_ONE)
    held = query.with_for_update(read=not for_turning).execution_options(populate_existing=True)
    return db.session.scalars(held).one()


def _turn(switch: IssuingSwitch, actor: Viewer, reason: str | None, *, is_halted: bool) -> None:
    switch.is_halted, switch.reason, switch.turned_at = is_halted, reason, now()
    switch.turned_by_id, switch.turned_by_name = actor.id, actor.name
