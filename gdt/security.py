"""Headers and throttles that every answer gets, and addresses that can name nothing."""

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from gdt.forms import CONTROLS

limiter = Limiter(get_remote_address)
LARGEST_ID = 2**31 - 1  # what a key can be in PostgreSQL

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)


def init_app(app: Flask) -> None:
    limiter.init_app(app)
    app.before_request(_refuse_senseless)
    app.after_request(_harden)


def _refuse_senseless() -> None:
    """A number no record can have, or a control character, never reaches a database that chokes on it."""
    parts = [*(request.view_args or {}).values(), *request.args, *request.args.values()]
    if any(_is_senseless(part) for part in parts):
        abort(404)


def _is_senseless(part: object) -> bool:
    return part > LARGEST_ID if isinstance(part, int) else CONTROLS.search(str(part)) is not None


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    if current_user.is_authenticated:
        response.headers["Cache-Control"] = "no-store"
    return response
