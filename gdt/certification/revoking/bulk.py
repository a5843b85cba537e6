"""Revoking many: a list or a batch is checked line by line, confirmed with its count, and then carried out.

Each portion is one short transaction that judges its lines anew, so that running it twice, or beside somebody
who revokes or replaces the same certificates, changes nothing twice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert

from gdt import audit, jobs
from gdt.access import Role, Viewer
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.models import Certificate
from gdt.certification.revoking import queries
from gdt.certification.revoking.lists import Entry
from gdt.certification.revoking.models import LineState, RevocationLine, RevocationOrder
from gdt.certification.revoking.services import revoke_held, tell_holders
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.jobs import JobState

PORTION = 200
MOST_LINES = 50_000


@dataclass(frozen=True)
class Orderer:
    """Who confirmed an order, as the trail names them."""

    id: int | None
    name: str
    role: Role = Role.OFFICER
    institution_id: int | None = None
    person_id: int | None = None
    region_ids: tuple[int, ...] = ()


def check_list(*, actor: Viewer, entries: Sequence[Entry], source: str) -> RevocationOrder:
    """Find out what would happen to each line of a list; nothing is revoked. Raises DomainError."""
    if not entries:
        raise DomainError(_("There is no number or code in it."))
    if len(entries) > MOST_LINES:
        raise DomainError(_("A list holds at most %(most)s lines. Split it.", most=f"{MOST_LINES:,}"))
    order = _order(actor, source)
    lines = _lines(order, entries, queries.find_named(actor, entries))
    db.session.execute(insert(RevocationLine), lines)
    order.counted = Counter(line["state"] for line in lines)[LineState.STANDING]
    db.session.flush()
    return order


def check_batch(*, actor: Viewer, batch: CertificateBatch) -> RevocationOrder:
    """The same for everything a batch issued; what was replaced since is meant as its newest edition."""
    numbers = queries.list_numbers_of_batch(batch)
    if not numbers:
        raise DomainError(_("This order has issued nothing yet, so there is nothing to revoke."))
    entries = [Entry(line, number, number=number) for line, number in enumerate(numbers, start=1)]
    order = check_list(actor=actor, entries=entries, source=_("Order %(id)s", id=batch.id))
    order.batch_id = batch.id
    return order


def confirm_revocation(*, actor: Viewer, order: RevocationOrder, reason: str, tells_holders: bool) -> None:
    """Begin to revoke what stands of a checked list. Raises DomainError; then nothing has begun."""
    db.session.refresh(order, with_for_update=True)
    if order.confirmed_at is not None:
        raise DomainError(_("This list was confirmed already. Nothing was begun a second time."))
    if not reason.strip():
        raise DomainError(_("Say why: everyone who verifies one of them will read it."), "reason")
    if not order.counted:
        raise DomainError(_("No line of this list can be revoked."))
    order.confirmed_at, order.reason, order.tells_holders = now(), reason.strip(), tells_holders
    order.ordered_by_id, order.ordered_by_name = actor.id, actor.name
    order.job_state, order.job_done, order.job_total = JobState.WAITING, 0, order.counted
    summary = ngettext(
        "Ordered to revoke %(num)s certificate: %(reason)s",
        "Ordered to revoke %(num)s certificates: %(reason)s",
        order.counted,
        reason=order.reason,
    )
    audit.record(actor, "ordered", order, summary)
    jobs.start(order, wait_seconds=1.5)


@jobs.job(RevocationOrder)
def revoke_portion(order: RevocationOrder) -> None:
    """Carry out the next lines: each is revoked, or somebody was faster and it says so."""
    lines = queries.list_standing(order, PORTION)
    held = queries.hold_certificates([line.certificate_id for line in lines if line.certificate_id])
    standing = []
    for line in lines:
        certificate = held[line.certificate_id or 0]
        line.state = _outcome(certificate)
        if line.state is LineState.REVOKED:
            standing.append(certificate)
    revoke_held(
        standing, actor=Orderer(order.ordered_by_id, order.ordered_by_name), reason=order.reason or ""
    )
    if order.tells_holders:
        tell_holders(standing)
    order.job_done += len(lines)
    if len(lines) < PORTION:
        order.job_state = JobState.DONE


def _outcome(certificate: Certificate) -> LineState:
    if certificate.revoked_at is not None:
        return LineState.BEFORE
    return LineState.REVOKED if certificate.replaced_by is None else LineState.REPLACED


def _order(actor: Viewer, source: str) -> RevocationOrder:
    order = RevocationOrder(
        source=source[:255],
        ordered_by_id=actor.id,
        ordered_by_name=actor.name,
        job_state=JobState.DONE,  # nothing to do until somebody confirms
    )
    db.session.add(order)
    db.session.flush()
    return order


def _lines(
    order: RevocationOrder, entries: Iterable[Entry], named: dict[str, tuple[int, LineState]]
) -> list[dict[str, object]]:
    seen: set[int] = set()
    lines: list[dict[str, object]] = []
    for position, entry in enumerate(entries, start=1):
        certificate_id, state = named.get(entry.number or entry.code or "", (None, LineState.UNKNOWN))
        if not entry.is_readable:
            state = LineState.UNREADABLE
        elif certificate_id in seen:
            state = LineState.TWICE
        elif certificate_id is not None:
            seen.add(certificate_id)
        lines.append(
            {
                "order_id": order.id,
                "position": position,
                "line": entry.line,
                "typed": entry.typed,
                "state": state,
                "certificate_id": certificate_id,
            }
        )
    return lines
