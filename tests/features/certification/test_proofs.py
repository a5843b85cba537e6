"""Signatures and badges of what was issued: judged by poppler, qpdf and the badge library."""

import io
import json
import subprocess
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

import config
from certificates.badges import (
    SigningKey,
    hash_identity,
    keys_of_did_document,
    read_document,
    sign_document,
    unbake,
    verify_credential,
)
from certificates.inspection import inspect_pdf
from gdt import documents
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.issuing import drawing_ahead
from gdt.certification.issuing.issuing import issue_portion
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.keys import signing_keys
from gdt.certification.models import CertificateProof, CertificationKey
from gdt.certification.revoking.services import revoke_certificate
from gdt.commands.office import gdt as office
from gdt.database import db, unit_of_work
from gdt.people.models import Person
from tests.factories import TODAY
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    certified_cohort,
    change_keys,
    make_ready_cohort,
    yesterday,
)
from tests.features.certification.test_issuing import order_only


@pytest.fixture
def stranger(app):
    return app.test_client()


@pytest.fixture
def certificate(app):
    cohort = make_ready_cohort(0)
    add_student(cohort, printed_name="Aisyah binti Rahman", email="aisyah@utar.example")
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    return all_certificates()[0]


def pdf_of(certificate):
    return documents.read(certificate.file_key)


def hand_in(client, certificate, data, name="file"):
    form = {"file": (io.BytesIO(data), name)}
    return client.post(f"/verify/{certificate.code}", data=form, content_type="multipart/form-data")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def test_an_issued_file_is_signed_whole_and_carries_its_badge(certificate, tmp_path):
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(pdf_of(certificate))
    said = run("pdfsig", "-nocert", paper)
    assert "Signature is Valid." in said and "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    run("qpdf", "--check", paper)
    run("pdfdetach", "-savefile", "badge.json", "-o", tmp_path / "badge.json", paper)
    assert (tmp_path / "badge.json").read_text() == certificate.proof.badge


def test_the_moment_of_issue_is_the_moment_of_both_signatures(certificate):
    report = inspect_pdf(pdf_of(certificate))
    assert report.is_unaltered and not report.signature.permits_changes
    moment = certificate.issued_at.replace(microsecond=0)
    assert report.signature.signed_at == moment
    created = json.loads(certificate.proof.badge)["proof"]["created"]
    assert datetime.fromisoformat(created) == moment
    assert report.signature.key_id == certificate.proof.signature_key.name


def test_a_badge_names_the_holder_by_a_salted_hash_alone(certificate):
    badge = json.loads(certificate.proof.badge)
    identity = badge["credentialSubject"]["identifier"][0]
    assert (
        identity["identityHash"] == f"sha256${hash_identity('Aisyah@utar.example', identity['salt']).digest}"
    )
    assert "aisyah" not in certificate.proof.badge.lower()
    assert badge["credentialSubject"]["licenseNumber"] == certificate.number


def test_a_downloaded_badge_verifies_with_the_published_keys(certificate, stranger):
    published = stranger.get("/.well-known/did.json")
    known = keys_of_did_document(published.json)
    assert published.json["id"] == "did:web:127.0.0.1%3A8000"
    file = stranger.get(f"/verify/{certificate.code}/badge.json")
    picture = stranger.get(f"/verify/{certificate.code}/badge.png")
    assert file.text == unbake(picture.data) == certificate.proof.badge
    verdict = verify_credential(read_document(file.data), known)
    assert verdict.is_ours and verdict.dates == "current"
    assert json.loads(file.data)["id"].endswith(f"/verify/{certificate.code}/badge.json")


def test_an_old_badge_key_stays_published_and_its_badges_stay_ours(app, certificate, stranger):
    before = signing_keys.current()
    change_keys(app)
    certified_cohort(1)
    new = signing_keys.current()
    assert new.badge.multikey != before.badge.multikey
    published = keys_of_did_document(stranger.get("/.well-known/did.json").json)
    assert {key.multikey for key in published.values()} == {before.badge.multikey, new.badge.multikey}
    for held in all_certificates():
        assert verify_credential(json.loads(held.proof.badge), published).is_ours
        assert "exactly what we issued" in hand_in(stranger, held, held.proof.badge.encode()).text


def test_whatever_was_issued_is_recognised_file_by_file(certificate, stranger):
    picture = stranger.get(f"/verify/{certificate.code}/badge.png").data
    reordered = json.dumps(dict(reversed(json.loads(certificate.proof.badge).items())), indent=2).encode()
    for data in (pdf_of(certificate), certificate.proof.badge.encode(), reordered, picture):
        answer = hand_in(stranger, certificate, data)
        assert answer.status_code == 200
        assert "It is exactly what we issued." in answer.text
        assert certificate.facts["printed_name"] in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def altered_pdfs(pdf):
    middle = len(pdf) // 2
    yield pdf + b"\n"
    yield b"\n" + pdf
    yield pdf[:-1]
    yield pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    yield b"%PDF-1.7\n"


def test_an_altered_pdf_is_refused(certificate, stranger):
    for data in altered_pdfs(pdf_of(certificate)):
        answer = hand_in(stranger, certificate, data)
        assert "This PDF is not the one we issued" in answer.text
        assert "but not this file" in answer.text
        assert "This file is not what we issued" in answer.text
        assert "This certificate is valid" not in answer.text
        assert "exactly what we issued" not in answer.text


def test_an_altered_a_strange_and_another_badge_are_told_apart(certificate, stranger):
    badge = json.loads(certificate.proof.badge)
    changed = json.dumps(badge | {"name": "Teacher Certificate: Everything"}).encode()
    assert "changed after it was signed" in hand_in(stranger, certificate, changed).text
    plain = {name: value for name, value in badge.items() if name != "proof"}
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    strange = json.dumps(sign_document(plain, SigningKey.from_seed(b"s" * 32), moment)).encode()
    assert "somebody else signed it" in hand_in(stranger, certificate, strange).text
    stolen = sign_document(plain | {"name": "Another"}, signing_keys.current().badge, moment)
    assert "we never issued it" in hand_in(stranger, certificate, json.dumps(stolen).encode()).text
    certified_cohort(1)
    other = all_certificates()[1]
    assert "belongs to another certificate" in hand_in(stranger, other, json.dumps(badge).encode()).text


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 422, "Choose a file first"),
        (b"hello", 422, "not a PDF, a badge in JSON"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, 422, "not a PDF, a badge in JSON"),
        (b"[" * 60_000, 422, "not a PDF, a badge in JSON"),
        (b'{"a":1,"a":2}', 422, "not a PDF, a badge in JSON"),
        (b"{}", 200, "changed after it was signed"),
        (b'{"type":["VerifiableCredential","OpenBadgeCredential"],"proof":[]}', 200, "changed after it"),
        (b"\xff\xfe{\0}\0", 200, "changed after it"),
        (b"{" + b" " * 70_000 + b"}", 422, "not a PDF, a badge in JSON"),
        (b"0" * (2 * 1024 * 1024 + 1), 422, "larger than any that we issue"),
        (b"0" * (3 * 1024 * 1024), 422, "larger than any that we issue"),
    ],
)
def test_a_hostile_file_gets_a_sentence(certificate, stranger, data, status, sentence):
    answer = hand_in(stranger, certificate, data)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert certificate.facts["printed_name"] in answer.text


def test_a_form_without_a_file_gets_a_sentence(certificate, stranger):
    for body in (
        {"data": {}},
        {"data": {"file": "text"}},
        {"data": b"{}", "content_type": "application/json"},
    ):
        answer = stranger.post(f"/verify/{certificate.code}", **body)
        assert (answer.status_code, "Choose a file first" in answer.text) == (422, True)


def test_the_four_answers_stand_apart(certificate, stranger):
    page = stranger.get(f"/verify/{certificate.code}").text
    for part in (
        "A code alone cannot tell",
        "We issued the certificate",
        "It has no last day.",
        "It stands in our record",
    ):
        assert part in page
    certificate.valid_until = yesterday()
    db.session.commit()
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=all_certificates()[0], reason="Exam repeated.")
    certificate = all_certificates()[0]
    page = hand_in(stranger, certificate, pdf_of(certificate)).text
    for part in ("exactly what we issued", "this very file", "Its term ended on", "Exam repeated."):
        assert part in page


def test_the_pages_offer_the_badge_and_linkedin(certificate, stranger, officer):
    for page in (
        stranger.get(f"/verify/{certificate.code}/mine"),
        officer.get(f"/certificates/{certificate.number}"),
    ):
        assert f"/verify/{certificate.code}/badge.json" in page.text
        assert f"/verify/{certificate.code}/badge.png" in page.text
        assert "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in page.text
        assert len(page.data) < 20_000


def test_a_certificate_from_before_signing_still_has_its_pages(certificate, stranger, officer):
    pdf, code, number = pdf_of(certificate), certificate.code, certificate.number
    badge = certificate.proof.badge
    db.session.query(CertificateProof).delete()
    db.session.commit()
    (old,) = all_certificates()
    assert old.proof is None
    assert stranger.get(f"/verify/{code}").status_code == 200
    assert "issued before signing began" in officer.get(f"/certificates/{number}").text
    assert stranger.get(f"/verify/{code}/badge.json").status_code == 404
    assert stranger.get(f"/verify/{code}/badge.png").status_code == 404
    assert "exactly what we issued" in hand_in(stranger, old, pdf).text
    assert "issued without a badge" in hand_in(stranger, old, badge.encode()).text


def test_the_check_writes_nothing_and_sets_no_cookie(certificate, stranger):
    answer = hand_in(stranger, certificate, pdf_of(certificate))
    assert "Set-Cookie" not in answer.headers
    assert db.session.query(CertificateProof).count() == 1


def test_an_address_changed_meanwhile_makes_another_badge(app):
    cohort = make_ready_cohort(0)
    student_id = add_student(cohort, printed_name="Bao", email="old@utar.example").id
    batch_id = order_only(app, cohort)
    drafts = drawing_ahead.draw_drafts(batch_id)
    db.session.query(Person).filter_by(id=student_id).update({"email": "new@utar.example"})
    db.session.commit()
    with unit_of_work():
        issue_portion(db.session.get(CertificateBatch, batch_id), drafts)
    identity = json.loads(all_certificates()[0].proof.badge)["credentialSubject"]["identifier"][0]
    assert identity["identityHash"].endswith(hash_identity("new@utar.example", identity["salt"]).digest)


def test_a_key_is_written_down_once_at_its_first_use(certificate):
    certified_cohort(2)
    known = {key.name: key for key in db.session.query(CertificationKey)}
    assert set(known) == {key.name for key in signing_keys.current().facts}
    assert all(key.is_development for key in known.values())


def test_the_command_line_lists_the_keys(app):
    def listed():
        return json.loads(app.test_cli_runner().invoke(office, ["keys", "list", "--json"]).output)["keys"]

    assert [(key["kind"], key["since"]) for key in listed()] == [("signature", None), ("badge", None)]
    certified_cohort(1)
    assert all(key["since"] and key["development"] and key["current"] for key in listed())
    printed = app.test_cli_runner().invoke(office, ["keys", "list"]).output
    assert signing_keys.current().badge.multikey in printed and "for development only" in printed


@pytest.fixture
def settings(tmp_path):
    found = config.TestConfig(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'gdt.db'}")
    found.PRODUCTION = True
    return found


def badge_pem(path):
    private = Ed25519PrivateKey.generate()
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


def refusal(settings):
    with pytest.raises(SystemExit) as ended:
        create_app(settings)
    return str(ended.value)


def test_production_refuses_missing_and_development_keys(settings, tmp_path):
    assert "Set GDT_SIGNING_KEY" in refusal(settings)
    assert not (tmp_path / "keys").exists()
    signing_keys._load(vars(settings) | {"PRODUCTION": False})
    settings.SIGNING_KEY = str(tmp_path / "keys" / "development-key.p12")
    assert "Set GDT_BADGE_KEY" in refusal(settings)
    settings.BADGE_KEY = badge_pem(tmp_path / "badge.pem")
    assert "GDT_SIGNING_KEY is a development key" in refusal(settings)


def test_production_refuses_a_development_badge_key_even_without_its_mark(settings, tmp_path, own_key):
    settings.SIGNING_KEY, settings.SIGNING_KEY_PASSWORD_FILE = own_key
    signing_keys._load(vars(settings) | {"PRODUCTION": False})
    made = tmp_path / "keys" / "development-badge-key.pem"
    bare = tmp_path / "bare.pem"
    bare.write_bytes(made.read_bytes().partition(b"\n")[2])
    for path in (made, bare):
        settings.BADGE_KEY = str(path)
        assert "GDT_BADGE_KEY is a development key" in refusal(settings)
    settings.BADGE_KEY = badge_pem(tmp_path / "badge.pem")
    loaded = signing_keys._load(vars(settings))
    assert [fact.is_development for fact in loaded.facts] == [False, False]


def test_a_broken_key_ends_the_start_with_a_sentence(settings, tmp_path):
    settings.SIGNING_KEY = str(tmp_path / "nothing.p12")
    with pytest.raises(SystemExit, match="The keys for certificates cannot be used"):
        create_app(settings)


@pytest.fixture
def own_key(tmp_path):
    """A key with a certificate of its own and a password, as an operator would bring it."""
    run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-days", "2", "-subj", "/CN=GDT Network", "-addext", "keyUsage=critical,digitalSignature"),
        *("-keyout", str(tmp_path / "own.key"), "-out", str(tmp_path / "own.crt")),
    )
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    private, certificate = load_pair(tmp_path)
    store = tmp_path / "own.p12"
    store.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"own", private, certificate, None, BestAvailableEncryption(b"correct horse")
        )
    )
    return str(store), str(password)


def load_pair(folder):
    private = load_pem_private_key((folder / "own.key").read_bytes(), None)
    return private, x509.load_pem_x509_certificate((folder / "own.crt").read_bytes())
