"""The postman: hands mails to the mail server, many over one connection, and brings back what it said.

SMTP is spoken step by step (RFC 5321), because only the words after the last dot leave open whether a mail
was taken; a connection lost before that lost nothing.
"""

import html
import re
import socket
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from smtplib import SMTP, SMTPException, SMTPServerDisconnected
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_mailman import EmailMultiAlternatives

from gdt.outgoing import Letter

MAILS_A_CONNECTION = 100  # servers close longer ones
_LONE_LINK = re.compile(r"https?://\S+")
_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    '<body style="margin:0;padding:24px;background:#f7f5f1;color:#191b1f;'
    'font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">'
    '<div style="max-width:34em;margin:0 auto;padding:28px;background:#fff;border-top:4px solid #b44c06">'
    "{}</div></body></html>"
)
_BUTTON = (
    '<a href="{0}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#b44c06;'
    'color:#fff;text-decoration:none;font-weight:600">{1}</a><br>'
    '<span style="color:#575c66;font-size:13px;word-break:break-all">{0}</span>'
)


_LINK = '<a href="{0}" style="color:#191b1f;word-break:break-all">{0}</a>'


class Result(StrEnum):
    """What became of a try. `trouble` concerns the server or us, not the one mail."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Outcome:
    result: Result
    words: str = ""


class Postman:
    """One connection to the mail server, or to the folder that stands for it; opened anew when it is lost."""

    def __init__(self) -> None:
        self.backend: Any = current_app.extensions["mailman"].get_connection()
        self._handed = 0

    def open(self) -> Outcome | None:
        """Be ready to hand over; the outcome says what is wrong when that cannot be."""
        if self._handed >= MAILS_A_CONNECTION:
            self.close()
        try:
            if self.backend.open():
                _answer_at_once(self.backend)
        except (SMTPException, OSError) as error:
            self._drop()
            return Outcome(Result.TROUBLE, _words(error))
        return None

    def hand_over(self, letter: Letter) -> Outcome:
        """Try one mail once."""
        self._handed += 1
        try:
            message = _message(letter)
            content = message.message().as_bytes(linesep="\r\n")
        except (ValueError, UnicodeError) as error:
            return Outcome(Result.REFUSED, _("It cannot be written as a mail: %(why)s", why=str(error)))
        server = getattr(self.backend, "connection", None)
        if not isinstance(server, SMTP):
            return self._put_down(message)
        return self._speak(server, message.from_email, letter.recipient, content)

    def close(self) -> None:
        try:
            self.backend.close()
        except (SMTPException, OSError):
            self._drop()
        self._handed = 0

    def _put_down(self, message: EmailMultiAlternatives) -> Outcome:
        """Without a mail server a mail becomes a file, or stays in memory in a test."""
        try:
            self.backend.send_messages([message])
        except OSError as error:
            return Outcome(Result.TROUBLE, _words(error))
        return Outcome(Result.SENT)

    def _speak(self, server: SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
        try:
            refusal = _announce(server, sender, recipient)
            if refusal is not None:
                _begin_anew(server, refusal)
                return refusal
            server.send(re.sub(rb"(?m)^\.", b"..", content) + (b"" if content.endswith(b"\r\n") else b"\r\n"))
        except (SMTPException, OSError) as error:
            self._drop()
            return Outcome(Result.LATER, _words(error))
        return self._finish(server)

    def _finish(self, server: SMTP) -> Outcome:
        """Send the last dot and hear the answer; without one only the server knows if it took the mail."""
        try:
            server.send(b".\r\n")
            code, words = server.getreply()
        except (SMTPException, OSError) as error:
            self._drop()
            return Outcome(Result.UNCLEAR, _words(error))
        if code == 250:
            return Outcome(Result.SENT, _said(code, words))
        return _judge(code, words)

    def _drop(self) -> None:
        """Forget a connection on which nothing can be said any more."""
        server = getattr(self.backend, "connection", None)
        if isinstance(server, SMTP):
            server.close()
            self.backend.connection = None
        self._handed = 0


def _answer_at_once(backend: Any) -> None:
    """Let small pieces leave without waiting for an acknowledgement, which takes longer than all the rest."""
    server = getattr(backend, "connection", None)
    if isinstance(server, SMTP) and server.sock is not None:
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _announce(server: SMTP, sender: str, recipient: str) -> Outcome | None:
    """Say from whom and to whom, and that the content comes; an outcome when the server will not have it."""
    server.ehlo_or_helo_if_needed()
    address, options = _on_the_wire(recipient), []
    if not address.isascii():
        if not server.has_extn("smtputf8"):
            said = _(
                "The mail server takes no addresses beyond plain letters: %(address)s", address=recipient
            )
            return Outcome(Result.REFUSED, said)
        server.command_encoding, options = "utf-8", ["SMTPUTF8"]
    code, words = server.mail(parseaddr(sender)[1], options)
    if code != 250:
        return Outcome(Result.TROUBLE, _said(code, words))
    code, words = server.rcpt(address)
    if code not in (250, 251):
        return _judge(code, words)
    code, words = server.docmd("DATA")
    return None if code == 354 else _judge(code, words)


def _begin_anew(server: SMTP, refusal: Outcome) -> None:
    """Clear the table after a refusal, so that the next mail finds the server ready."""
    if refusal.words.startswith("421"):
        raise SMTPServerDisconnected(refusal.words)
    server.rset()


def _judge(code: int, words: bytes) -> Outcome:
    """4yz asks us to come again, anything else is final (RFC 5321 section 4.2.1)."""
    return Outcome(Result.LATER if 400 <= code < 500 else Result.REFUSED, _said(code, words))


def _said(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}".replace("\n", " ").strip()[:1000]


def _words(error: Exception) -> str:
    return str(error)[:1000] or type(error).__name__


def _on_the_wire(recipient: str) -> str:
    local, _at, domain = recipient.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _message(letter: Letter) -> EmailMultiAlternatives:
    """The message with its lasting Message-ID. Raises ValueError for an address or subject that is none."""
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", letter.recipient):
        raise ValueError(letter.recipient)
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(letter.subject, letter.body, to=[letter.recipient], headers=headers)
    if letter.has_html:
        message.attach_alternative(as_html(letter.body), "text/html")
    return message


def as_html(text: str) -> str:
    """The same words as a modest page: paragraphs, and the first link on a line of its own as a button."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    links = [part for part in parts if _LONE_LINK.fullmatch(part)]
    shown = (_BUTTON if part in links[:1] else _LINK if part in links else "{0}" for part in parts)
    label = html.escape(_("Open the page"))
    paragraphs = (pattern.format(_lines(part), label) for pattern, part in zip(shown, parts, strict=True))
    return _PAGE.format("".join(f'<p dir="auto">{paragraph}</p>' for paragraph in paragraphs))


def _lines(part: str) -> str:
    """The lines of a paragraph; an address on a line of its own under words is a link."""
    lines = part.split("\n")
    return "<br>".join(
        (_LINK if len(lines) > 1 and _LONE_LINK.fullmatch(words) else "{0}").format(html.escape(words))
        for words in lines
    )
