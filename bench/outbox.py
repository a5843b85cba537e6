"""How many mails a minute leave the outbox, beside a connection for each; a real server takes them."""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from flask_mailman import EmailMessage
from flask_migrate import upgrade

from config import TestConfig
from gdt import mail, outbox
from gdt.app import create_app
from gdt.database import db, unit_of_work
from tests.mail_server import free_port

MAILS, PEERS, RUNS = 2_000, 300, 5


class _Sink:
    async def handle_DATA(self, *_conversation: Any) -> str:  # noqa: N802
        return "250 OK"


def _serve(port: int, ready: Event, stopped: Event) -> None:
    controller = Controller(_Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    ready.set()
    stopped.wait()
    controller.stop()


@contextmanager
def _server() -> Iterator[int]:
    """A mail server in a process of its own, so that it takes none of our time."""
    port, ready, stopped = free_port(), multiprocessing.Event(), multiprocessing.Event()
    process = multiprocessing.Process(target=_serve, args=(port, ready, stopped))
    process.start()
    ready.wait()
    yield port
    stopped.set()
    process.join()


def cases() -> list[dict[str, Any]]:
    """Return one figure: mails a minute from queue to settled on SQLite, medians of interleaved runs."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder, _server() as port:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        state = app.extensions["mailman"]
        state.backend, state.server, state.port = "smtp", "127.0.0.1", port
        with app.app_context():
            upgrade()
            for run in range(RUNS):
                ours.append(_outbox_rate(run))
                theirs.append(_one_by_one_rate(app))
    value, peer = statistics.median(ours), statistics.median(theirs)
    return [
        {
            "name": "mails sent and settled, one by one in the database",
            "value": value,
            "unit": "mails/min",
            "peer": "Flask-Mailman, a connection each, no record",
            "peer_value": peer,
            "ratio": value / peer,
        }
    ]


def _outbox_rate(run: int) -> float:
    with unit_of_work():
        facts = {"printed_name": "Nguyễn Thị Ánh Tuyết", "achievement": "Digital Marketing"}
        facts |= {
            "institution": "UTAR",
            "number": "GDT-2026-000001",
            "verify_url": "https://gdt.example/verify/X",
        }
        context = {"facts": facts, "link": "https://gdt.example/holder/x", "language": "ms"}
        shared = {"template": "certificate", "subject": "Your certificate", "context": context}
        notes = [mail.Note(to=f"p{run}-{n}@x.example", has_html=True, **shared) for n in range(MAILS)]
        mail.send_all(notes)
        db.session.info.clear()
    begun = time.perf_counter()
    outbox.deliver_due()
    return MAILS / (time.perf_counter() - begun) * 60


def _one_by_one_rate(app: Flask) -> float:
    begun = time.perf_counter()
    for n in range(PEERS):
        EmailMessage("Your certificate", "Words\n" * 30, to=[f"p{n}@x.example"]).send()
    return PEERS / (time.perf_counter() - begun) * 60
