"""Twenty writers at once on SQLite, killed in the middle: `python -W ignore -m tests.soak.writers`.

No writer is told that the database is locked; whatever was acknowledged is there afterwards, the trail's
chain holds, and the file is whole.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from threading import Thread

from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from gdt import audit, trail
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.partners.models import Institution
from gdt.trail_checking import check_trail
from tests.factories import make_institution

PROCESSES, THREADS, SECONDS, ROUNDS = 5, 4, 6, 2


def opened(folder: Path) -> Flask:
    return create_app(TestConfig(data_dir=folder, database_url=f"sqlite:///{folder / 'gdt.db'}"))


def write_until_killed(folder: Path, name: str) -> None:
    app = opened(folder)
    threads = [Thread(target=write, args=(app, f"{name}-{n}")) for n in range(THREADS)]
    for thread in threads:
        thread.start()


def write(app: Flask, name: str) -> None:
    """What one writer does: an act, its event, and a line for each one acknowledged."""
    with app.app_context():
        place = db.session.query(Institution).first().id
        db.session.remove()
        for n in range(1_000_000):
            with unit_of_work():
                school = db.session.get(Institution, place)
                school.city = f"{name} {n}"
                audit.record(OFFICE, "moved", school, f"{name} {n}")
            sys.stdout.write(f"{name} {n}\n")
            sys.stdout.flush()


def killed_in_the_middle(folder: Path) -> tuple[set[str], str]:
    """What the writers said was kept, and what they complained about."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.soak.writers", str(folder)]
    files = [(folder / f"{n}.out").open("w+") for n in range(PROCESSES)]
    errors = [(folder / f"{n}.err").open("w+") for n in range(PROCESSES)]
    writers = [
        subprocess.Popen([*command, f"w{os.urandom(3).hex()}"], stdout=files[n], stderr=errors[n])
        for n in range(PROCESSES)
    ]
    deadline = time.monotonic() + 120
    while not all(Path(file.name).stat().st_size for file in files) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(SECONDS)
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    said = {line for file in files for line in Path(file.name).read_text().split("\n")[:-1]}
    return said, "".join(Path(file.name).read_text() for file in errors)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = opened(folder)
        with app.app_context():
            upgrade()
            make_institution()
            db.session.remove()
        acknowledged: set[str] = set()
        for _round in range(ROUNDS):
            said, complaints = killed_in_the_middle(folder)
            assert "locked" not in complaints, complaints[-2000:]
            acknowledged |= said
        with app.app_context():
            kept = set(db.session.scalars(db.select(audit.AuditEvent.summary)))
            assert acknowledged - kept == set(), sorted(acknowledged - kept)[:5]
            findings, size = list(check_trail()), trail.head().size
        assert findings == [], findings[:5]
        with closing(sqlite3.connect(folder / "gdt.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        told = f"{PROCESSES * THREADS} writers killed {ROUNDS} times: {len(acknowledged)} acknowledged"
        print(f"{told}, 0 lost")
        print(f"{size} events sealed, the chain and the file are whole, nobody was told of a lock.")


if __name__ == "__main__":
    write_until_killed(Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
