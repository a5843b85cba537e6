"""The verify API: the page's four answers in the documented shape, and nothing that is not printed."""

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gdt import documents
from gdt.access import OFFICE
from gdt.certification.codes import grouped, new_code
from gdt.certification.revoking.services import revoke_certificate
from gdt.certification.verifying.api_views import PRINTED
from gdt.database import db, unit_of_work
from tests.features.certification.stories import all_certificates, certified_cohort, yesterday

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/verify-api-1.schema.json").read_text())


@pytest.fixture
def certificate(app):
    certified_cohort(1)
    return all_certificates()[0]


@pytest.fixture
def ask(app):
    """Ask the API and hold its answer against the documented shape."""
    client = app.test_client()

    def asked(code, file=None):
        path = f"/api/v1/verify/{code}"
        if file is None:
            answer = client.get(path)
        else:
            form = {"file": (io.BytesIO(file), "file")}
            answer = client.post(path, data=form, content_type="multipart/form-data")
        Draft202012Validator(SCHEMA).validate(answer.json)
        return answer

    return asked


def by_topic(answer):
    return {topic: told["answer"] for topic, told in answer.json["answers"].items()}


def test_the_schema_is_one_and_refuses_what_is_not_printed(certificate, ask):
    Draft202012Validator.check_schema(SCHEMA)
    told = ask(certificate.code).json
    told["certificate"]["email"] = "a@b.example"
    assert not Draft202012Validator(SCHEMA).is_valid(told)


def test_the_answers_are_those_of_the_page(certificate, ask, client):
    answer = ask(grouped(certificate.code).lower())
    assert by_topic(answer) == {
        "unaltered": "not asked",
        "issued_by_us": "yes",
        "in_its_dates": "yes",
        "revoked_or_replaced": "no",
    }
    page = client.get(f"/verify/{certificate.code}").text
    assert all(told["sentence"] in page for told in answer.json["answers"].values())
    for name in ("printed_name", "institution", "achievement", "number", "code"):
        assert answer.json["certificate"][name] == certificate.facts[name]
    assert answer.json["file"] == {"sha256": certificate.file_sha256, "size": certificate.file_size}


def test_a_file_is_compared(certificate, ask):
    pdf = documents.read(certificate.file_key)
    good = ask(certificate.code, pdf)
    assert (good.json["compared"], by_topic(good)["unaltered"]) == ("as issued", "yes")
    bad = ask(certificate.code, pdf + b"\n")
    assert (bad.json["compared"], by_topic(bad)["unaltered"]) == ("altered PDF", "no")
    assert by_topic(bad)["issued_by_us"] == "not this file"
    nothing = ask(certificate.code, b"hello")
    assert (nothing.status_code, nothing.json["compared"]) == (422, "unreadable")


def test_expired_and_revoked_are_separate_answers(certificate, ask):
    certificate.valid_until = yesterday()
    db.session.commit()
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=all_certificates()[0], reason="Exam repeated.")
    answer = ask(all_certificates()[0].code)
    assert by_topic(answer)["in_its_dates"] == "no"
    assert by_topic(answer)["revoked_or_replaced"] == "revoked"
    assert "Exam repeated." in answer.json["answers"]["revoked_or_replaced"]["sentence"]


def test_a_wrong_code_is_told_in_json(client):
    for code, word in ((new_code(), "No certificate has this code"), ("GDT-2026-000001", "number alone")):
        answer = client.get(f"/api/v1/verify/{code}")
        assert (answer.status_code, answer.json["error"]) == (404, 404)
        assert word in answer.json["sentence"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_other_sites_may_read_it_and_no_cookie_is_set(certificate, client):
    for path in (f"/api/verify/{certificate.code}", "/api/v1/verify/wrong"):
        answer = client.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get(f"/verify/{certificate.code}").headers


def test_a_fact_nobody_listed_stays_inside(certificate, ask, client):
    certificate.facts = certificate.facts | {"internal_remark": "Zyxwv"}
    db.session.commit()
    code = all_certificates()[0].code
    assert set(ask(code).json["certificate"]) <= set(PRINTED)
    assert "Zyxwv" not in client.get(f"/verify/{code}").text + client.get(f"/api/v1/verify/{code}").text
