"""Steering an order: issue what was checked, pause it, let it go on, cancel what is still waiting."""

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import BatchRowState, CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.delivery import services as delivering
from gdt.certification.issuing import approving
from gdt.database import db
from gdt.errors import DomainError
from gdt.jobs import JobState


def issue_checked_batch(*, actor: Viewer, batch: CertificateBatch, seen: int, mails: bool) -> None:
    """Issue the certificates of a checked batch, as many as the officer saw. Raises DomainError.

    `mails`: whether each holder is mailed a link as the certificate is issued.
    """
    _hold(batch, BatchStage.CHECKED)
    ready = batch_queries.count_rows(batch)[BatchRowState.WAITING]
    if ready == 0:
        raise DomainError(_("Nobody in this batch is ready to be certified."))
    if seen != ready:
        raise DomainError(_("Meanwhile this changed. Look at the number again before you issue."))
    summary = ngettext("Ordered %(num)s certificate", "Ordered %(num)s certificates", ready)
    batch.ordered_by_id, batch.ordered_by_name = actor.id, actor.name
    audit.record(actor, "ordered", batch, summary)
    if mails:
        delivering.mail_holders_of(batch)
    approving.begin_or_ask(batch, actor=actor, size=ready)


def pause_batch(*, actor: Viewer, batch: CertificateBatch) -> None:
    """Stop issuing after the portion at hand; the rest waits until somebody lets it go on."""
    _hold(batch, BatchStage.ISSUING)
    batch.stage, batch.job_state = BatchStage.PAUSED, JobState.WAITING
    audit.record(actor, "paused", batch, _("Paused the batch"))


def continue_batch(*, actor: Viewer, batch: CertificateBatch) -> None:
    """Let a paused batch go on, or take up one that failed. Raises DomainError."""
    db.session.refresh(batch, with_for_update=True)
    halting.refuse_while_halted()
    has_failed = batch.stage in {BatchStage.ISSUING, BatchStage.PREPARING} and batch.job_failure
    if batch.stage is not BatchStage.PAUSED and not has_failed:
        raise DomainError(_("This batch is not paused. Nothing was changed."))
    if batch.stage is BatchStage.PAUSED:
        batch.stage = BatchStage.ISSUING
    audit.record(actor, "continued", batch, _("Let the batch go on"))
    halting.begin_anew(batch, wait_seconds=1.5)


def cancel_batch(*, actor: Viewer, batch: CertificateBatch) -> int:
    """Cancel what is still waiting; returns how many. What was issued stays issued. Raises DomainError."""
    db.session.refresh(batch, with_for_update=True)
    if not batch.may_be_cancelled:
        raise DomainError(_("This batch has ended. Nothing was changed."))
    cancelled = batch_queries.cancel_waiting_rows(batch)
    batch.stage, batch.job_state = BatchStage.CANCELLED, JobState.DONE
    summary = ngettext(
        "Cancelled the %(num)s certificate that was waiting",
        "Cancelled the %(num)s certificates that were waiting",
        cancelled,
    )
    audit.record(actor, "cancelled", batch, summary)
    return cancelled


def _hold(batch: CertificateBatch, stage: BatchStage) -> None:
    db.session.refresh(batch, with_for_update=True)
    if batch.stage is not stage or batch.job_failure:
        raise DomainError(_("Meanwhile somebody else changed this batch. Nothing was changed; look again."))
