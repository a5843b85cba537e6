"""P9: strangers see what is printed and nothing else, and guess at most thirty codes a minute."""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from limits.storage import storage_from_string
from sqlalchemy import String, Text, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import Enum

from gdt import documents
from gdt.certification.codes import new_code
from gdt.database import db
from gdt.row_security import owner_engine
from tests.features.certification.stories import all_certificates, certified_cohort

ROOT = Path(__file__).parents[3]
CANARY = "zyxwv"
# What a stranger may be shown of the rows themselves: everything else comes from the frozen facts.
SHOWN = {
    ("certificates", "number"),
    ("certificates", "code"),
    ("certificates", "file_sha256"),
    ("certificates", "file_key"),  # it must lead to the file
    ("certificate_proofs", "badge"),  # it is handed out as it is
}


def put_a_canary_into_every_text():
    """Every column of words in every table; returns how many took one."""
    taken = 0
    totals = {"counted_people", "counting_marks", "counted_totals"}  # numbers, written as text
    for table in (table for table in db.metadata.sorted_tables if table.name not in totals):
        for column in table.columns:
            is_text = isinstance(column.type, (String, Text)) and not isinstance(column.type, Enum)
            if is_text and (table.name, column.name) not in SHOWN:
                taken += put_canaries(table, column)
    return taken


def put_canaries(table, column):
    word = f"{CANARY}{column.name}"[: (column.type.length or 99) - 4]
    try:
        with owner_engine().begin() as connection:
            ids = connection.scalars(select(table.c.id)).all()
            for key in ids:
                row = update(table).where(table.c.id == key)
                connection.execute(row.values({column.name: f"{word}{key}"}))
    except SQLAlchemyError:  # a word of the domain, or empty as long as something has not happened
        return 0
    return bool(ids)


def test_only_what_is_printed_is_ever_shown(client):
    certified_cohort(1)
    certificate = all_certificates()[0]
    certificate.facts = certificate.facts | {"email": CANARY, "own_number": CANARY, "remark": [CANARY]}
    db.session.commit()
    code, pdf = certificate.code, documents.read(certificate.file_key)
    db.session.remove()
    assert put_a_canary_into_every_text() > 25
    answers = [client.get(path) for path in (f"/verify/{code}", f"/api/v1/verify/{code}")]
    answers += [client.get(f"/verify/{code}/badge.json"), client.get(f"/verify/{code}/badge.png")]
    for path in ("/verify", f"/verify/{code}", f"/api/v1/verify/{code}"):
        for data in (pdf, pdf + b"\n"):
            form = {"file": (io.BytesIO(data), "file")}
            answers.append(client.post(path, data=form, content_type="multipart/form-data"))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.request.path for answer in answers if CANARY.encode() in answer.data.lower()] == []


@pytest.fixture
def two_servers(app):
    """Two processes of the real server on one database, and how to ask them in turn."""
    environment = os.environ | {
        "GDT_DATA_DIR": str(app.config["DATA_DIR"]),
        "GDT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "GDT_JOBS": "worker",
        "PYTHONWARNINGS": "ignore",
    }
    servers = [start_server(environment) for _ in range(2)]
    ports = [port for _process, port in servers]
    for port in ports:
        wait_for(port)
    yield ports
    for process, _port in servers:
        process.terminate()
        process.wait(timeout=20)
    storage_from_string(counters_of(app)).reset()


def counters_of(app):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return (
        f"counters+sqlite:///{app.config['DATA_DIR']}/throttles.db" if "sqlite" in url else f"counters+{url}"
    )


def start_server(environment):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "wsgi:app"]
    return subprocess.Popen(command, cwd=ROOT, env=environment), port


def wait_for(port):
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not start within 30 seconds.")


def status(port, path):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


def test_two_processes_count_wrong_codes_together_at_every_door(app, two_servers):
    certified_cohort(1)
    good = all_certificates()[0].code
    assert {status(port, f"/verify/{good}") for port in two_servers for _ in range(20)} == {200}
    doors = cycle(("/verify/{}", "/api/v1/verify/{}", "/verify/{}/badge.json", "/verify?code={}x"))
    paths = [next(doors).format(new_code()) for _ in range(64)]
    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(status, cycle(two_servers), paths))
    assert (told.count(404), told.count(429)) == (30, 34)
    assert [status(port, f"/verify/{good}") for port in two_servers] == [429, 429]


def test_counters_begin_anew_when_their_time_is_over(app, monkeypatch):
    counters = storage_from_string(counters_of(app))
    counters.reset()
    assert [counters.incr("k", 60) for _ in range(3)] == [1, 2, 3]
    assert (counters.get("k"), counters.get("other")) == (3, 0)
    assert counters.check() and counters.get_expiry("k") > time.time() + 50
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert counters.get("k") == 0
    assert counters.incr("k", 60) == 1
    counters.clear("k")
    assert counters.get("k") == 0
