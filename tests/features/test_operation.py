"""What those who run the servers rely on: readiness, metrics, logs without people, settings refused."""

import io
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import text

from config import Config
from gdt import documents, jobs
from gdt.access import Role
from gdt.commands.office import gdt as office
from gdt.database import db, unit_of_work
from gdt.operation import request_log
from gdt.operation.request_counts import RequestCounts
from gdt.row_security import owner_engine
from tests.factories import make_person
from tests.features.certification.stories import all_certificates, certified_cohort

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-more-than-thirty-two-characters"
SAFE = {
    "GDT_PRODUCTION": "on",
    "GDT_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "GDT_TRUSTED_HOSTS": "gdt.example.org",
    "GDT_BASE_URL": "https://gdt.example.org",
}


def test_a_process_that_can_do_everything_is_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert answer.json["parts"] == {"database": "ready", "documents": "ready", "queue": "ready"}
    assert not [key for key in documents.every_key() if "readiness" in key]


def test_a_schema_that_is_behind_is_not_ready_and_says_what_to_run(app, client):
    revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.rollback()
    try:
        with owner_engine().begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        answer = client.get("/readyz")
    finally:
        with owner_engine().begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :was"), {"was": revision})
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.json["parts"]["database"]
    assert answer.json["parts"]["documents"] == "ready"


def test_a_store_that_cannot_be_written_is_not_ready(app, client, monkeypatch, tmp_path):
    (tmp_path / "in-the-way").write_text("a file where the folder should be")
    filesystem, _root = app.extensions["documents"]
    monkeypatch.setitem(app.extensions, "documents", (filesystem, str(tmp_path / "in-the-way")))
    answer = client.get("/readyz")
    assert (answer.status_code, "cannot be written" in answer.json["parts"]["documents"]) == (503, True)


def test_a_queue_that_does_not_answer_is_not_ready(app, client, monkeypatch):
    monkeypatch.setattr(jobs, "system_database_url", lambda _app: "sqlite:////nowhere/jobs.db")
    answer = client.get("/readyz")
    assert (answer.status_code, "cannot be reached" in answer.json["parts"]["queue"]) == (503, True)


@pytest.fixture
def metered(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    monkeypatch.setitem(app.extensions, "request_counts", RequestCounts(tmp_path / "metrics.db"))
    return app


def read_metrics(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    rows = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _blank, value in rows}


def test_metrics_are_nothing_to_strangers_and_to_those_behind_a_proxy(metered, client, monkeypatch):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    monkeypatch.setitem(metered.config, "METRICS_ALLOW", ["127.0.0.0/8"])
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    monkeypatch.setitem(metered.config, "METRICS_ALLOW", ["10.1.2.3"])
    assert client.get("/metrics").status_code == 404


def test_metrics_count_requests_work_mails_and_the_log_and_name_nobody(metered, client):
    certified_cohort(2, names=("Zyxwv Planted",))
    code = all_certificates()[0].code
    before = read_metrics(client)
    client.get("/healthz")
    client.get(f"/verify/{code}")
    client.get("/nothing/like/that")
    metrics = read_metrics(client)

    def grown(name):
        return metrics[name] - before.get(name, 0)

    assert grown('gdt_requests_total{method="GET",route="healthz",status="200"}') == 1
    assert grown('gdt_requests_total{method="GET",route="none",status="404"}') == 1
    assert grown('gdt_request_seconds_count{method="GET",route="healthz"}') == 1
    assert grown('gdt_request_seconds_bucket{le="+Inf",method="GET",route="healthz"}') == 1
    assert metrics["gdt_log_entries_total"] == 3
    assert metrics['gdt_jobs_unfinished{kind="certificate_batches"}'] == 0
    assert not {"Zyxwv", code} & set("".join(metrics).replace('"', " ").split())


def test_several_processes_and_threads_count_together_and_lose_nothing(tmp_path):
    file = tmp_path / "metrics.db"
    program = (
        "import sys; from pathlib import Path; from gdt.operation.request_counts import RequestCounts\n"
        "counts = RequestCounts(Path(sys.argv[1]))\n"
        "for _ in range(200): counts.add('home', 'GET', 200, 0.001)\n"
        "while counts._hits: counts.read()\n"
    )
    command = [sys.executable, "-c", program, str(file)]
    others = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    counts = RequestCounts(file)
    threads = [
        threading.Thread(target=lambda: [counts.add("home", "GET", 200, 0.001) for _ in range(200)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait(60) for process in others] == [0, 0]
    ((route, method, status, _bucket, hits, _seconds),) = counts.read()
    assert (route, method, status, hits) == ("home", "GET", 200, 800)


PLANTED = ("Zyxwv", "zyxwv@students.example", "secret-token-of-a-link")


@pytest.mark.parametrize("form", request_log.FORMS)
def test_the_log_holds_no_name_address_code_or_token(app, sign_in, form):
    certified_cohort(1, names=("Zyxwv Planted",))
    code = all_certificates()[0].code
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request_log.Lines(form))
    logging.getLogger().addHandler(handler)
    logging.getLogger("gdt.requests").setLevel(logging.INFO)
    try:
        browser = sign_in(Role.OFFICER, name="Zyxwv Officer", email="zyxwv@students.example")
        browser.get(f"/verify/{code}")
        browser.get("/invitation/secret-token-of-a-link")
        browser.get("/people?q=Zyxwv")
        _stumble_over("zyxwv@students.example")
        app.logger.warning("Could not reach %s at %s for job %s", "Zyxwv", "zyxwv@students.example", 17)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger("gdt.requests").setLevel(logging.NOTSET)
    text_of_it = written.getvalue()
    assert [word for word in (*PLANTED, code) if word.lower() in text_of_it.lower()] == []
    assert text_of_it.count("answered") == 3 and "for job 17" in text_of_it and "IntegrityError" in text_of_it
    if form == "json":
        lines = [json.loads(line) for line in text_of_it.splitlines()]
        asked = [line for line in lines if line["event"] == "answered"]
        assert asked[0]["route"] == "certification.certificate" or asked[0]["route"].startswith("certif")
        assert {"request", "user", "ms", "status", "method"} <= set(asked[-1])


def _stumble_over(email):
    """A database that refuses a row repeats the row, and an exception carries it into the log."""
    make_person(email=email)
    try:
        with unit_of_work():
            make_person(email=email)
    except Exception:
        with current_app.test_request_context(f"/people/{email}"):
            current_app.log_exception(sys.exc_info())
    db.session.rollback()


def test_a_host_nobody_trusts_is_refused_without_stumbling(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["gdt.example.org"])
    assert client.get("/healthz", base_url="http://evil.example").status_code == 400
    assert client.get("/healthz", base_url="http://gdt.example.org").status_code == 200


def test_every_answer_carries_the_number_of_its_request(client):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == 16 and first != second


UNSAFE = {
    "a short secret": ({"GDT_SECRET_KEY": "changeme"}, "openssl rand -hex 32"),
    "a secret of one letter": ({"GDT_SECRET_KEY": "x" * 64}, "openssl rand -hex 32"),
    "no secret": ({"GDT_SECRET_KEY": ""}, "Set GDT_SECRET_KEY"),
    "a demo password": ({"GDT_DEMO_PASSWORD": "demo"}, "Take GDT_DEMO_PASSWORD away"),
    "no host names": ({"GDT_TRUSTED_HOSTS": ""}, "Set GDT_TRUSTED_HOSTS"),
    "plain http": ({"GDT_BASE_URL": "http://gdt.example.org"}, "https://"),
    "a short token for metrics": ({"GDT_METRICS_TOKEN": "short"}, "GDT_METRICS_TOKEN is too short"),
}


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_production_refuses_unsafe_settings_and_says_what_to_do(monkeypatch, tmp_path, unsafe):
    settings, words = UNSAFE[unsafe]
    for name, value in ({"GDT_DATA_DIR": str(tmp_path)} | SAFE | settings).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=words):
        Config()


def test_production_begins_with_safe_settings_and_has_no_demo(app, monkeypatch, tmp_path):
    for name, value in ({"GDT_DATA_DIR": str(tmp_path)} | SAFE).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GDT_DEMO_PASSWORD", raising=False)
    assert Config().SESSION_COOKIE_SECURE
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    done = app.test_cli_runner().invoke(office, ["demo"])
    assert (done.exit_code, "Production has no demo" in done.output) == (2, True)


def test_a_real_process_in_production_stops_with_all_the_sentences_at_once(tmp_path):
    settings = {"GDT_PRODUCTION": "on", "GDT_SECRET_KEY": "short", "GDT_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=os.environ | settings, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert {line.split()[0] for line in done.stderr.splitlines()} >= {"GDT_SECRET_KEY", "Set"}
