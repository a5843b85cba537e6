"""Long work on DBOS: each kind of work is a record that says how far it is, done portion by portion.

A job's portion runs in one transaction with the progress it reports, so a crash loses at most the portion
it was in, and running a portion twice is harmless: it takes up whatever the record says is still to do.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import Lock
from typing import Any

from dbos import DBOS, DBOSClient, SetWorkflowID
from flask import Flask, current_app
from sqlalchemy import ColumnElement, NullPool, create_engine, func, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from gdt import routines
from gdt.database import Model, after_commit, db, reading, unit_of_work
from gdt.errors import DomainError
from gdt.row_security import everything

QUEUE = "gdt"
WORKFLOW = "gdt.run_job"
VERSION = (
    "1"  # fixed, so that a deploy picks up what the last one left; raise it when `run_job` changes shape
)
IDLE_POLL_SECONDS = 0.2
RECOVERIES = 1000  # each start of a worker counts as one; past them DBOS would put the work aside for good


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work:
    """Columns of a record that is long work: where it stands, and how far."""

    job_state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    job_done: Mapped[int] = mapped_column(default=0)
    job_total: Mapped[int] = mapped_column(default=0)
    job_failure: Mapped[str | None] = mapped_column(default=None)

    @property
    def is_finished(self) -> bool:
        return self.job_state in {JobState.DONE, JobState.FAILED}

    @property
    def waits(self) -> bool:
        """Whether nobody has begun with it yet."""
        return self.job_state is JobState.WAITING and not self.job_done

    @classmethod
    def is_to_be_done(cls) -> ColumnElement[bool]:
        """The condition of records a worker takes up when nobody queued them."""
        return cls.job_state.in_([JobState.WAITING, JobState.RUNNING])


class Resting(Exception):
    """The work has to wait for a person; what was done is kept, and `start` begins it anew.

    A record whose work can rest has a column `job_run`, which whoever begins it anew raises by one.
    """


@dataclass(frozen=True)
class Job:
    """`portion` does the next part of the record's work and moves `job_done`; it ends by setting DONE.

    `prepare` takes the record's id and does, before the portion's transaction, what needs no lock; what it
    answers is handed to the portion. `turn` lets one process do one at a time of a kind that needs all of it.
    """

    model: Any
    portion: Callable[..., None]
    prepare: Callable[[int], Any] | None
    turn: AbstractContextManager[Any]


_jobs: dict[str, Job] = {}
_app: Flask | None = None
_launched = False


def job(
    model: type[Model], *, prepare: Callable[[int], Any] | None = None, one_at_a_time: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the function that does the next portion of a record's work."""

    def register(portion: Callable[..., None]) -> Callable[..., None]:
        turn: AbstractContextManager[Any] = Lock() if one_at_a_time else nullcontext()
        _jobs[model.__tablename__] = Job(model, portion, prepare, turn)
        return portion

    return register


def start(record: Any, *, wait_seconds: float = 0.0) -> None:
    """Begin a record's work once this transaction is durable; starting it twice is starting it once.

    `wait_seconds` lets short work finish before the next page is drawn, so that nobody watches a bar for it.
    """
    name, record_id, run = record.__tablename__, record.id, getattr(record, "job_run", 0)
    mode = current_app.config["JOBS_MODE"]
    if mode == "here":
        after_commit(lambda: run_here(name, record_id))
    else:
        after_commit(lambda: _enqueue(name, record_id, run, wait_seconds))


def run_here(name: str, record_id: int) -> None:
    """Do a record's whole work in this process, or until it rests: what the command line does."""
    while not _do_portion(name, record_id):
        pass


def init_app(app: Flask) -> None:
    global _app
    _app = app


def launch(app: Flask) -> None:
    """Make this process a worker: it takes up what is queued, and what a crash left unfinished."""
    global _launched, _app
    if _launched:
        return
    _app = app
    DBOS(
        config={
            "name": "gdt",
            "system_database_url": system_database_url(app),
            "application_version": VERSION,
            "executor_id": app.config["EXECUTOR_ID"],
            "log_level": "ERROR",
            "console_log_level": "ERROR",
        }
    )
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=IDLE_POLL_SECONDS)
    routines.begin()
    _launched = True
    take_up_forgotten()


def take_up_forgotten() -> None:
    """Queue work whose record was committed by a process that could not queue it, or died before it did."""
    if _app is None:
        return
    with _app.app_context():
        for name, kind in _jobs.items():
            with reading():
                waiting = db.session.execute(
                    select(kind.model.id, _run_of(kind.model)).where(kind.model.is_to_be_done())
                ).all()
            for record_id, run in waiting:
                _enqueue(name, record_id, run)


def stop() -> None:
    """Leave the queue; unfinished work stays in it for the next worker."""
    global _launched
    if _launched:
        DBOS.destroy(workflow_completion_timeout_sec=5)
        _launched = False


def assert_queue_answers() -> None:
    """Ask the database of the queue one question. Raises SQLAlchemyError when it cannot be reached."""
    engine = create_engine(system_database_url(current_app), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(select(literal(1)))


def count_unfinished() -> dict[str, int]:
    """How many records of each kind of long work are to be done, by table."""
    counts = {}
    for name, kind in _jobs.items():
        query = select(func.count()).select_from(kind.model).where(kind.model.is_to_be_done())
        counts[name] = db.session.scalar(query) or 0
    return counts


def system_database_url(app: Flask) -> str:
    """Where DBOS keeps its queue: beside our tables on PostgreSQL, in a file of its own on SQLite."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        return f"sqlite:///{app.config['DATA_DIR'] / 'jobs.db'}"
    return str(url)


@DBOS.step(name="gdt.do_portion")
def _portion_step(name: str, record_id: int) -> bool:
    return _do_portion(name, record_id)


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=RECOVERIES)
def _run_job(name: str, record_id: int) -> None:
    while not _portion_step(name, record_id):
        pass


def _do_portion(name: str, record_id: int) -> bool:
    """Do one portion in one transaction; returns whether the work has ended."""
    if _app is None:
        message = "jobs.init_app was not called"
        raise RuntimeError(message)
    with _app.app_context():
        try:
            with everything(), _jobs[name].turn:
                prepare = _jobs[name].prepare
                prepared = [prepare(record_id)] if prepare else []
                with unit_of_work():
                    return _advance(name, record_id, *prepared)
        except Resting:
            return True
        except DomainError as error:
            _fail(name, record_id, error.message)
        except Exception:
            _app.logger.exception("Job %s %s failed", name, record_id)
            _fail(name, record_id, "Something went wrong on our side. What was done so far is kept.")
        return True


def _advance(name: str, record_id: int, *prepared: Any) -> bool:
    kind = _jobs[name]
    record = db.session.get(kind.model, record_id, with_for_update=True)
    if record is None or record.is_finished:
        return True
    record.job_state = JobState.RUNNING
    kind.portion(record, *prepared)
    return bool(record.is_finished)


def _fail(name: str, record_id: int, sentence: str) -> None:
    with unit_of_work():
        record: Any = db.session.get(_jobs[name].model, record_id, with_for_update=True)
        record.job_state, record.job_failure = JobState.FAILED, sentence


def _run_of(model: Any) -> Any:
    return getattr(model, "job_run", literal(0))


def _enqueue(name: str, record_id: int, run: int, wait_seconds: float = 0.0) -> None:
    """Put a record's work into the queue. Its row is committed: what cannot be queued now is found later."""
    try:
        _put_into_queue(name, record_id, run)
    except Exception:
        current_app.logger.exception(
            "Job %s %s could not be queued; a worker will take it up", name, record_id
        )
    else:
        _wait_until_finished(name, record_id, wait_seconds)


def _put_into_queue(name: str, record_id: int, run: int) -> None:
    workflow_id = f"{name}-{record_id}-{run}" if run else f"{name}-{record_id}"
    if _launched and DBOS.workflow_id is None:
        with SetWorkflowID(workflow_id):
            DBOS.enqueue_workflow(QUEUE, _run_job, name, record_id)
    else:  # another process, or in the middle of a step, from which only a client can put work into the queue
        options: Any = {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": workflow_id}
        _client(system_database_url(current_app)).enqueue(options, name, record_id)


@cache
def _client(url: str) -> DBOSClient:
    return DBOSClient(system_database_url=url)


def _wait_until_finished(name: str, record_id: int, seconds: float) -> None:
    model = _jobs[name].model
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with reading():
            state = db.session.scalar(select(model.job_state).where(model.id == record_id))
        if state in {JobState.DONE, JobState.FAILED}:
            return
        time.sleep(0.05)
