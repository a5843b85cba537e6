"""P8: a key is stolen and forgeries are made with it; only what our log shows before that day stands."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest

from certificates import Attachment, Signer, load_signing_key, render_certificate
from certificates.badges import SigningKey as BadgeKey
from certificates.badges import keys_of_did_document, read_document, sign_document, verify_credential
from certificates.content import content_from_json
from certificates.log import decode_entry, trusted
from gdt import documents
from gdt.certification.checking.everything import check_log
from gdt.certification.codes import grouped, new_code
from gdt.certification.log import heads as log_heads
from gdt.certification.log import queries as log_queries
from gdt.certification.log import writing as log_writing
from gdt.database import now, unit_of_work
from tests.factories import TODAY
from tests.features.certification.stories import (
    all_certificates,
    certified_cohort,
    change_keys,
    declare_stolen,
)
from tests.features.certification.test_keys import in_use
from tests.features.certification.test_log_heads import without_network

DAY = timedelta(days=1)


def at(monkeypatch, moment):
    """Write the log at another moment than now."""
    monkeypatch.setattr(log_writing, "now", lambda: moment)


def private_halves(app, names):
    """The private keys behind names, as the thief of the machine has them."""
    folder = app.config["DATA_DIR"] / "keys"
    papers = [load_signing_key(path) for path in folder.rglob("development-key.p12")]
    seals = [BadgeKey.from_pem(path.read_bytes()) for path in folder.rglob("development-badge-key.pem")]
    return (
        next(key for key in papers if key.id in names),
        next(key for key in seals if key.multikey in names),
    )


def forgeries(app, victim_names, models):
    """A hundred forged papers with their badges: half with fresh numbers and codes, half with real ones."""
    paper, seal = private_halves(app, victim_names)
    for n in range(50):
        model = models[n % len(models)]
        document = {k: v for k, v in json.loads(model.proof.badge).items() if k != "proof"}
        facts, code = dict(model.facts), model.code
        facts["printed_name"] = f"Forged Holder {n}"
        document["name"] = f"Master of everything {n}"
        if n % 2:
            code = new_code()
            facts["number"], facts["code"] = f"GDT-2026-{900000 + n}", grouped(code)
            facts["verify_url"] = facts["verify_url"].rpartition("/")[0] + "/" + code
            document["id"] = document["id"].replace(model.code, code)
        moment = model.issued_at
        badge = json.dumps(sign_document(document, seal, moment)).encode()
        attached = Attachment("badge.json", "application/vc", badge, "The badge")
        content = content_from_json(json.dumps(facts))
        yield model, badge
        yield (
            model,
            render_certificate(content, signer=Signer(paper), signed_at=moment, attachments=[attached]),
        )


def looked_at(client, data, code=None):
    path = f"/verify/{code}" if code else "/verify"
    form = {"file": (BytesIO(data), "file")}
    return client.post(path, data=form, content_type="multipart/form-data").text


def unpacked(client, folder):
    with ZipFile(BytesIO(client.get("/verify/bundle.zip").data)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def generations(app, monkeypatch):
    """300 certificates under four pairs of keys, the second of them stolen on its second day."""
    began, names = now() - 10 * DAY, []
    for generation in range(4):
        at(monkeypatch, began + 2 * generation * DAY)
        certified_cohort(75)
        names.append(set(in_use().values()))
        if generation < 3:
            change_keys(app)
    for name in names[1]:
        declare_stolen(name, (began + 3 * DAY).date())
    with unit_of_work():
        log_heads.sign_head_now()
    return names


class Register:
    """What anyone can fetch of us: keys, those stolen, and the log by the digests of badges."""

    def __init__(self, client):
        did = client.get("/.well-known/did.json").json
        self.keys = keys_of_did_document(did)
        self.by_multikey = {key.multikey: key for key in self.keys.values()}
        self.stolen = {
            method["id"].partition("#")[2]: datetime.fromisoformat(method["revoked"])
            for method in did["verificationMethod"]
            if "revoked" in method
        }
        entries = [decode_entry(leaf.encode()) for leaf in log_queries.list_leaves(0, 1000)]
        self.by_badge = {entry.badge: entry for entry in entries}
        self.files = {entry.file for entry in entries}


def test_after_three_changes_and_a_theft_all_that_was_logged_before_stands(
    app, client, generations, tmp_path
):
    register, certificates = Register(client), all_certificates()
    assert (len(certificates), len(register.stolen)) == (300, 2)
    for one in certificates:
        verdict = verify_credential(read_document(one.proof.badge), register.keys)
        assert verdict.is_ours
        assert trusted(register.by_badge[verdict.digest], register.by_multikey, register.stolen)
    for one in certificates[::15]:
        for data in (documents.read(one.file_key), one.proof.badge.encode()):
            assert "We issued this very file" in looked_at(client, data, one.code)
    folder, file = unpacked(client, tmp_path / "bundle"), tmp_path / "file"
    for one in certificates[5::75]:
        for data in (documents.read(one.file_key), one.proof.badge.encode()):
            file.write_bytes(data)
            assert without_network(folder, file)[0] == 0
    assert [str(finding) for finding in check_log()] == []


def test_of_a_hundred_forgeries_with_the_stolen_keys_none_passes_anywhere(app, client, generations, tmp_path):
    register = Register(client)
    models = [one for one in all_certificates() if one.proof.badge_key.name in generations[1]]
    forged = list(forgeries(app, generations[1], models))
    assert len(forged) == 100
    folder, file = unpacked(client, tmp_path / "bundle"), tmp_path / "file"
    for place, (model, data) in enumerate(forged):
        assert not is_in_the_log(data, register)
        for code in (model.code, None):
            page = looked_at(client, data, code)
            assert "We issued this very file" not in page
            assert "It is exactly what we issued" not in page
        if place % 10 < 2:
            file.write_bytes(data)
            exit_code, said = without_network(folder, file)
            assert (exit_code, "NO   issued by us, as the log shows" in said) == (1, True)


def is_in_the_log(data, register):
    """As the library alone judges a file, with our published keys and log."""
    if data.startswith(b"%PDF"):
        return sha256(data).hexdigest() in register.files
    verdict = verify_credential(read_document(data), register.keys)
    assert verdict.is_ours, "the forgery is badly made"
    return verdict.digest in register.by_badge


def test_what_entered_the_log_after_the_theft_is_not_certain_any_more(app, client, monkeypatch, tmp_path):
    at(monkeypatch, now() - 5 * DAY)
    certified_cohort(1)
    at(monkeypatch, now() - DAY)
    certified_cohort(1)
    early, late = all_certificates()
    name = in_use()["signature"]
    declare_stolen(name, (now() - 3 * DAY).date())
    change_keys(app)
    with unit_of_work():
        log_heads.sign_head_now()
    early, late = all_certificates()
    assert "Not certain" not in client.get(f"/verify/{early.code}").text
    page = looked_at(client, documents.read(late.file_key), late.code)
    assert "Not certain" in page
    assert "ask us for a new one" in page
    assert (
        client.get(f"/api/v1/verify/{late.code}").json["answers"]["issued_by_us"]["answer"] == "not certain"
    )
    folder = unpacked(client, tmp_path / "bundle")
    for one, expected in ((early, 0), (late, 1)):
        file = tmp_path / f"{one.number}.pdf"
        file.write_bytes(documents.read(one.file_key))
        assert without_network(folder, file)[0] == expected
    assert list(check_log()) == []


def test_a_head_forged_with_a_stolen_key_proves_nothing(app):
    certified_cohort(1)
    with unit_of_work():
        head = log_heads.sign_head_now()[0]
        note = head.note
    declare_stolen(in_use()["badge"], TODAY)
    change_keys(app)
    findings = [str(finding) for finding in check_log(note)]
    assert any("stolen by then: it proves nothing" in finding for finding in findings)
    assert [str(finding) for finding in check_log()] == []
