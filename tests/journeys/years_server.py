"""A small network in this process, whose clock can be moved: years pass between two clicks."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page
from pypdf import PdfWriter
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server

from gdt.database import db
from gdt.routines import do_routines
from gdt.row_security import owner_engine

PASSWORD = "a journey of a thousand miles"


class _Silent(WSGIRequestHandler):
    def log(self, *_words: Any) -> None:
        """The suite's output stays readable."""


@dataclass
class Years:
    """The network, its browser, and the clock both go by."""

    app: Flask
    browser: Browser
    url: str
    clock: time_machine.Traveller

    @property
    def today(self) -> Any:
        return datetime.now(UTC).date()

    def until(self, day: Any) -> None:
        """Move the clock to noon of a day, and let the workers do what they do every hour."""
        self.clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        _move_database(self.app, f"DATE '{day}'")
        do_routines()

    @contextmanager
    def window(self, email: str | None = None) -> Iterator[Page]:
        """A fresh window, in which somebody has signed in."""
        context = self.browser.new_context(base_url=self.url, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.set_default_timeout(30_000)
        broken: list[str] = []
        page.on("response", lambda answer: broken.append(answer.url) if answer.status >= 500 else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        if email:
            page.goto("/sign-in")
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(re.compile(r"/$"))
        yield page
        context.close()
        assert broken == []

    def mails_to(self, address: str) -> list[Any]:
        """Every mail to somebody, the latest last."""
        return [mail for mail in self.app.extensions["mailman"].outbox if mail.to == [address]]

    def link_to(self, address: str, path: str) -> str:
        """The link in the latest mail to somebody that holds one beginning with the path."""
        found = [re.search(rf"{path}/\S+", str(mail.body)) for mail in self.mails_to(address)]
        return [link[0] for link in found if link][-1]


@contextmanager
def passing_years(app: Flask, browser: Browser) -> Iterator[Years]:
    """Serve the application from a thread, beginning now."""
    app.extensions["mailman"].outbox = []
    server = make_server("localhost", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1)) as clock:
        thread.start()
        yield Years(app, browser, f"http://localhost:{server.server_port}", clock)
        server.shutdown()
        thread.join()
    _move_database(app, "(now() AT TIME ZONE 'UTC')::date")


def _move_database(app: Flask, today: str) -> None:
    """Let PostgreSQL's policies go by the same clock."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with owner_engine().begin() as connection:
                said = f"RETURNS date STABLE LANGUAGE sql AS $$SELECT {today}$$"
                connection.execute(text(f"CREATE OR REPLACE FUNCTION gdt_today() {said}"))


def fill(page: Page, typed: dict[str, str]) -> None:
    for label, words in typed.items():
        page.get_by_label(label).first.fill(words)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def a_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()
