"""Commands for batches: the switch that halts all issuing, approval by a second person, stray files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from gdt.access import OFFICE, Permission, may
from gdt.accounts.models import User
from gdt.accounts.queries import find_user_by_email
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import BatchRowState, CertificateBatch
from gdt.certification.issuing import approving, steering
from gdt.certification.issuing.sweeping import sweep_documents
from gdt.commands.answers import as_json, refuse, say
from gdt.database import unit_of_work
from gdt.errors import DomainError, RecordNotFound

batches = AppGroup(
    "batches", help="Batches of certificates: list, approve, decline, pause, continue, cancel."
)
documents = AppGroup("documents", help="The store of files.")
a_batch = click.argument("batch", type=int)
by_somebody = click.option("--by", "email", required=True, help="E-mail address of the officer who decides.")
reason_wanted = click.option("--reason", required=True, help="What the office will read.")


@click.command("halt")
@reason_wanted
@as_json
def halt(reason: str, as_json: bool) -> None:
    """Halt all issuing at once, in every process, until `gdt resume`."""
    _do(lambda: halting.halt_issuing(actor=OFFICE, reason=reason), as_json)
    say({"halted": True, "reason": reason}, "All issuing is halted.", as_json)


@click.command("resume")
@click.option("--reason", default="", help="What was found.")
@as_json
def resume(reason: str, as_json: bool) -> None:
    """Let issuing go on after a halt, and carry out here what it interrupted."""
    count = _do(lambda: halting.resume_issuing(actor=OFFICE, reason=reason), as_json)
    say(
        {"halted": False, "batches": count}, f"Issuing goes on; {count} batches were taken up again.", as_json
    )


@batches.command("list")
@as_json
def list_batches(as_json: bool) -> None:
    """Print the batches that have not ended."""
    found = _do(lambda: [_facts(batch) for batch in batch_queries.list_open_batches(OFFICE)], as_json)
    lines = [f"{b['id']}  {b['stage']}  {b['done']} of {b['total']}  {b['subject']}" for b in found]
    say({"batches": found}, "\n".join(lines) or "No batch is at work.", as_json)


@batches.command("approve")
@a_batch
@by_somebody
@click.option("--count", type=int, required=True, help="How many certificates you have seen it will issue.")
@as_json
def approve(batch: int, email: str, count: int, as_json: bool) -> None:
    """Approve a large batch as its second person, and carry it out here."""
    _decide(batch, email, lambda b, user: approving.approve_batch(actor=user, batch=b, seen=count), as_json)


@batches.command("decline")
@a_batch
@by_somebody
@reason_wanted
@as_json
def decline(batch: int, email: str, reason: str, as_json: bool) -> None:
    """Decline a large batch as its second person; nothing of it is issued."""
    _decide(
        batch, email, lambda b, user: approving.decline_batch(actor=user, batch=b, reason=reason), as_json
    )


@batches.command("pause")
@a_batch
@as_json
def pause(batch: int, as_json: bool) -> None:
    """Stop issuing a batch after the portion at hand."""
    _steer(batch, lambda b: steering.pause_batch(actor=OFFICE, batch=b), as_json)


@batches.command("continue")
@a_batch
@as_json
def go_on(batch: int, as_json: bool) -> None:
    """Carry out here the rest of a batch that is paused or failed."""
    _steer(batch, lambda b: steering.continue_batch(actor=OFFICE, batch=b), as_json)


@batches.command("cancel")
@a_batch
@as_json
def cancel(batch: int, as_json: bool) -> None:
    """Cancel what of a batch is still waiting; what was issued stays."""
    _steer(batch, lambda b: steering.cancel_batch(actor=OFFICE, batch=b), as_json)


@documents.command("sweep")
@click.option("--dry-run", is_flag=True, help="Name the files; remove none.")
@click.option("--older-than", type=float, default=24, show_default=True, help="Hours; at least one.")
@as_json
def sweep(dry_run: bool, older_than: float, as_json: bool) -> None:
    """Remove files of certificates, archives and closed years that a crash left and nothing points to."""
    try:
        swept = sweep_documents(older_than=timedelta(hours=older_than), dry_run=dry_run)
    except DomainError as error:
        refuse(error.message, as_json)
    done = "would be removed" if dry_run else "removed"
    sentence = f"{len(swept.orphans)} of {swept.looked_at} files {done}, {swept.size:,} bytes."
    outcome = {
        "looked_at": swept.looked_at,
        "orphans": swept.orphans,
        "bytes": swept.size,
        "dry_run": dry_run,
    }
    say(outcome, "\n".join([*swept.orphans, sentence]), as_json)


def _decide(batch_id: int, email: str, act: Callable[[CertificateBatch, User], Any], as_json: bool) -> None:
    def work(batch: CertificateBatch) -> None:
        user = find_user_by_email(email)
        if user is None or not user.is_active or not may(user, Permission.CERTIFICATES_ISSUE):
            raise DomainError(f"{email} is no officer who may decide about batches.")
        act(batch_queries.get_batch(user, batch.id), user)

    _steer(batch_id, work, as_json)


def _steer(batch_id: int, act: Callable[[CertificateBatch], Any], as_json: bool) -> None:
    def work() -> dict[str, Any]:
        batch = batch_queries.get_batch(OFFICE, batch_id)
        act(batch)
        return _facts(batch)

    facts = _do(work, as_json)
    say(facts, f"Batch {facts['id']} is {facts['stage']}, {facts['waiting']} waiting.", as_json)


def _facts(batch: CertificateBatch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "subject": batch.subject,
        "stage": batch.stage.value,
        "done": batch.job_done,
        "total": batch.job_total,
        "waiting": batch_queries.count_rows(batch)[BatchRowState.WAITING],
    }


def _do(work: Callable[[], Any], as_json: bool) -> Any:
    """Do it in one transaction, or refuse with the sentence of the rule that forbids it."""
    try:
        with unit_of_work(), force_locale("en"):
            return work()
    except DomainError as error:
        return refuse(error.message, as_json)
    except RecordNotFound:
        return refuse("There is no batch with that number.", as_json)
