"""Two-person approval: an order over a certain size is issued once a second officer has agreed to it."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gdt import audit, mail
from gdt.access import Permission, Viewer, may
from gdt.accounts.models import User
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import BatchRowState, CertificateBatch
from gdt.certification.batches.stages import Approval, BatchStage
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.jobs import JobState


def begin_or_ask(batch: CertificateBatch, *, actor: Viewer, size: int) -> None:
    """Issue a batch of this many certificates, or ask a second person first. Raises DomainError if halted."""
    halting.refuse_while_halted()
    ask_if_large(batch, actor=actor, size=size)
    if batch.stage is BatchStage.ISSUING:
        halting.begin_anew(batch, wait_seconds=1.5)


def ask_if_large(batch: CertificateBatch, *, actor: Viewer, size: int) -> None:
    """Put a batch to be issued into the stage its size asks for, and tell the others who can approve."""
    batch.stage, batch.job_state = BatchStage.ISSUING, JobState.WAITING
    batch.job_done, batch.job_total = 0, size
    if size > current_app.config["APPROVAL_OVER"]:
        batch.stage, batch.approval = BatchStage.AWAITING_APPROVAL, Approval.ASKED
        summary = ngettext(
            "Asked for approval of %(num)s certificate", "Asked for approval of %(num)s certificates", size
        )
        audit.record(actor, "asked for approval", batch, summary)
        _tell_the_others(batch, size)
    db.session.flush()


def approve_batch(*, actor: Viewer, batch: CertificateBatch, seen: int) -> None:
    """Agree that the number of certificates one has seen is issued. Raises DomainError."""
    _hold(batch, actor)
    halting.refuse_while_halted()
    ready = batch_queries.count_rows(batch)[BatchRowState.WAITING]
    if ready != seen:
        raise DomainError(_("Meanwhile this changed. Look at the batch again before you approve it."))
    _decide(batch, actor, Approval.GIVEN, None)
    batch.stage = BatchStage.ISSUING
    audit.record(
        actor,
        "approved",
        batch,
        ngettext("Approved %(num)s certificate", "Approved %(num)s certificates", ready),
    )
    halting.begin_anew(batch, wait_seconds=1.5)


def decline_batch(*, actor: Viewer, batch: CertificateBatch, reason: str) -> None:
    """Refuse a batch for a reason its orderer will read; nothing of it is issued. Raises DomainError."""
    _hold(batch, actor)
    if not reason.strip():
        raise DomainError(_("Say why: whoever ordered the batch will read it."), "reason")
    _decide(batch, actor, Approval.DECLINED, reason.strip())
    batch.stage, batch.job_state = BatchStage.DECLINED, JobState.DONE
    batch_queries.cancel_waiting_rows(batch)
    audit.record(actor, "declined", batch, _("Declined the batch: %(reason)s", reason=reason.strip()))


def may_decide(viewer: Viewer, batch: CertificateBatch) -> bool:
    """Whether this viewer can be the second person."""
    return (
        batch.stage is BatchStage.AWAITING_APPROVAL
        and viewer.id is not None
        and viewer.id != batch.ordered_by_id
        and may(viewer, Permission.CERTIFICATES_ISSUE)
    )


def waits_sentence(batch: CertificateBatch) -> str:
    sentence: str = ngettext(
        "Batch %(batch)s of %(num)s certificate waits for a second officer to approve it. Nothing is issued "
        "before.",
        "Batch %(batch)s of %(num)s certificates waits for a second officer to approve it. Nothing is issued "
        "before.",
        batch.job_total,
        batch=batch.id,
    )
    return sentence


def list_waiting_approvals() -> Sequence[CertificateBatch]:
    """The batches that wait for a second person, oldest first."""
    waiting = select(CertificateBatch).where(CertificateBatch.stage == BatchStage.AWAITING_APPROVAL)
    waiting = waiting.options(joinedload(CertificateBatch.cohort), joinedload(CertificateBatch.course))
    return db.session.scalars(waiting.order_by(CertificateBatch.id).limit(20)).all()


def _hold(batch: CertificateBatch, actor: Viewer) -> None:
    db.session.refresh(batch, with_for_update=True)
    if batch.stage is not BatchStage.AWAITING_APPROVAL:
        raise DomainError(_("This batch does not wait for approval any more. Nothing was changed."))
    if actor.id is None or actor.id == batch.ordered_by_id:
        raise DomainError(_("A second officer decides: never the one who ordered the batch."))


def _decide(batch: CertificateBatch, actor: Viewer, approval: Approval, reason: str | None) -> None:
    batch.approval, batch.decided_reason = approval, reason
    batch.decided_at, batch.decided_by_id, batch.decided_by_name = now(), actor.id, actor.name


def _tell_the_others(batch: CertificateBatch, size: int) -> None:
    """Mail every other officer who can sign in."""
    officers = db.session.scalars(
        select(User).where(User.suspended_at.is_(None), User.password_hash.is_not(None)).order_by(User.id)
    )
    link = f"{current_app.config['BASE_URL']}/certificate-batches/{batch.id}"
    for officer in officers:
        is_another = officer.id != batch.ordered_by_id and may(officer, Permission.CERTIFICATES_ISSUE)
        if is_another and batch_queries.is_visible(officer, batch):
            subject = ngettext(
                "%(num)s certificate waits for your approval",
                "%(num)s certificates wait for your approval",
                size,
            )
            mail.send("approval_asked", to=officer.email, subject=subject, batch=batch, size=size, link=link)
