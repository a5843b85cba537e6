"""Mail: queued in the transaction that causes it, sent after the commit, each with a delivery state."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template
from flask_mailman import Mail

from gdt import outbox
from gdt.database import after_commit, now
from gdt.outgoing import DeliveryState as DeliveryState
from gdt.outgoing import OutgoingMail as OutgoingMail
from gdt.outgoing import get_mail, insert_mails

SUBJECT_LIMIT = 200
_mail = Mail()


@dataclass(frozen=True, kw_only=True)
class Note:
    """A mail to queue. `key` names what it is for: nothing is mailed twice under one key.

    `unsubscribe` is the address to which a mail program may post to get no more of its kind.
    """

    template: str
    to: str
    subject: str
    context: dict[str, Any]
    key: str | None = None
    has_html: bool = False
    unsubscribe: str | None = None


def init_app(app: Flask) -> None:
    _mail.init_app(app)


def send(template: str, *, to: str, subject: str, **context: Any) -> OutgoingMail:
    """Queue a plain-text mail from `templates/mail/<template>.txt`; it leaves after the commit."""
    (mail_id,) = send_all([Note(template=template, to=to, subject=subject, context=context)])
    return get_mail(mail_id)


def send_all(notes: Sequence[Note]) -> list[int]:
    """Queue many mails in one statement; returns the ids of their rows in the same order.

    A key that was used before breaks the transaction: whoever queues decides once.
    """
    if not notes:
        return []
    ids = insert_mails([_row(note) for note in notes])
    after_commit(outbox.wake)
    return ids


def _row(note: Note) -> dict[str, Any]:
    token, moment = secrets.token_hex(16), now()
    host = urlsplit(current_app.config["BASE_URL"]).hostname
    return {
        "key": note.key or f"once:{token}",
        "message_id": f"<{token}@{host}>",
        "recipient": note.to,
        "subject": " ".join(note.subject.split())[:SUBJECT_LIMIT],
        "body": render_template(f"mail/{note.template}.txt", **note.context),
        "has_html": note.has_html,
        "unsubscribe": note.unsubscribe,
        "queued_at": moment,
        "next_try_at": moment,
        "state": DeliveryState.QUEUED,
        "tries": 0,
    }
