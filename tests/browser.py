"""What a browser does with a page: find its token, fill its form, send it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from gdt.database import db


class Browser(FlaskClient):
    """A client whose every request begins with nothing in `g`.

    The test's own application context would share it, and with it the signed-in user of another browser.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


def token_of(client: FlaskClient, path: str) -> str:
    """The forgery token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no form"
    return found.group(1)


def submit(client: FlaskClient, path: str, *, page: str | None = None, **data: Any) -> TestResponse:
    """Fetch the page with the form (the address it posts to, unless another is named) and send it."""
    token = token_of(client, page or path)
    return client.post(path, data=data | {"csrf_token": token}, content_type="multipart/form-data")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements the database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def squeezed(page: str) -> str:
    """The words of a page on one line, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())
