"""Workers that are killed at random while they issue a batch, and what has to be true afterwards.

The suite kills a few over a few hundred certificates; `make soak` fifty over ten thousand.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from gdt import documents
from gdt.audit import AuditEvent
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.issuing.portions import SIZE
from gdt.certification.log.models import LogLeaf
from gdt.certification.models import Certificate, CertificateCounter
from gdt.database import db, reading
from gdt.mail import OutgoingMail

ROOT = Path(__file__).parents[1]


class Workers:
    """`flask gdt worker` processes on the app's database and documents; two overlap, so that none idles."""

    def __init__(self, app: Flask, *, presses: int) -> None:
        self.environment = os.environ | {
            "GDT_DATA_DIR": str(app.config["DATA_DIR"]),
            "GDT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
            "GDT_EXECUTOR_ID": "worker-1",
            "GDT_PRESSES": str(presses),
            "GDT_MAIL_SERVER": "127.0.0.1",  # where nobody listens: mails wait in the outbox
            "GDT_MAIL_PORT": "9",
            "PYTHONWARNINGS": "ignore",
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "gdt", "worker"]
        self.running.append(
            subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)
        )

    def kill_first(self) -> set[int]:
        """SIGKILL the oldest; returns its children, who must end by themselves."""
        worker = self.running.pop(0)
        children = children_of(worker.pid)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        return children

    def stop(self) -> None:
        """SIGTERM all: they end in order."""
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait(timeout=60)
        self.running.clear()


def children_of(pid: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.add(int(path.parent.name))
    return found


def done_of(batch_id: int) -> int:
    with reading():
        return (
            db.session.scalar(select(CertificateBatch.job_done).where(CertificateBatch.id == batch_id)) or 0
        )


def is_done(batch_id: int) -> bool:
    with reading():
        return db.session.get(CertificateBatch, batch_id).is_finished


def kill_while_issuing(workers: Workers, batch_id: int, total: int, kills: int, seed: int = 1) -> set[int]:
    """Kill so many workers before the batch is done, spread over its length; returns their children."""
    chance, orphans = random.Random(seed), set[int]()
    workers.start()
    for kill in range(kills):
        goal = min(total * kill // kills, total - 2 * SIZE)
        workers.start()
        wait_until(lambda goal=goal: done_of(batch_id) >= goal)
        time.sleep(chance.uniform(0, 0.3))
        orphans |= workers.kill_first()
    return orphans


def wait_until(is_reached: Callable[[], bool], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not is_reached():
        if time.monotonic() > deadline:
            raise AssertionError("It does not get any further.")
        time.sleep(0.05)


def assert_nothing_doubled_missing_or_torn(batch_id: int, total: int) -> None:
    """One certificate, number, log entry, trail event and mail for each row; each file as it was signed."""
    db.session.rollback()
    batch = db.session.get(CertificateBatch, batch_id, populate_existing=True)
    states = {state.value for state in db.session.scalars(select(CertificateBatchRow.state).distinct())}
    assert (batch.job_done, states) == (total, {BatchRowState.ISSUED.value})
    certificates = db.session.scalars(select(Certificate).order_by(Certificate.serial)).all()
    assert [c.serial for c in certificates] == list(range(1, total + 1))
    assert len({c.person_id for c in certificates}) == len({c.code for c in certificates}) == total
    assert db.session.scalar(select(CertificateCounter.last_serial)) == total
    assert all(sha256(documents.read(c.file_key)).hexdigest() == c.file_sha256 for c in certificates)
    leaves = db.session.scalars(select(LogLeaf.position).order_by(LogLeaf.position)).all()
    assert list(leaves) == list(range(total))
    issued = select(func.count(), func.count(AuditEvent.subject_id.distinct())).where(
        AuditEvent.action == "issued"
    )
    assert tuple(db.session.execute(issued).one()) == (total, total)
    recipients = db.session.scalars(select(OutgoingMail.recipient)).all()
    assert len(recipients) == len(set(recipients)) == total
