"""Whether this process can do everything it is there for: `/readyz`, which a balancer asks."""

from collections.abc import Callable

from flask import current_app
from flask.typing import ResponseReturnValue

from gdt import documents, jobs
from gdt.access import public
from gdt.backups import schema
from gdt.backups.register_state import revision_of
from gdt.database import db, reading

READY = "ready"


@public
def readyz() -> ResponseReturnValue:
    """Answer 200 when every part is ready, and 503 with words for each part that is not."""
    parts = {name: _asked(name, ask) for name, ask in _PARTS.items()}
    is_ready = set(parts.values()) == {READY}
    return {"status": READY if is_ready else "not ready", "parts": parts}, 200 if is_ready else 503


def _asked(name: str, ask: Callable[[], str]) -> str:
    """What a part answers; why it fails is for the server's log and not for strangers."""
    try:
        return ask()
    except Exception:
        current_app.logger.exception("Readiness: a part does not answer")
        return _FAILED[name]


def _database() -> str:
    with reading():
        found = revision_of(db.session.connection())
    return READY if found == schema.head() else "is not at this version's schema: run `flask db upgrade`"


def _documents() -> str:
    documents.assert_writable()
    return READY


def _queue() -> str:
    jobs.assert_queue_answers()
    return READY


_PARTS = {"database": _database, "documents": _documents, "queue": _queue}
_FAILED = {
    "database": "cannot be reached: see GDT_DATABASE_URL",
    "documents": "cannot be written: see GDT_DOCUMENTS_URL",
    "queue": "cannot be reached: see GDT_DATABASE_URL and GDT_DATA_DIR",
}
