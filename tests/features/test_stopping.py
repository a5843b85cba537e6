"""SIGTERM: a server answers what it has begun, a worker leaves no portion half done."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.features.certification.stories import order_many
from tests.features.test_jobs import queued, workers  # noqa: F401  (fixtures)
from tests.killing import assert_nothing_doubled_missing_or_torn, done_of, is_done, wait_until

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def is_up(url):
    try:
        return bool(fetch(url))
    except (urllib.error.URLError, ConnectionError):
        return False


def test_a_server_told_to_stop_answers_the_request_it_has_begun(app):
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port"]
    command += [str(port), "--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "30"]
    environment = os.environ | {
        "GDT_DATA_DIR": str(app.config["DATA_DIR"]),
        "GDT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "GDT_LOG": "json",
        "PYTHONWARNINGS": "ignore",
    }
    server = subprocess.Popen(
        [*command, "tests.slow_server:app"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        wait_until(lambda: is_up(f"http://127.0.0.1:{port}/healthz"), 60)
        with ThreadPoolExecutor() as browser:
            answer = browser.submit(fetch, f"http://127.0.0.1:{port}/slow")
            time.sleep(0.7)
            server.send_signal(signal.SIGTERM)
            assert answer.result() == "answered to the end"
        _out, log = server.communicate(timeout=60)
    finally:
        server.kill()
    assert server.returncode == 0
    assert '"route": "slow"' in log.decode()
    assert not is_up(f"http://127.0.0.1:{port}/healthz")


def test_a_worker_told_to_stop_ends_by_itself_and_another_one_finishes_its_batch(workers):  # noqa: F811
    batch_id = order_many(150)
    workers.start()
    wait_until(lambda: done_of(batch_id) > 0)
    (first,) = workers.running
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=60) == 0
    workers.running.clear()
    assert done_of(batch_id) > 0
    workers.start()
    wait_until(lambda: is_done(batch_id))
    assert_nothing_doubled_missing_or_torn(batch_id, 150)
