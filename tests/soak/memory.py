"""Memory while a very large batch is issued, and while all of it becomes one ZIP and one file to print.

`python -m tests.soak.memory [CERTIFICATES]`, on SQLite; told after each tenth. It fails if the second half of
the issuing takes more memory than the first.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from config import TestConfig
from gdt import documents
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.certification.archives.archiving import order_archive
from gdt.certification.archives.models import ArchiveForm, CertificateArchive
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.issuing.job import carry_out
from gdt.database import db, unit_of_work
from gdt.jobs import run_here
from tests.features.certification.stories import order_many
from tests.killing import children_of

ALLOWED = 1.1  # of the first half's most
Sample = tuple[int, float]  # how many are done, MB of this process and its presses


def main() -> None:
    total = int((*sys.argv[1:], "100000")[0])
    with tempfile.TemporaryDirectory() as folder:
        config = TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db")
        config.PRESSES, config.JOBS_MODE, config.APPROVAL_OVER = 2, "queue", total
        app = create_app(config)
        app.logger.disabled = True  # that no worker has made its queue yet
        with app.app_context():
            upgrade()
            batch_id = order_many(total)
            db.session.remove()
            issue(app, batch_id, total)
            for form in ArchiveForm:
                archive(batch_id, form)
            db.session.remove()
            db.engine.dispose()


def issue(app: Flask, batch_id: int, total: int) -> None:
    began = time.perf_counter()
    with watching(app, batch_id) as samples:
        carry_out(batch_id)
    first = max(mb for done, mb in samples if done <= total / 2)
    second = max(mb for done, mb in samples if done > total / 2)
    for tenth in range(10):
        most = [mb for done, mb in samples if tenth <= done * 10 / total <= tenth + 1]
        print(f"  {(tenth + 1) * total // 10:>9,} issued: {max(most, default=0):6.0f} MB")
    print(f"{total:,} issued in {time.perf_counter() - began:.0f} s: {first:.0f} MB, then {second:.0f} MB")
    assert second <= first * ALLOWED, "memory grows with what is issued"
    while multiprocessing.active_children():
        time.sleep(0.05)


def archive(batch_id: int, form: ArchiveForm) -> None:
    began, before = time.perf_counter(), resident_mb()
    with unit_of_work():
        record = order_archive(actor=OFFICE, subject=db.session.get(CertificateBatch, batch_id), form=form)
        record_id = record.id
    run_here(CertificateArchive.__tablename__, record_id)
    size = documents.size(db.session.get(CertificateArchive, record_id).file_key) / 1e6
    took = f"{size:,.0f} MB in {time.perf_counter() - began:.0f} s"
    print(f"{form.value}: {took}, memory {before:.0f} to {resident_mb():.0f} MB")


@contextmanager
def watching(app: Flask, batch_id: int) -> Iterator[list[Sample]]:
    """What is done and the memory it takes, twice a second, as an observer of the database sees it."""
    samples: list[Sample] = []
    is_over = Event()
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    done = text("SELECT job_done FROM certificate_batches WHERE id = :id")

    def watch() -> None:
        while not is_over.wait(0.5):
            with engine.connect() as connection:
                samples.append((connection.scalar(done, {"id": batch_id}), resident_mb()))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        is_over.set()
        thread.join()
        engine.dispose()


def resident_mb() -> float:
    own = multiprocessing.current_process().pid
    return sum(_resident_kb(pid) for pid in {own, *children_of(own)}) / 1024


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


if __name__ == "__main__":
    main()
