"""Mail: queued in the transaction that causes it, sent after the commit, each with a delivery state."""

from datetime import datetime
from enum import StrEnum
from smtplib import SMTPException
from typing import Any

from flask import Flask, render_template
from flask_mailman import EmailMessage, Mail
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gdt import jobs
from gdt.database import Model, db, now
from gdt.jobs import JobState, Work

_mail = Mail()


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"


class OutgoingMail(Work, Model):
    """One message to one address. `body` is emptied once it is sent: it may hold a secret link."""

    __tablename__ = "outgoing_mails"

    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    settled_at: Mapped[datetime | None]
    server_answer: Mapped[str | None] = mapped_column(Text)


def init_app(app: Flask) -> None:
    _mail.init_app(app)


def send(template: str, *, to: str, subject: str, **context: Any) -> OutgoingMail:
    """Queue a plain-text mail from `templates/mail/<template>.txt`; it leaves after the commit."""
    message = OutgoingMail(
        recipient=to, subject=subject, body=render_template(f"mail/{template}.txt", **context)
    )
    db.session.add(message)
    db.session.flush()
    jobs.start(message)
    return message


@jobs.job(OutgoingMail)
def _deliver(message: OutgoingMail) -> None:
    try:
        EmailMessage(message.subject, message.body, to=[message.recipient]).send()
    except (SMTPException, OSError) as error:
        message.state, message.server_answer = DeliveryState.REFUSED, str(error)
    else:
        message.state, message.body = DeliveryState.SENT, ""
    message.settled_at = now()
    message.job_state = JobState.DONE
