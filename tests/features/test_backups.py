"""Backups taken while people write, restored into an empty place; damaged ones refused, nothing touched."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import NullPool, create_engine, text

from gdt import documents
from gdt.audit import AuditEvent
from gdt.backups import restoring, sealed_keys
from gdt.backups.backing_up import back_up
from gdt.backups.package import CONTENTS, MANIFEST
from gdt.backups.register_state import state_of
from gdt.certification.log.heads import sign_head_now
from gdt.certification.models import Certificate
from gdt.commands.office import gdt as office
from gdt.database import db, reading, unit_of_work
from gdt.errors import DomainError
from gdt.outgoing import DeliveryState, OutgoingMail
from gdt.people.models import Person
from gdt.row_security import owner_engine
from tests.factories import make_person
from tests.features.certification.stories import all_certificates, certified_cohort, order_many

pytestmark = pytest.mark.usefixtures("store")
ROOT = Path(__file__).parents[2]
PASSWORD = b"a long password for keys"


@pytest.fixture
def elsewhere(app, tmp_path):
    """The settings of another machine: an empty data folder, and an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    url = f"sqlite:///{folder / 'gdt.db'}"
    if db.engine.dialect.name == "postgresql":
        name = f"elsewhere_{uuid4().hex[:8]}"
        with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = db.engine.url.set(database=name).render_as_string(hide_password=False)
    settings = {"GDT_DATA_DIR": str(folder), "GDT_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    return os.environ | settings


def run(settings, *words):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "gdt", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


def state_at(settings):
    engine = create_engine(settings["GDT_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        state = state_of(connection)
    engine.dispose()
    return state


def state_here():
    db.session.rollback()
    with create_engine(db.engine.url, poolclass=NullPool).connect() as connection:
        return state_of(connection)


def of_the_register(rows):
    """How many rows there are of each kind but the totals, which the first commit settles."""
    return {name: count for name, count in rows.items() if not name.startswith(("counted_", "counting_"))}


def stored():
    return {key: documents.read(key) for key in documents.every_key("certificates")}


@pytest.fixture
def certified(app, tmp_path):
    """Three certificates under a signed head, in a backup with its keys."""
    certified_cohort(3)
    with unit_of_work():
        sign_head_now()
    file, _manifest = back_up(tmp_path / "backup.zip", keys_password=PASSWORD)
    return file


class Issuing(threading.Thread):
    """Somebody who issues certificates until told to stop."""

    def __init__(self, app):
        super().__init__()
        self.app, self.first, self.enough, self.count = app, threading.Event(), threading.Event(), 0

    def run(self):
        with self.app.app_context():
            while not self.enough.is_set():
                certified_cohort(2)
                self.count += 2
                self.first.set()
            db.session.remove()


def test_a_backup_taken_while_others_issue_is_restored_whole_in_an_empty_place(app, elsewhere, tmp_path):
    issuing = Issuing(app)
    issuing.start()
    assert issuing.first.wait(60)
    file, manifest = back_up(tmp_path, keys_password=None)
    issuing.enough.set()
    issuing.join()
    assert 2 <= manifest.register.certificates < issuing.count
    assert manifest.register.log_size == manifest.register.certificates
    answer = json.loads(run(elsewhere, "restore", file, "--json").stdout)
    assert (answer["findings"], answer["rows"]) == ([], manifest.register.rows)
    found = state_at(elsewhere)
    assert (found.log_size, found.log_root) == (manifest.register.log_size, manifest.register.log_root)
    rows = manifest.register.rows
    expected = rows | {name: rows[name] + 1 for name in ("audit_events", "audit_seals")}
    assert of_the_register(found.rows) == of_the_register(expected)
    assert run(elsewhere, "log", "verify").returncode == 0


def test_everything_done_after_the_backup_is_gone_and_the_triggers_are_back(app, certified):
    before, files = state_here(), stored()
    make_person(printed_name="After The Backup")
    name = restoring.name_of_database()
    restored = restoring.restore(certified, into=name)
    assert restored.findings == []
    assert db.session.query(Person).filter_by(printed_name="After The Backup").count() == 0
    assert state_here().log_root == before.log_root and stored() == files
    db.session.rollback()
    with pytest.raises(Exception, match="only"), owner_engine().begin() as connection:
        connection.execute(text("DELETE FROM log_leaves"))
    assert make_person().id > max(person_id for (person_id,) in db.session.query(Person.id)) - 1


def test_a_place_is_replaced_only_when_it_is_named_and_by_a_login_that_may(app, certified, monkeypatch):
    make_person(printed_name="Still Here")
    with pytest.raises(DomainError, match=f"3 certificates .* add --into {restoring.name_of_database()}"):
        restoring.restore(certified, into=None)
    with pytest.raises(DomainError, match="not some-other"):
        restoring.restore(certified, into="some-other")
    if db.engine.dialect.name == "postgresql":
        with owner_engine().begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS gdt_guest"))
            connection.execute(text("CREATE ROLE gdt_guest LOGIN IN ROLE gdt_app"))
        guest = db.engine.url.set(username="gdt_guest", password=None)
        monkeypatch.setitem(app.config, "DATABASE_OWNER_URL", guest)
        with pytest.raises(DomainError, match="Set GDT_DATABASE_OWNER_URL"):
            restoring.restore(certified, into=restoring.name_of_database())
    assert db.session.query(Person).filter_by(printed_name="Still Here").count() == 1


def test_a_lost_document_is_put_back_and_a_changed_one_is_mended(store, certified):
    files = stored()
    first, second, *_rest = files
    documents.remove(first)
    (store / second).write_bytes(b"something else")
    restoring.restore(certified, into=restoring.name_of_database())
    assert stored() == files


def test_mails_that_waited_are_not_sent_twice_by_a_restored_register(app, tmp_path):
    order_many(1)
    with unit_of_work():
        mail = db.session.query(OutgoingMail).first()
        mail.state, mail.body, recipient = DeliveryState.QUEUED, "Dear holder", mail.recipient
        mail.settled_at = None
    file, _manifest = back_up(tmp_path, keys_password=None)
    restoring.restore(file, into=restoring.name_of_database())
    mail = db.session.query(OutgoingMail).filter_by(recipient=recipient).one()
    assert mail.state is DeliveryState.UNCLEAR
    assert "backup" in mail.server_answer


def test_both_deeds_stand_in_the_trail(app, certified):
    def told():
        with reading(snapshot=True):
            asked = db.session.query(AuditEvent).filter_by(subject_kind="installation")
            return {event.action for event in asked}

    assert told() == {"backed up"}
    restoring.restore(certified, into=restoring.name_of_database())
    assert told() == {"restored"}


def rewritten(file, place, change):
    """A copy of a backup as somebody would make it who wants it to look right: `change` acts on its parts."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    copy = place / "rewritten.zip"
    with ZipFile(copy, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return copy


def in_manifest(**facts):
    def change(parts):
        manifest = json.loads(parts[MANIFEST])
        inside = {key: fact for key, fact in facts.items() if key in manifest["register"]}
        outside = {key: fact for key, fact in facts.items() if key in manifest}
        parts[MANIFEST] = json.dumps(
            manifest | outside | {"register": manifest["register"] | inside}
        ).encode()

    return change


def without_a_document(parts):
    del parts[next(name for name in parts if name.startswith("documents/certificates"))]


def with_a_stranger(parts):
    parts["documents/certificates/../../../stranger"] = b"x"


def with_another_list(parts):
    parts[CONTENTS] += b"0" * 64 + b"  ../outside\n"


SPOILT = {
    "a document missing": (without_a_document, "is missing"),
    "a part too many": (with_a_stranger, "nobody put there"),
    "another list of parts": (with_another_list, "list of its parts was changed"),
    "a newer format": (in_manifest(format=99), "newer version"),
    "a newer schema": (in_manifest(revision="9999"), "does not know"),
    "another kind of database": (in_manifest(kind="oracle"), "of oracle"),
    "no manifest": (lambda parts: parts.pop(MANIFEST), "no manifest"),
    "a manifest of something else": (lambda parts: parts.update({MANIFEST: b"[]"}), "manifest"),
}


def test_a_spoilt_backup_is_refused_in_words_and_touches_nothing(app, certified, tmp_path):
    before, files = state_here(), stored()
    for change, words in SPOILT.values():
        with pytest.raises(DomainError, match=words):
            restoring.restore(rewritten(certified, tmp_path, change), into=restoring.name_of_database())
        assert (state_here(), stored()) == (before, files)


def test_a_backup_whose_counts_are_wrong_is_never_kept(app, certified, tmp_path):
    file = rewritten(certified, tmp_path, in_manifest(log_root="00" * 32))
    with pytest.raises(DomainError, match="manifest describes"):
        restoring.restore(file, into=restoring.name_of_database())
    assert state_here().log_root != "00" * 32


def test_a_flipped_byte_anywhere_is_found_or_changes_nothing_that_is_restored(app, certified, tmp_path):
    whole = certified.read_bytes()
    facts = restoring.check_backup(certified)
    found = 0
    for at in range(7, len(whole), max(1, len(whole) // 60)):
        spoilt = tmp_path / "flipped.zip"
        spoilt.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            assert restoring.check_backup(spoilt) == facts
        except DomainError:
            found += 1
    assert found >= 50


def test_a_backup_cut_short_is_refused(app, certified, tmp_path):
    whole = certified.read_bytes()
    cut = tmp_path / "cut.zip"
    for length in (0, len(whole) // 3, len(whole) - 2_000, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(DomainError, match="cut off"):
            restoring.check_backup(cut)


def test_keys_come_along_only_under_a_password_and_only_with_it_back(app, certified, tmp_path):
    without, _manifest = back_up(tmp_path / "without.zip", keys_password=None)
    private = next((app.config["DATA_DIR"] / "keys").glob("*badge*")).read_bytes()
    for file in (certified, without):
        with ZipFile(file) as archive:
            assert not any(private in archive.read(name) for name in archive.namelist())
    with pytest.raises(DomainError, match="no keys in this backup"):
        restoring.check_backup(without, keys_password=PASSWORD)
    with pytest.raises(DomainError, match="does not open"):
        restoring.check_backup(certified, keys_password=b"another password")
    with ZipFile(certified) as archive:
        keys = sealed_keys.unseal_keys(archive.read("keys.sealed"), PASSWORD)
    folder = tmp_path / "new"
    paths = sealed_keys.put_keys_back(keys, folder)
    assert private in [Path(path).read_bytes() for path in paths]
    assert {Path(path).stat().st_mode & 0o777 for path in paths} == {0o600}


def test_a_short_password_and_a_file_that_is_there_are_refused(app, tmp_path):
    invoke = app.test_cli_runner().invoke
    (tmp_path / "password").write_text("short\n")
    done = invoke(office, ["backup", str(tmp_path), "--keys-password-file", str(tmp_path / "password")])
    assert (done.exit_code, "12 characters" in done.output) == (2, True)
    (tmp_path / "there.zip").write_text("an older backup")
    done = invoke(office, ["backup", str(tmp_path / "there.zip")])
    assert (done.exit_code, "never overwrites" in done.output) == (2, True)
    assert (tmp_path / "there.zip").read_text() == "an older backup"


def test_a_document_damaged_in_the_store_is_named_and_the_rest_is_backed_up(app, store, tmp_path):
    certified_cohort(2)
    key = all_certificates()[0].file_key
    path = store / key
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = app.test_cli_runner().invoke(office, ["backup", str(tmp_path / "one.zip"), "--json"])
    assert (done.exit_code, key in done.output) == (1, True)
    assert json.loads(done.output.splitlines()[0])["damaged"] == [key]


def test_the_dry_run_says_what_is_there_and_restores_nothing(app, certified):
    with unit_of_work():
        db.session.add(Person(printed_name="Still Here"))
    done = app.test_cli_runner().invoke(office, ["restore", str(certified), "--dry-run"])
    assert (done.exit_code, "The backup is whole: 3 certificates" in done.output) == (0, True)
    assert db.session.query(Person).filter_by(printed_name="Still Here").count() == 1
    assert db.session.query(Certificate).count() == 3


def test_a_full_disk_leaves_no_half_backup(app, tmp_path, monkeypatch):
    def full(_key):
        raise OSError(28, "No space left on device")

    certified_cohort(1)
    monkeypatch.setattr(documents, "open_to_read", full)
    with pytest.raises(DomainError, match="No space left"):
        back_up(tmp_path, keys_password=None)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_an_older_schema_is_brought_up_to_this_one(app, tmp_path):
    newest = state_here().revision
    try:
        downgrade(revision="0008")
        db.engine.dispose()  # as in a process that begins on the older schema
        file, manifest = back_up(tmp_path, keys_password=None)
    finally:
        upgrade()
        db.engine.dispose()
    assert manifest.register.revision == "0008" != newest
    assert restoring.restore(file, into=None).findings == []
    assert state_here().revision == newest
