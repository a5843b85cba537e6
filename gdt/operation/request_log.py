"""The server's log, a line a request, as JSON or plain words, and never with anything about a person.

A line has the route and not the path, which may hold a code or a token; the user's id and no address. Of an
exception it has the kind and the places in the code, not its words: a database repeats what it refused.
"""

import logging
import secrets
import sys
import time
import traceback
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import inspect

FORMS = ("json", "plain")
_OURS = "gdt"
_WITH_A_PATH = "Exception on "  # how Flask begins; the path it goes on with may hold a code or a token
_requests = logging.getLogger("gdt.requests")


def init_app(app: Flask) -> None:
    """Send everything through one handler; raises SystemExit for a form nobody knows."""
    if app.config["LOG"] not in FORMS:
        message = f"GDT_LOG is {' or '.join(FORMS)}."
        raise SystemExit(message)
    app.before_request(_begin)
    app.after_request(_tell)
    if not app.testing:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines(app.config["LOG"]))
        logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
        logging.getLogger(_OURS).setLevel(logging.INFO)
        if app.config["IS_COMMAND"]:
            _requests.setLevel(logging.WARNING)


class Lines(logging.Formatter):
    """Makes a line of a record, in one of the two forms."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "plain":
            self.render = structlog.processors.KeyValueRenderer(key_order=["at", "level", "event"])

    def format(self, record: logging.LogRecord) -> str:
        return str(self.render(None, record.name, _facts(record)))


def _begin() -> None:
    g.request_id, g.log_began = secrets.token_hex(8), time.perf_counter()


def _tell(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    took = time.perf_counter() - g.get("log_began", time.perf_counter())
    facts = {"status": response.status_code, "ms": round(took * 1000, 1)}
    _requests.info("answered", extra={"facts": facts})
    return response


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """The facts of a record that may be written down: everything else of it stays behind."""
    facts: dict[str, Any] = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _words(record),
    }
    return facts | _request() | getattr(record, "facts", {}) | _error(record)


def _words(record: logging.LogRecord) -> str:
    """The sentence with its numbers; any other value in it is left out, for it may be a name or a path."""
    if str(record.msg).startswith(_WITH_A_PATH):
        return "Exception"
    arguments = record.args if isinstance(record.args, tuple) else ()
    safe = tuple(value if isinstance(value, int | float) else "…" for value in arguments)
    try:
        return str(record.msg) % safe if safe else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _request() -> dict[str, Any]:
    if not has_request_context():
        return {}
    facts = {"request": g.get("request_id"), "method": request.method, "route": request.endpoint}
    user = inspect(g.get("_login_user"), raiseerr=False)  # asks neither the session nor the database
    return facts | ({"user": user.identity[0]} if user is not None and user.identity else {})


def _error(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    frames = traceback.extract_tb(record.exc_info[2])
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": record.exc_info[0].__name__, "places": places}
