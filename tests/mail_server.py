"""A real mail server on a free port, which answers as a test wants and keeps what it took."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]


def as_usual(_recipient: str) -> str | None:
    return None


class MailServer:
    """`at_rcpt` and `at_data` say what to answer for a recipient; None takes it, "drop" hangs up."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.at_rcpt: Answer = as_usual
        self.at_data: Answer = as_usual
        self.after_data: Answer = as_usual

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.at_rcpt(address)
        if answer == "drop":
            server.transport.abort()
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.at_data(address)
        if answer is None:
            self.taken.append((address, email.message_from_bytes(envelope.content, policy=policy.default)))
            answer = self.after_data(address)
        if answer == "drop":
            server.transport.abort()
        return answer or "250 OK: queued"

    @property
    def recipients(self) -> list[str]:
        return [address for address, _message in self.taken]


@contextmanager
def mail_server(port: int | None = None, *, takes_utf8: bool = True) -> Iterator[MailServer]:
    server = MailServer(port or free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, enable_SMTPUTF8=takes_utf8)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
