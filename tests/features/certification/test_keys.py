"""The life of keys: changed by two people, declared stolen, and nothing that was issued before is lost."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import load_signing_key
from certificates.badges import SigningKey as BadgeKey
from gdt import documents
from gdt.access import OFFICE, Role
from gdt.accounts.passwords import hash_password
from gdt.certification.checking.everything import check_log
from gdt.certification.editions.replacing import Corrections, replace_certificate
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.keys import orders as key_orders
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys import signing_keys
from gdt.certification.keys.models import KeyOrderState
from gdt.certification.models import Certificate, CertificateState, CertificationKey
from gdt.certification.revoking.services import revoke_certificate
from gdt.commands.office import gdt as office
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.people.models import Affiliation
from tests.browser import submit
from tests.factories import TODAY, make_institution, make_user
from tests.features.certification.stories import (
    all_certificates,
    certified_cohort,
    change_keys,
    declare_stolen,
    make_ready_cohort,
)


@pytest.fixture
def pair(sign_in):
    """Two administrators' browsers."""
    return sign_in(Role.ADMINISTRATOR, name="Anna"), sign_in(Role.ADMINISTRATOR, name="Bela")


def waiting():
    db.session.rollback()
    return key_queries.list_orders(KeyOrderState.WAITING)


def in_use():
    db.session.rollback()
    return {key.kind.value: key.name for key in key_queries.every_key() if key.is_in_use}


def test_a_change_of_keys_takes_two_administrators_and_one_transaction(app, pair):
    certified_cohort(1)
    before, (anna, bela) = in_use(), pair
    assert submit(anna, "/keys/rotate").status_code == 302
    orders = waiting()
    assert len(orders) == 2
    for order in orders:
        own = submit(anna, f"/key-orders/{order.id}/approve")
        assert (own.status_code, "You said yes already" in own.text) == (422, True)
    certified_cohort(1)
    assert in_use() == before
    for order in orders:
        assert submit(bela, f"/key-orders/{order.id}/approve").status_code == 302
    certified_cohort(1)
    after = in_use()
    assert set(after.values()).isdisjoint(before.values())
    used = [(one.proof.signature_key.name, one.proof.badge_key.name) for one in all_certificates()]
    assert used == [tuple(before.values())] * 2 + [tuple(after.values())]
    page = anna.get("/keys").text
    assert "Anna, Bela" in page
    assert "no longer used" in page


def test_officers_see_no_keys_and_a_dropped_order_does_nothing(app, pair, officer):
    certified_cohort(1)
    before, (anna, bela) = in_use(), pair
    assert officer.get("/keys").status_code == 403
    submit(anna, "/keys/rotate")
    for order in waiting():
        assert submit(bela, f"/key-orders/{order.id}/drop").status_code == 302
        answer = submit(bela, f"/key-orders/{order.id}/approve")
        assert (answer.status_code, "settled already" in answer.text) == (422, True)
    assert in_use() == before
    certified_cohort(1)
    assert "waits for a yes" in anna.get("/keys").text


def test_the_only_administrator_is_told_to_invite_a_second(app, administrator):
    assert "Invite a second one now" in administrator.get("/keys").text


def test_the_command_line_prepares_and_two_administrators_with_passwords_agree(app):
    certified_cohort(1)
    run, before = app.test_cli_runner().invoke, in_use()
    prepared = run(office, ["keys", "rotate"])
    assert (prepared.exit_code, "Make another one first" in prepared.output) == (0, True)
    for name in ("anna", "bela"):
        make_user(
            role=Role.ADMINISTRATOR,
            email=f"{name}@gdt.example",
            password_hash=hash_password("three old words"),
        )
    orders = [order.id for order in waiting()]
    answers = []
    for email in ("anna", "anna", "bela"):
        for order in orders:
            command = ["keys", "approve", str(order), "--as", f"{email}@gdt.example"]
            answers.append(run(office, command, input="three old words\n").exit_code)
    assert answers == [0, 0, 2, 2, 0, 0]
    assert set(in_use().values()).isdisjoint(before.values())
    wrong = run(office, ["keys", "rotate", "--as", "anna@gdt.example"], input="wrong\n")
    assert wrong.exit_code == 2
    listed = json.loads(run(office, ["keys", "list", "--json"]).output)["keys"]
    assert [key["state"] for key in listed] == ["ended", "ended", "in use", "in use"]
    assert listed[0]["certificates"] == 1


def test_retiring_needs_a_day_in_the_past_a_known_key_and_the_typed_word(app, pair):
    certified_cohort(1)
    anna, _bela = pair
    name = in_use()["badge"]
    tomorrow = str(TODAY + timedelta(days=1))
    late = submit(anna, f"/keys/{name}/retire", compromised_from=tomorrow, confirm_word="stolen")
    assert (late.status_code, "cannot lie in the future" in late.text) == (422, True)
    assert submit(anna, f"/keys/{name}/retire", compromised_from=str(TODAY)).status_code == 422
    assert anna.get("/keys/nobody/retire").status_code == 404
    run = app.test_cli_runner().invoke
    assert run(office, ["keys", "retire", "nobody", "--compromised-from", str(TODAY)]).exit_code == 2
    good = submit(anna, f"/keys/{name}/retire", compromised_from=str(TODAY), confirm_word="stolen")
    assert good.status_code == 302
    assert "counts as stolen from" in key_orders.what_it_does(waiting()[0])


def test_nothing_is_issued_with_a_stolen_key_until_a_new_one_begins(app):
    certified_cohort(1)
    declare_stolen(in_use()["badge"], TODAY)
    with pytest.raises(DomainError, match="Let two administrators begin the next one"):
        issue_for_cohort(make_ready_cohort(1), actor=OFFICE, issued_on=TODAY)
    assert len(all_certificates()) == 1
    change_keys(app)
    assert issue_for_cohort(make_ready_cohort(1), actor=OFFICE, issued_on=TODAY)["issued"] == 1


def test_in_production_the_new_key_lies_in_the_folder_and_no_process_restarts(app, monkeypatch, tmp_path):
    certified_cohort(1)
    folder = tmp_path / "badge-keys"
    folder.mkdir()
    made = app.config["DATA_DIR"] / "keys"
    names = in_use()
    badge_keys = made.rglob("development-badge-key.pem")
    first = next(at for at in badge_keys if BadgeKey.from_pem(at.read_bytes()).multikey == names["badge"])
    (folder / "2026.pem").write_bytes(first.read_bytes())
    monkeypatch.setitem(app.config, "BADGE_KEY", str(folder))
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    papers = made.rglob("development-key.p12")
    signing = next(path for path in papers if load_signing_key(path).id == names["signature"])
    monkeypatch.setitem(app.config, "SIGNING_KEY", str(signing))
    with pytest.raises(DomainError, match="no new key on this machine"), unit_of_work():
        key_orders.prepare_rotation(actor=OFFICE)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "2027.pem").write_bytes(pem)
    certified_cohort(1)
    change_keys(app)
    certified_cohort(1)
    used = [one.proof.badge_key.name for one in all_certificates()]
    assert used[0] == used[1] != used[2] == BadgeKey.from_pem(pem).multikey
    assert in_use()["signature"] == load_signing_key(signing).id


def test_a_process_without_the_new_file_issues_nothing_instead_of_signing_with_the_old_key(app, monkeypatch):
    certified_cohort(1)
    change_keys(app)
    monkeypatch.setattr(signing_keys, "list_on_disk", list)
    with unit_of_work():
        db.session.query(CertificationKey).filter_by(name=in_use()["badge"]).update({"name": "z6MkElsewhere"})
    with pytest.raises(DomainError, match="its file is not on this machine"):
        issue_for_cohort(make_ready_cohort(1), actor=OFFICE, issued_on=TODAY)
    assert len(all_certificates()) == 1


DEEDS = ("rename", "transfer", "retitle", "redesign", "rotate", "issue", "replace", "revoke")


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.sampled_from(DEEDS), min_size=3, max_size=8))
def test_whatever_happens_afterwards_no_issued_file_changes(app, history):
    """P6: random histories of renames, transfers, design edits and changes of keys."""
    certified_cohort(2)
    issued = files()
    with pytest.MonkeyPatch.context() as patch:
        for step, deed in enumerate(history):
            happen(app, deed, step, patch)
            kept = files()
            assert {number: kept[number] for number in issued} == issued
            issued = kept
    assert [str(finding) for finding in check_log()] == []


def files():
    """The hash of each certificate's file as it lies in the store, which is the one in the register."""
    found = {one.number: sha256(documents.read(one.file_key)).hexdigest() for one in all_certificates()}
    assert found == {one.number: one.file_sha256 for one in all_certificates()}
    return found


def happen(app, deed, step, patch):
    deeds = {"rotate": change_keys, "issue": lambda _app: certified_cohort(1)}
    if deed in deeds:
        deeds[deed](app)
        return
    if deed == "redesign":
        patch.setitem(app.config, "SIGNATORIES", [(f"Signatory {step}", "Director")])
        return
    standing = [one for one in all_certificates() if one.state(TODAY) is CertificateState.VALID]
    with unit_of_work():
        one = db.session.get(Certificate, standing[step % len(standing)].id)
        if deed == "rename":
            one.person.printed_name, one.person.native_name = f"Renamed {step}", f"改名 {step}"
        elif deed == "transfer":
            places = db.session.query(Affiliation).filter_by(person_id=one.person_id)
            places.update({"institution_id": make_institution().id})
        elif deed == "retitle":
            one.course.title = f"Another title {now().timestamp()}"
        elif deed == "revoke" and len(standing) > 1:
            revoke_certificate(actor=OFFICE, certificate=one, reason="A mistake")
        elif deed == "replace":
            corrections = Corrections(printed_name=f"Corrected {now().microsecond}")
            replace_certificate(actor=OFFICE, certificate=one, reason="Wrong", corrections=corrections)
