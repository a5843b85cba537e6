"""Outgoing mails as they are kept: one row a message, with its own key and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    Table,
    Text,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model, db, now

STALE = timedelta(minutes=10)  # longer than any conversation with a mail server may take


class DeliveryState(StrEnum):
    """`unclear`: handed over, but the server's last word never came; only a person sends it again."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"
    UNCLEAR = "unclear"


class OutgoingMail(Model):
    """One message to one address. `body` is emptied once it is sent: it may hold a secret link.

    `key` says what the mail is for, so that the same thing is never mailed twice; the Message-ID is its own
    and stays the same at every try.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index(None, "state", "next_try_at", "id"),)

    key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    has_html: Mapped[bool] = mapped_column(default=False)
    unsubscribe: Mapped[str | None] = mapped_column(String(300))
    queued_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=now)
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    server_answer: Mapped[str | None] = mapped_column(Text)

    @property
    def is_waiting(self) -> bool:
        """Whether it was tried, and will be again."""
        return self.state is DeliveryState.QUEUED and self.tries > 0

    def __str__(self) -> str:
        return self.subject


@dataclass(frozen=True)
class Letter:
    """What a postman takes along of a mail, free of the database."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: str
    has_html: bool
    unsubscribe: str | None
    tries: int


_MAILS = cast("Table", OutgoingMail.__table__)
_LETTER = tuple(field.name for field in fields(Letter))


def claim_next() -> Letter | None:
    """Mark the next due mail as being sent; no other process gets it. None when nothing is due.

    One plain statement, because it is asked ten thousand times an afternoon.
    """
    due = (
        select(_MAILS.c.id)
        .where(_MAILS.c.state == DeliveryState.QUEUED, _MAILS.c.next_try_at <= now())
        .order_by(_MAILS.c.next_try_at, _MAILS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claim = (
        _MAILS.update()
        .where(_MAILS.c.id == due)
        .values(state=DeliveryState.SENDING, claimed_at=now(), tries=_MAILS.c.tries + 1)
        .returning(*(_MAILS.c[name] for name in _LETTER))
    )
    row = db.session.execute(claim).one_or_none()
    return None if row is None else Letter(*row)


def settle(letter: Letter, **values: Any) -> None:
    """Write down what became of a claimed mail."""
    db.session.execute(_MAILS.update().where(_MAILS.c.id == letter.id).values(claimed_at=None, **values))


def count_by_state() -> dict[str, int]:
    """How many mails are in each state."""
    counts = db.session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)).all()
    return {state.value: 0 for state in DeliveryState} | {state.value: n for state, n in counts}


def is_anything_due() -> bool:
    """Whether there is something to send, or to own up to; takes no lock."""
    due = (OutgoingMail.state == DeliveryState.QUEUED) & (OutgoingMail.next_try_at <= now())
    return bool(db.session.scalar(select(exists().where(or_(due, _is_interrupted())))))


def _is_interrupted() -> ColumnElement[bool]:
    return (OutgoingMail.state == DeliveryState.SENDING) & (OutgoingMail.claimed_at < now() - STALE)


def get_mail(mail_id: int) -> OutgoingMail:
    return db.session.get_one(OutgoingMail, mail_id)


def hold_all(until: datetime, words: str) -> None:
    """Nothing can leave now: every due mail waits, and says why and until when."""
    _change(
        (OutgoingMail.state == DeliveryState.QUEUED) & (OutgoingMail.next_try_at <= now()),
        next_try_at=until,
        server_answer=words,
        tries=OutgoingMail.tries + 1,
    )


def give_up_on(queued_before: datetime, words: str) -> None:
    """What nobody would take for days is refused, with the last words that were heard."""
    _change(
        (OutgoingMail.state == DeliveryState.QUEUED)
        & (OutgoingMail.queued_at < queued_before)
        & (OutgoingMail.tries > 0),
        state=DeliveryState.REFUSED,
        settled_at=now(),
        server_answer=literal(words) + func.coalesce(OutgoingMail.server_answer, ""),
    )


def own_up_to_interrupted(words: str) -> None:
    """A process that ended in the middle of a mail leaves it unclear: the server may have it or not."""
    _change(_is_interrupted(), state=DeliveryState.UNCLEAR, settled_at=now(), server_answer=words)


def doubt_all_waiting(words: str) -> None:
    """A restored register does not know what left since: what waits in it is sent again only by a person."""
    waiting = OutgoingMail.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
    _change(
        waiting, state=DeliveryState.UNCLEAR, claimed_at=None, settled_at=now(), server_answer=words, body=""
    )


def _change(condition: ColumnElement[bool], **values: Any) -> None:
    statement = update(OutgoingMail).where(condition).values(**values)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def insert_mails(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Many new mails in one statement; their ids in the same order."""
    statement = insert(OutgoingMail).returning(OutgoingMail.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
