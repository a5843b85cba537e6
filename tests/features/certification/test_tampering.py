"""An insider with the whole database and all files changes something: each time the check finds it."""

import json
from dataclasses import replace

import pytest

from certificates.badges import SigningKey
from certificates.log import Head, decode_entry, encode_entry, recompute, sign_head
from certificates.merkle import leaf_hash
from gdt import documents
from gdt.access import OFFICE
from gdt.certification.checking.everything import check_log
from gdt.certification.editions.replacing import Corrections, replace_certificate
from gdt.certification.keys import signing_keys
from gdt.certification.log import heads as log_heads
from gdt.certification.log import queries as log_queries
from gdt.certification.log import tree as log_tree
from gdt.certification.log.models import LogHead, LogLeaf, LogTile
from gdt.certification.log.writing import destroy_salt
from gdt.certification.models import Certificate
from gdt.certification.revoking.services import revoke_certificate
from gdt.commands.office import gdt as office
from gdt.database import db, now, unit_of_work
from tests.emptying import made_once
from tests.features.certification.stories import all_certificates, certified_cohort
from tests.insider import tamper

CERTIFICATES = 12
REVOKED, REPLACED = 1, 2  # by place; the replacement is the last


@pytest.fixture(autouse=True)
def narrow_tiles(monkeypatch):
    """Small tiles, so that a dozen entries make several levels of them."""
    monkeypatch.setattr(log_tree, "WIDTH_BITS", 2)
    monkeypatch.setattr(log_tree, "WIDTH", 4)
    monkeypatch.setattr("gdt.certification.checking.tiles.WIDTH", 4)


@pytest.fixture
def register(app):
    """A register in which things happened; the head from the middle that somebody saved."""
    return made_once("a register in which things happened", lived_in)


def lived_in():
    certified_cohort(CERTIFICATES - 4)
    sign()
    saved = newest_head()
    certified_cohort(4)
    certificates = all_certificates()
    with unit_of_work():
        one = db.session.get(Certificate, certificates[REVOKED].id)
        revoke_certificate(actor=OFFICE, certificate=one, reason="A mistake")
    with unit_of_work():
        one = db.session.get(Certificate, certificates[REPLACED].id)
        corrections = Corrections(printed_name="Student Renamed")
        replace_certificate(actor=OFFICE, certificate=one, reason="Wrong name", corrections=corrections)
    sign()
    assert found() == []
    assert found(saved) == []
    return saved


def sign():
    with unit_of_work():
        log_heads.sign_head_now()


def newest_head():
    db.session.rollback()
    return log_queries.find_newest_head().note


def found(saved=None):
    db.session.remove()
    return [str(finding) for finding in check_log(saved)]


FIRST = "(SELECT MIN(id) FROM certificates)"
DEEDS = {
    "a name in the facts": (
        "UPDATE certificates SET facts = {json}REPLACE(CAST(facts AS TEXT), 'Student 000', 'Student Zero'){)}"
        f" WHERE id = {FIRST}",
        "facts in the register",
    ),
    "the day of issue beside the facts": (
        f"UPDATE certificates SET issued_on = '2020-01-01' WHERE id = {FIRST}",
        "shows issued_on",
    ),
    "an end without end": (
        f"UPDATE certificates SET valid_until = '2099-01-01' WHERE id = {FIRST}",
        "shows valid_until",
    ),
    "the hash of a file": (
        f"UPDATE certificates SET file_sha256 = '{'0' * 64}' WHERE id = {FIRST}",
        "another fingerprint",
    ),
    "the code": (f"UPDATE certificates SET code = 'ANOTHER' WHERE id = {FIRST}", "shows code"),
    "the design": (f"UPDATE certificates SET design = 'gold-9' WHERE id = {FIRST}", "drawn with gold-9"),
    "another file's key": (
        f"UPDATE certificates SET file_key = (SELECT file_key FROM certificates WHERE id = {FIRST} + 1)"
        f" WHERE id = {FIRST}",
        "not the one that was issued",
    ),
    "a number": (f"UPDATE certificates SET number = 'GDT-2026-777777' WHERE id = {FIRST}", "does not fit"),
    "two numbers swapped out of line": (
        f"UPDATE certificates SET serial = 900000 WHERE id = {FIRST}",
        "some are missing",
    ),
    "the counter": ("UPDATE certificate_counters SET last_serial = last_serial + 3", "The counter of"),
    "a revocation taken back": (
        "UPDATE certificates SET revoked_at = NULL, revoked_reason = NULL, revoked_by_name = NULL",
        "the register says it was not",
    ),
    "a revocation past the log": (
        "UPDATE certificates SET revoked_at = issued_at, revoked_reason = 'x', revoked_by_name = 'y'"
        f" WHERE id = {FIRST}",
        "it was revoked, and no entry",
    ),
    "a replacement forgotten": (
        "UPDATE certificates SET replaces_id = NULL, edition = 1, thing_earned = 'other' WHERE edition = 2",
        "nothing did",
    ),
    "a bit of the status list": ("UPDATE status_entries SET is_set = NOT is_set", "the opposite"),
    "a bit given to another": (
        "UPDATE status_entries SET bit = (bit + 1) % 131072 WHERE id = (SELECT MIN(id) FROM status_entries)",
        "was given away",
    ),
    "a list's count": ("UPDATE status_lists SET taken = taken + 1", "says it gave out"),
    "the salt exchanged": (
        f"UPDATE certificate_seals SET salt = '{'ab' * 32}' WHERE certificate_id = {FIRST}",
        "or their salt",
    ),
    "the salt destroyed": (
        f"UPDATE certificate_seals SET salt = NULL WHERE certificate_id = {FIRST}",
        "nobody was erased",
    ),
    "a badge": (
        "UPDATE certificate_proofs SET badge = REPLACE(badge, 'Course', 'Master')"
        f" WHERE certificate_id = {FIRST}",
        "Its badge is not the one",
    ),
    "a badge's proof": (
        'UPDATE certificate_proofs SET badge = REPLACE(badge, \'"proofValue": "z\', \'"proofValue": "z2\')'
        f" WHERE certificate_id = {FIRST}",
        "badge",
    ),
    "a badge's digest": (
        f"UPDATE certificate_proofs SET badge_digest = '{'1' * 64}' WHERE certificate_id = {FIRST}",
        "Its badge is not the one",
    ),
    "a badge deleted": (f"DELETE FROM certificate_proofs WHERE certificate_id = {FIRST}", "badge is gone"),
    "an entry changed": (
        "UPDATE log_leaves SET leaf = REPLACE(leaf, '000001', '000009') WHERE position = 0",
        "not those of the log now",
    ),
    "an entry deleted from the middle": (
        "DELETE FROM log_leaves WHERE position = 3",
        "position 3 is missing",
    ),
    "the last entry deleted": (
        "DELETE FROM log_leaves WHERE position = (SELECT MAX(position) FROM log_leaves)",
        "and says it has",
    ),
    "the whole log deleted": ("DELETE FROM log_leaves", "no entry of the log says so"),
    "two entries swapped": (
        "UPDATE log_leaves SET position = CASE position WHEN 4 THEN 500 WHEN 5 THEN 4 ELSE position END;"
        "UPDATE log_leaves SET position = 5 WHERE position = 500",
        "not those of the log now",
    ),
    "an entry filed under another certificate": (
        f"UPDATE log_leaves SET certificate_id = {FIRST} WHERE event = 'revoked'",
        "is kept as another",
    ),
    "a tile": ("UPDATE log_tiles SET root = hashes WHERE level = 0 AND place = 1", "Tile 1 of level 0"),
    "a tile that nothing makes": (
        "INSERT INTO log_tiles (level, place, hashes, root) SELECT 5, 0, hashes, root FROM log_tiles"
        " WHERE level = 0 AND place = 0",
        "tiles; its entries make",
    ),
    "the size of the log": ("UPDATE register_log SET size = size - 1", "and says it has"),
    "the first head deleted": ("DELETE FROM log_heads WHERE number = 1", "A head before number 2"),
    "the root beside a head": (f"UPDATE log_heads SET root = '{'2' * 64}'", "other facts than it was signed"),
    "a head's text": ("UPDATE log_heads SET note = REPLACE(note, 'log', 'lot')", "is not signed with a key"),
    "a key slipped in": (
        "INSERT INTO certification_keys"
        " (kind, name, public, is_development, first_used_at, began_at, ended_at)"
        " VALUES ('badge', '{stranger}', '{stranger}', {false}, '2026-01-01', '2026-01-01', '2026-01-02')",
        "nobody approved it",
    ),
    "a key exchanged": (
        "UPDATE certification_keys SET public = '{stranger}' WHERE kind = 'badge'",
        "was exchanged",
    ),
    "a theft made up": (
        "UPDATE certification_keys SET compromised_from = '2020-01-01' WHERE kind = 'badge'",
        "is not what was approved",
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_an_insider_changes_is_found(register, deed):
    statements, sign_of_it = DEEDS[deed]
    stranger = SigningKey.from_seed(b"x" * 32).multikey
    words = {"{stranger}": stranger, "{false}": "FALSE", "{json}": "CAST(", "{)}": " AS JSON)"}
    if db.engine.name == "sqlite":
        words |= {"{false}": "0", "{json}": "", "{)}": ""}
    for word, meaning in words.items():
        statements = statements.replace(word, meaning)
    tamper(*statements.split(";"))
    findings = found()
    assert any(sign_of_it in finding for finding in findings), findings


def test_a_certificate_deleted_with_everything_about_it_is_found(register):
    certificate = all_certificates()[5]
    tables = ("certificate_seals", "status_entries", "certificate_proofs", "certificate_batch_rows")
    deleted = [f"DELETE FROM {table} WHERE certificate_id = {certificate.id}" for table in tables]
    tamper(
        *deleted,
        f"DELETE FROM log_leaves WHERE certificate_id = {certificate.id}",
        f"DELETE FROM certificates WHERE id = {certificate.id}",
    )
    findings = found()
    assert any("position 5 is missing" in finding for finding in findings)
    assert any("some are missing" in finding for finding in findings)


@pytest.mark.parametrize("change", ["altered", "gone"])
def test_a_file_changed_or_deleted_in_the_store_is_found_with_its_number(register, change):
    certificate = all_certificates()[4]
    filesystem, path = documents._place(certificate.file_key)
    content = documents.read(certificate.file_key)
    if change == "gone":
        filesystem.rm_file(path)
    else:
        filesystem.pipe_file(path, content[:-9] + b"!" + content[-8:])
    findings = found()
    filesystem.pipe_file(path, content)
    assert [finding.partition(":")[0] for finding in findings] == [certificate.number]


def rewrite(change, *, keep_heads):
    """Make the whole log anew around a lie, so that everything inside it agrees again."""
    leaves = [encode_entry(change(decode_entry(leaf.encode()))) for leaf in log_queries.list_leaves(0, 999)]
    rows = db.session.execute(db.select(LogLeaf.position, LogLeaf.certificate_id, LogLeaf.event)).all()
    notes = db.session.scalars(db.select(LogHead).order_by(LogHead.number)).all()
    db.session.expunge_all()
    tamper("DELETE FROM log_leaves", "DELETE FROM log_tiles", "DELETE FROM log_heads")
    with unit_of_work():
        log_tree.add_to_tree(0, [leaf_hash(leaf) for leaf in leaves])
        values = [
            {"position": row.position, "certificate_id": row.certificate_id, "event": row.event}
            | {"leaf": leaves[row.position].decode()}
            for row in rows
        ]
        db.session.execute(db.insert(LogLeaf), values)
        tree = recompute(leaves)
        for head in notes if keep_heads else notes[-1:]:
            root, at = tree.root(head.size), head.signed_at
            note = sign_head(Head(log_heads.origin(), head.size, root, at), signing_keys.current().badge)
            number = head.number if keep_heads else 1
            columns = {"number": number, "signed_on": at.date(), "signed_at": at, "size": head.size}
            db.session.add(LogHead(**columns, root=root.hex(), note=note, mailed_to=0))


@pytest.mark.parametrize("keep_heads", [True, False])
def test_a_log_rewritten_with_our_own_keys_is_found_through_a_saved_head_alone(register, keep_heads):
    """The insider forges a file, and makes log, tree, heads and register agree about it."""
    victim = all_certificates()[3]
    forged = documents.read(victim.file_key) + b"\n% somebody else's"
    key, digest = documents.keep("certificates", forged, suffix=".pdf")

    def lie(entry):
        return entry if entry.number != victim.number else replace(entry, file=digest)

    rewrite(lie, keep_heads=keep_heads)
    tamper(
        f"UPDATE certificates SET file_key = '{key}', file_sha256 = '{digest}', file_size = {len(forged)}"
        f" WHERE id = {victim.id}"
    )
    assert found() == []
    findings = found(register)
    assert any("are not those the saved head" in finding for finding in findings)
    assert any("is not among the heads we keep" in finding for finding in findings)


def test_a_log_cut_back_behind_a_saved_head_is_found(register):
    newest = newest_head()
    log = log_queries.count_entries()
    last = all_certificates()[-1]
    tables = ("certificate_replacements", "certificate_seals", "status_entries", "certificate_proofs")
    tamper(
        f"DELETE FROM log_leaves WHERE position >= {log - 2}",
        *(f"DELETE FROM {table} WHERE certificate_id = {last.id}" for table in tables),
        f"DELETE FROM certificates WHERE id = {last.id}",
        "UPDATE certificate_counters SET last_serial = last_serial - 1",
        "UPDATE status_lists SET taken = taken - 1",
        f"UPDATE register_log SET size = {log - 2}",
        "UPDATE status_entries SET is_set = (SELECT revoked_at IS NOT NULL FROM certificates"
        " WHERE certificates.id = status_entries.certificate_id)",
        "DELETE FROM log_heads WHERE number = 2",
    )
    assert found() == []
    assert found(register) == []
    assert any("it was cut" in finding for finding in found(newest))


def test_a_saved_head_of_somebody_else_or_changed_is_refused(register):
    stranger = SigningKey.from_seed(b"s" * 32)
    note = sign_head(Head("gdt.example/log", 3, b"0" * 32, now()), stranger)
    for saved in (note, register.replace(f"\n{CERTIFICATES - 4}\n", "\n9\n")):
        assert any("No key of ours signed the saved head" in finding for finding in found(saved))


def test_destroying_the_salt_of_an_erased_person_is_no_tampering(register):
    certificate_id = all_certificates()[6].id
    with unit_of_work():
        db.session.get(Certificate, certificate_id).person.erased_at = now()
        destroy_salt([certificate_id])
    assert found() == []


def test_the_command_says_what_differs_and_how_bad_it_is(register, app, tmp_path):
    run = app.test_cli_runner().invoke
    saved = tmp_path / "head.txt"
    saved.write_text(register)
    clean = run(office, ["log", "verify", "--head", str(saved)])
    assert (clean.exit_code, "All is well" in clean.output) == (0, True)
    tamper(DEEDS["the salt destroyed"][0])
    number = all_certificates()[0].number
    bad = run(office, ["log", "verify"])
    assert (bad.exit_code, bad.output.startswith(f"{number}: The salt")) == (1, True)
    as_json = json.loads(run(office, ["log", "verify", "--json"]).output)
    assert (as_json["is_sound"], as_json["findings"][0]["number"]) == (False, number)
    saved.write_text("This is no head.")
    assert run(office, ["log", "verify", "--head", str(saved)]).exit_code == 2


def test_a_mail_as_a_mail_program_saves_it_is_a_saved_head(register, app, tmp_path):
    quoted = "".join(f"> {line}\r\n" for line in register.splitlines())
    mail = "Subject: The log\r\nFrom: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear,\r\n"
    saved = tmp_path / "mail.eml"
    saved.write_bytes((mail + quoted + "\r\nYours\r\n").encode())
    done = app.test_cli_runner().invoke(office, ["log", "verify", "--head", str(saved)])
    assert done.exit_code == 0, done.output


def test_tiles_are_what_the_check_reads(register):
    assert db.session.query(LogTile).count() >= 3
