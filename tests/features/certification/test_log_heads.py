"""Signed heads, their witnesses, the status lists and the folder to check without us."""

import base64
import json
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from certificates.badges import keys_of_did_document, read_document, status_list_of, verify_credential
from certificates.log import InvalidLog, read_head, recompute
from certificates.merkle import check_consistency, check_inclusion, leaf_hash
from gdt import documents, routines
from gdt.access import OFFICE, Role
from gdt.certification.badges import open_badges, status_publishing
from gdt.certification.editions.replacing import Corrections, replace_certificate
from gdt.certification.log import heads as log_heads
from gdt.certification.log import queries as log_queries
from gdt.certification.log import witnessing
from gdt.certification.log.models import LogHead
from gdt.certification.log.witness_models import LogBundle, LogWitness
from gdt.certification.models import Certificate
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, unit_of_work
from gdt.mail import OutgoingMail
from tests.browser import submit
from tests.factories import make_institution
from tests.features.certification.stories import all_certificates, certified_cohort


def sign():
    with unit_of_work():
        return log_heads.sign_head_now()[1]


def heads():
    db.session.rollback()
    return db.session.query(LogHead).order_by(LogHead.number).all()


def our_keys():
    return keys_of_did_document(open_badges.published_keys()).values()


def revoke(certificate):
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=db.session.merge(certificate), reason="A mistake")


def test_a_head_fixes_every_entry_and_is_signed_with_our_key(app):
    certified_cohort(3)
    assert sign()
    head = heads()[0]
    said = read_head(head.note, our_keys())
    tree = recompute(leaf.encode() for leaf in log_queries.list_leaves(0, 10))
    assert (said.size, said.root) == (3, tree.root())
    assert (head.size, head.root, head.number) == (3, tree.root().hex(), 1)


def test_signing_again_with_nothing_new_writes_nothing_and_with_something_new_a_head(app):
    certified_cohort(1)
    assert [sign(), sign(), sign()] == [True, False, False]
    certified_cohort(1)
    assert [sign(), sign()] == [True, False]
    assert [(head.number, head.size) for head in heads()] == [(1, 1), (2, 2)]


def test_a_new_day_has_its_head_also_when_nothing_happened(app, monkeypatch):
    certified_cohort(1)
    log_heads.sign_daily_head()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(log_heads, "now", lambda: tomorrow)
    log_heads.sign_daily_head()
    log_heads.sign_daily_head()
    assert [head.size for head in heads()] == [1, 1]
    assert heads()[1].signed_on == tomorrow.date()


def test_many_workers_at_once_sign_one_head_a_day(app):
    certified_cohort(1)
    together = threading.Barrier(6)

    def work():
        with app.app_context():
            together.wait()
            log_heads.sign_daily_head()
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heads()) == 1


def test_the_head_is_among_what_workers_do_by_themselves(app, monkeypatch):
    certified_cohort(1)
    monkeypatch.setattr(routines, "_app", app)
    routines.do_routines()
    routines.do_routines()
    assert len(heads()) == 1


def test_each_witness_receives_a_new_head_once_and_the_link_in_the_mail_ends_it(app, client):
    with unit_of_work():
        institution = make_institution()
        witnessing.add_witness(actor=OFFICE, institution=institution, email="Archive@utar.example")
        witnessing.add_witness(actor=OFFICE, institution=institution, email="registrar@utar.example")
    certified_cohort(1)
    sign()
    sign()
    mails = db.session.query(OutgoingMail).all()
    assert sorted(mail.recipient for mail in mails) == ["archive@utar.example", "registrar@utar.example"]
    assert heads()[0].mailed_to == 2
    token = db.session.query(LogWitness).filter_by(email="archive@utar.example").one().stop_token
    page = client.get(f"/log/stop/{token}")
    assert "archive@utar.example" in page.text
    assert db.session.query(LogWitness).filter(LogWitness.ended_at.is_(None)).count() == 2
    submit(client, f"/log/stop/{token}")
    assert "no more heads since" in client.get(f"/log/stop/{token}").text
    certified_cohort(1)
    sign()
    db.session.rollback()
    again = [mail.recipient for mail in db.session.query(OutgoingMail)]
    assert sorted(again) == ["archive@utar.example", "registrar@utar.example", "registrar@utar.example"]


def test_a_coordinator_makes_witnesses_of_her_own_institution_alone(app, sign_in):
    other = make_institution()
    coordinator = sign_in(Role.COORDINATOR)
    known = db.session.query(LogWitness)
    own = coordinator.get("/witnesses/new")
    assert other.name not in own.text
    answer = submit(coordinator, "/witnesses/new", institution=other.code, email="archive@utar.example")
    assert answer.status_code == 422
    code = own.text.split('<option value="')[1].split('"')[0] if "<option" in own.text else ""
    answer = submit(coordinator, "/witnesses/new", institution=code, email="archive@utar.example")
    assert answer.status_code == 302
    assert known.count() == 1
    again = submit(coordinator, "/witnesses/new", institution=code, email="archive@utar.example")
    assert again.status_code == 422
    assert "receives every head already" in again.text
    witness_id = known.one().id
    assert "Take off" in coordinator.get("/witnesses").text
    assert sign_in(Role.COORDINATOR).get(f"/witnesses/{witness_id}/remove").status_code == 404
    assert submit(coordinator, f"/witnesses/{witness_id}/remove").status_code == 302
    assert "Nobody watches the log yet" in coordinator.get("/witnesses").text


def test_anyone_reads_heads_entries_and_proofs_that_hold(app, client):
    certified_cohort(3)
    sign()
    certified_cohort(4)
    sign()
    old, new = heads()
    page = client.get("/log").text
    assert new.root in page
    assert client.get("/log/head.txt").text == new.note
    assert client.get("/log/head.json").json["size"] == 7
    assert client.get("/log/heads/3.txt").text == old.note
    assert client.get("/log/heads/3.json").json["root"] == old.root
    assert client.get("/log/heads/5.txt").status_code == 404
    lines = client.get("/log/entries?start=2&count=3").text.splitlines()
    assert lines == log_queries.list_leaves(2, 5)
    assert client.get("/log/entries?start=-1").status_code == 404
    grown = client.get("/log/consistency?from=3&to=7").json
    proof = [bytes_of(part) for part in grown["proof"]]
    check_consistency(3, 7, proof, bytes.fromhex(old.root), bytes.fromhex(new.root))
    inside = client.get("/log/inclusion?position=5&size=7").json
    path = [bytes_of(part) for part in inside["proof"]]
    check_inclusion(5, 7, leaf_hash(inside["leaf"].encode()), path, bytes.fromhex(new.root))
    for odd in ("from=9&to=3", "from=0&to=7", "from=1&to=99999999999", "from=x"):
        assert client.get(f"/log/consistency?{odd}").status_code == 404
    assert client.get("/log/inclusion?position=7&size=7").status_code == 404


def bytes_of(text):
    return base64.b64decode(text)


def test_the_pages_of_a_certificate_tell_its_place_in_the_log_and_give_the_proof(app, client, officer):
    certified_cohort(2)
    certificate = all_certificates()[1]
    before = client.get(f"/verify/{certificate.code}").text
    assert "stands in our public log" in before
    assert client.get(f"/verify/{certificate.code}/proof.json").status_code == 404
    sign()
    for page in (
        client.get(f"/verify/{certificate.code}"),
        officer.get(f"/certificates/{certificate.number}"),
    ):
        assert "It is entry 2 of a log" in page.text
    proof = client.get(f"/verify/{certificate.code}/proof.json").json
    head = read_head(proof["head"], our_keys())
    path = [bytes_of(part) for part in proof["proof"]]
    check_inclusion(proof["position"], head.size, leaf_hash(proof["leaf"].encode()), path, head.root)
    assert json.loads(proof["leaf"])["number"] == certificate.number


def published(client, certificate):
    """The bit of a certificate's badge, fetched and checked as any verifier does."""
    named = json.loads(certificate.proof.badge)["credentialStatus"]
    answer = client.get(named["statusListCredential"].removeprefix("http://127.0.0.1:8000"))
    assert answer.content_type == "application/vc"
    document = read_document(answer.data)
    verdict = verify_credential(document, keys_of_did_document(open_badges.published_keys()))
    assert verdict.is_ours
    assert document["id"] == named["statusListCredential"]
    assert datetime.fromisoformat(document["validUntil"]) > datetime.now(UTC)
    return status_list_of(document)[int(named["statusListIndex"])]


def test_the_status_list_shows_a_revocation_and_a_replacement_at_once(app, client):
    certified_cohort(3)
    certificates = all_certificates()
    assert [published(client, one) for one in certificates] == [False, False, False]
    revoke(certificates[0])
    with unit_of_work():
        old = db.session.get(Certificate, certificates[1].id)
        corrections = Corrections(printed_name="Student Renamed")
        replace_certificate(actor=OFFICE, certificate=old, reason="Wrong name", corrections=corrections)
    certificates = all_certificates()
    assert [published(client, one) for one in certificates] == [True, True, False, False]
    assert client.get("/status/9").status_code == 404


def test_a_status_list_that_nothing_changed_is_signed_once_an_hour(app, client, monkeypatch):
    certified_cohort(1)
    first = client.get("/status/1").data
    assert client.get("/status/1").data == first
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(status_publishing, "now", lambda: later)
    assert client.get("/status/1").data != first


def test_a_new_status_list_opens_when_one_is_half_full(app, client, monkeypatch):
    monkeypatch.setattr("gdt.certification.badges.statuses.FULL_AT", 2)
    for _ in range(3):
        certified_cohort(2)
    lists = [
        json.loads(one.proof.badge)["credentialStatus"]["statusListCredential"][-9:]
        for one in all_certificates()
    ]
    assert lists == ["/status/1"] * 2 + ["/status/2"] * 2 + ["/status/3"] * 2
    assert [published(client, one) for one in all_certificates()] == [False] * 6


def unpacked(folder):
    bundle = log_queries.find_newest_bundle()
    with zipfile.ZipFile(BytesIO(documents.read(bundle.file_key))) as archive:
        archive.extractall(folder)
    return folder


def without_network(folder, file):
    """What the script says in a clean folder, cut off from every network where the machine allows that."""
    command = [sys.executable, "-I", "-W", "error", "verify.py", str(file)]
    if subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode == 0:
        command = ["unshare", "-rn", *command]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_the_bundle_checks_files_in_a_clean_folder_without_network(app, client, tmp_path):
    certified_cohort(3)
    good, revoked, altered = all_certificates()
    revoke(revoked)
    sign()
    answer = client.get("/verify/bundle.zip")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    folder = unpacked(tmp_path / "bundle")
    assert "python verify.py certificate.pdf" in (folder / "README.txt").read_text()
    files = tmp_path / "files"
    files.mkdir()
    pdf = documents.read(good.file_key)
    (files / "good.pdf").write_bytes(pdf)
    (files / "good.json").write_text(good.proof.badge)
    (files / "good.png").write_bytes(open_badges.baked_picture(good.proof.badge, good.kind.value))
    (files / "proof.json").write_bytes(client.get(f"/verify/{good.code}/proof.json").data)
    (files / "revoked.pdf").write_bytes(documents.read(revoked.file_key))
    (files / "revoked.json").write_text(revoked.proof.badge)
    (files / "revoked-proof.json").write_bytes(client.get(f"/verify/{revoked.code}/proof.json").data)
    (files / "altered.pdf").write_bytes(pdf[:-1] + b"!")
    (files / "altered.json").write_text(altered.proof.badge.replace("Course", "Master"))
    changed = json.loads((files / "proof.json").read_text())
    changed["leaf"] = changed["leaf"].replace(good.file_sha256, "0" * 64)
    (files / "altered-proof.json").write_text(json.dumps(changed))
    (files / "stranger.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    outcome = {file.name: without_network(folder, file)[0] for file in files.iterdir()}
    expected = {name: 0 for name in outcome if name.startswith(("good", "proof"))}
    assert outcome == dict.fromkeys(outcome, 1) | expected
    assert len(expected) == 4
    assert "NO   neither revoked nor replaced" in without_network(folder, files / "revoked.json")[1]
    assert "NO   not revoked in the status list" in without_network(folder, files / "revoked.json")[1]


def test_one_bundle_is_made_for_each_head_and_old_ones_go(app):
    for _ in range(4):
        certified_cohort(1)
        sign()
        sign()
    bundles = db.session.query(LogBundle).order_by(LogBundle.id).all()
    assert [bundle.file_key is not None for bundle in bundles] == [False, False, True, True]
    assert [bundle.head.size for bundle in bundles] == [1, 2, 3, 4]


def test_a_head_that_somebody_else_signed_is_nobodys(app):
    certified_cohort(1)
    sign()
    note = heads()[0].note
    with pytest.raises(InvalidLog):
        read_head(note.replace("\n1\n", "\n2\n"), our_keys())
