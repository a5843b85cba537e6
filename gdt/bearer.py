"""What a program sends in place of a cookie: such a request is read without cookies, and sets none."""

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


def carries_bearer(sent: Request | None = None) -> bool:
    """Whether a request brings a bearer key, good or not: another site's form cannot send one."""
    key = (sent or request).authorization
    return key is not None and key.type == "bearer"


def bearer_key() -> str:
    """The key as it was sent; empty where there is none."""
    key = request.authorization
    return (key.token or "") if key is not None and key.type == "bearer" else ""


class BrowserSessions(SecureCookieSessionInterface):
    """Cookies are for browsers: beside a bearer key one is as good as not sent, and none is answered."""

    def open_session(self, app: Flask, request: Request) -> Any:
        return self.session_class() if carries_bearer(request) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not carries_bearer():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = BrowserSessions()
