"""Headers and throttles that every answer gets, and addresses that can name nothing."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, current_app, make_response, request
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from gdt import counters  # noqa: F401  (its storage is known by name from here on)
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import CONTROLS

limiter = Limiter(get_remote_address)
_spare = FixedWindowRateLimiter(MemoryStorage())  # for the time the shared counters cannot be reached
LARGEST_ID = 2**31 - 1  # what a key can be in PostgreSQL

_DIGITS = re.compile(r"[0-9]{1,10}")


def record_id(text: str | None) -> int:
    """The id that somebody sent; 0, which no record has, for what is none or more than a database takes."""
    found = int(text) if text and _DIGITS.fullmatch(text) else 0
    return found if found <= LARGEST_ID else 0


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
    behind_proxies(app, app.config["TRUSTED_PROXIES"])
    limiter.init_app(app)
    app.before_request(_refuse_senseless)
    app.after_request(_harden)


def behind_proxies(app: Flask, count: int) -> None:
    """Take the caller's address and scheme from so many proxies of ours, the nearest of whom speak last.

    Whatever stands before theirs was written by the caller, and is worth nothing. The host is never taken:
    links are made of the configured address.
    """
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]


def secret(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that is kept by nobody on the way, named to no other site and found by no search engine."""

    @wraps(view)
    def closed(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    closed.is_secret = True  # type: ignore[attr-defined]
    return closed


def throttle_wrong(limit: str, *, of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer 429 instead of 404 once an address made `limit` wrong guesses, and until then nothing is lost.

    All doors with the same `of` count together, in one statement a guess: no crowd of requests slips past.
    """
    allowed = parse(limit)

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = (of, get_remote_address())
            if not _counted("test", allowed, who):
                abort(429)
            try:
                answer = make_response(view(*args, **kwargs))
                is_wrong = answer.status_code == 404
            except (RecordNotFound, NotFound):
                if _counted("hit", allowed, who):
                    raise
                abort(429)
            if is_wrong and not _counted("hit", allowed, who):
                abort(429)
            return answer

        return guarded

    return guard


class Tries:
    """Wrong tries at one account, whoever makes them and wherever; counted for addresses nobody has, too."""

    def __init__(self, of: str, limit: str) -> None:
        self.of, self.limit = of, parse(limit)

    def take(self, key: str) -> None:
        """Count a try before its answer is known, so that no crowd slips past; DomainError: none is left."""
        if not _counted("hit", self.limit, (self.of, key)):
            minutes = self.limit.get_expiry() // 60
            raise DomainError(_("Too many wrong tries. Wait %(n)s minutes, then try again.", n=minutes))

    def forget(self, key: str) -> None:
        """The try was right: begin to count anew."""
        _counted("clear", self.limit, (self.of, key))


def _counted(verb: str, allowed: RateLimitItem, who: tuple[str, str]) -> bool:
    """Whether this one is still within the limit; `hit` counts it."""
    if not limiter.enabled:
        return True
    try:
        return bool(getattr(limiter.limiter, verb)(allowed, *who))
    except Exception:
        current_app.logger.exception("The shared throttles cannot be reached; this process counts alone")
        return bool(getattr(_spare, verb)(allowed, *who))


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
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["X-Frame-Options"] = "DENY"
    if current_app.config["SESSION_COOKIE_SECURE"]:  # reached by https alone, so never again without
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if current_user.is_authenticated:
        response.headers["Cache-Control"] = "no-store"
    return response
