"""The real server and worker on each database, with the demo network, and a real browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import postgresql

ROOT = Path(__file__).parents[2]
PASSWORD = "a journey of a thousand miles"
TOLD = re.compile("was given version . of the privacy notice")  # what is ticked before a roster is kept
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TOO_MANY = 429
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Server:
    """A running system: where it answers, and where it keeps its data."""

    url: str
    data_dir: Path
    environment: dict[str, str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `flask --app wsgi …` against the same database."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("journey")
    port = _free_port()
    environment = os.environ | {
        "GDT_DATA_DIR": str(folder / "data"),
        "GDT_BASE_URL": f"http://localhost:{port}",  # passkeys need a host name
        "GDT_DEMO_PASSWORD": PASSWORD,
        "PYTHONWARNINGS": "ignore",
    }
    with ExitStack() as stack:
        is_worked = request.param == "postgresql"
        if is_worked:  # a PostgreSQL of its own: what the other fixtures empty is the suite's
            environment |= {"GDT_DATABASE_URL": stack.enter_context(postgresql.started())}
            environment |= {"GDT_JOBS": "worker"}
        running = Server(f"http://localhost:{port}", folder / "data", environment)
        for words in (("db", "upgrade"), ("gdt", "demo")):
            outcome = running.command(*words)
            assert outcome.returncode == 0, outcome.stderr
        processes = _start(running, port, with_worker=is_worked)
        yield running
        for process in processes:
            process.terminate()
            process.wait(timeout=20)


def _start(running: Server, port: int, *, with_worker: bool) -> list[subprocess.Popen[bytes]]:
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    commands = [[*web, "--port", str(port), "--workers", "1", "--blocking-threads", "4", "wsgi:app"]]
    if with_worker:
        commands.append([sys.executable, "-m", "flask", "--app", "wsgi", "gdt", "worker"])
    processes = [subprocess.Popen(command, cwd=ROOT, env=running.environment) for command in commands]
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{running.url}/healthz", timeout=1) as answer:
                assert answer.status == 200
                return processes
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The server did not start within a minute.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: install Debian's chromium to run the journeys (see .ci/system-packages).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A fresh window at the size of a laptop, on our server."""
    context = chromium.new_context(base_url=server.url, viewport={"width": 1280, "height": 900})
    window = context.new_page()
    problems: list[str] = []
    window.on("pageerror", lambda error: problems.append(str(error)))
    window.on("response", lambda answer: problems.append(answer.url) if answer.status >= 500 else None)
    yield window
    context.close()
    assert problems == []


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Sign in").click()
    if answered.value.status == TOO_MANY:  # all journeys come from one address
        page.wait_for_timeout(1000 * int(answered.value.headers.get("retry-after", "60")))
        sign_in(page, email)
    page.wait_for_url(re.compile(r"/$"))


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
