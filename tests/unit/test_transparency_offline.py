import copy
import dataclasses
import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from certificates import Kind, example_content, render_certificate
from certificates.badges import (
    Issuer,
    PublicKey,
    SigningKey,
    StatusEntry,
    badge_digest,
    bake,
    credential_for,
    did_document,
    hash_identity,
    sign_credential,
    sign_status_list,
)
from certificates.badges.artwork import badge_png
from certificates.log import Entry, Event, commit_to, encode_entry, head_of, sign_head
from certificates.merkle import Tree, leaf_hash
from certificates.offline import bundle_files

KEY, OLD, STRANGER = (SigningKey.from_seed(letter * 32) for letter in (b"k", b"o", b"s"))
ISSUER = Issuer(
    id="did:web:gdt.example.org", name="Alibaba Global Digital Talent", url="https://gdt.example.org"
)
NOW = datetime.now(UTC).replace(microsecond=0)
ISSUED = NOW - timedelta(days=30)
LIST_URL = "https://gdt.example.org/status/1"
PEOPLE = ["valid", "revoked", "replaced", "expired"]


def content_of(place):
    content = example_content(Kind.TEACHER)
    issued, until = ISSUED.date(), (NOW + timedelta(days=900)).date()
    if PEOPLE[place] == "expired":
        issued, until = issued - timedelta(days=900), issued
    number = f"GDT-2026-{place:06d}"
    return dataclasses.replace(content, number=number, issued_on=issued, valid_until=until)


def badge_of(place, key=OLD, email="tuyet@example.org"):
    facts = {
        "id": f"https://gdt.example.org/badges/{place}",
        "issuer": ISSUER,
        "recipient": hash_identity(email, "c2FsdA"),
        "achievement_id": "https://gdt.example.org/achievements/digital-commerce",
        "image": "https://gdt.example.org/badges/teacher.png",
        "status": StatusEntry(LIST_URL, 1000 + place),
    }
    return sign_credential(credential_for(content_of(place), **facts), key, ISSUED)


PDFS = [render_certificate(content_of(place)) for place in range(len(PEOPLE))]
BADGES = [badge_of(place) for place in range(len(PEOPLE))]


def entry(place, event, at, **more):
    return Entry(
        event=event,
        number=content_of(place).number,
        file=hashlib.sha256(PDFS[place]).hexdigest(),
        commitment=commit_to(content_of(place), bytes([place]) * 32),
        design="teacher-1",
        key=(OLD if event is Event.ISSUED else KEY).multikey,
        at=at,
        badge=badge_digest(BADGES[place]),
        **more,
    )


def bundle(folder, old_key_stolen_at=None, more=()):
    """Write the bundle of a register that rotated its key after issuing four certificates."""
    entries = [entry(place, Event.ISSUED, ISSUED) for place in range(len(PEOPLE))]
    entries.append(entry(1, Event.REVOKED, NOW))
    entries.append(entry(2, Event.REPLACED, NOW, successor="GDT-2026-000009"))
    leaves = [encode_entry(found) for found in [*entries, *more]]
    head = sign_head(head_of("gdt.example.org/log", Tree(map(leaf_hash, leaves)), NOW), KEY)
    keys = did_document(ISSUER.id, [PublicKey(KEY.multikey), PublicKey(OLD.multikey, old_key_stolen_at)])
    facts = {"url": LIST_URL, "issuer": ISSUER, "valid_from": NOW, "valid_until": NOW + timedelta(days=7)}
    status = sign_status_list([1001], KEY, **facts)
    for name, data in bundle_files(keys, [status], head, leaves).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def folder(tmp_path):
    return bundle(tmp_path)


def check(folder, data):
    """Run the bundle's own script on a file; return its exit code and what it says."""
    (folder / "given").write_bytes(data)
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder / "given")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def as_json(document):
    return json.dumps(document, ensure_ascii=False).encode()


def test_a_good_certificate_and_its_badge_are_good_all_round(folder):
    baked = bake(badge_png(Kind.TEACHER), as_json(BADGES[0]).decode())
    for data in (PDFS[0], as_json(BADGES[0]), baked):
        code, said = check(folder, data)
        assert code == 0, said
        assert "gdt.example.org/log holds 6 entries" in said
        assert "NO" not in said


@pytest.mark.parametrize(
    ("place", "as_badge", "named"),
    [
        (1, False, "neither revoked nor replaced"),
        (1, True, "not revoked in the status list"),
        (2, False, "neither revoked nor replaced"),
        (2, True, "neither revoked nor replaced"),
        (3, True, "in its dates"),
    ],
)
def test_what_is_over_is_told(folder, place, as_badge, named):
    code, said = check(folder, as_json(BADGES[place]) if as_badge else PDFS[place])
    assert code == 1
    assert f"NO   {named}" in said
    assert "yes  issued by us, as the log shows" in said


@pytest.mark.parametrize(
    "change", [lambda f: f + b"\n", lambda f: f[:-1], lambda f: f.replace(b"PDF-1.7", b"PDF-1.6")]
)
def test_an_altered_file_is_not_ours(folder, change):
    assert check(folder, change(PDFS[0]))[0] == 1


def changed(**members):
    return {**copy.deepcopy(BADGES[0]), **members}


@pytest.mark.parametrize(
    "data",
    [
        as_json(changed(name="Professor")),
        as_json(changed(note="added")),
        as_json(changed(note=[])),
        as_json(changed(note={})),
        as_json(changed(id=BADGES[0]["issuer"]["id"])),
        as_json(changed(id='https://x.org> <a:b> "c" .\n<d:e')),
        as_json(changed(issuer=BADGES[0]["issuer"] | {"id": "did:web:evil.example"})),
        as_json(changed(proof=BADGES[0]["proof"] | {"@context": "https://www.w3.org/ns/credentials/v2"})),
        as_json(changed(proof=BADGES[0]["proof"] | {"created": "2020-01-01T00:00:00Z"})),
        as_json(changed(proof={})),
        as_json(badge_of(0, STRANGER)),
        as_json(badge_of(0, OLD, "thief@example.org")),
        as_json(BADGES[0]) + b"}",
        b"\x89PNG\r\n\x1a\n",
        b"[]",
        b"",
    ],
)
def test_an_altered_or_forged_badge_is_not_ours(folder, data):
    code, said = check(folder, data)
    assert code == 1, said


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("leaves.txt", b'"event":"revoked"', b'"event":"issued"'),
        ("leaves.txt", b"GDT-2026-000001", b"GDT-2026-000008"),
        ("head.txt", b"\n6\n", b"\n5\n"),
        ("did.json", KEY.multikey.encode(), STRANGER.multikey.encode()),
        ("status-1.json", b'"statusPurpose"', b'"note": "x", "statusPurpose"'),
        ("head.txt", b"\n\n", b"\n"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_told(folder, name, old, new):
    data = (folder / name).read_bytes()
    assert old in data
    (folder / name).write_bytes(data.replace(old, new))
    given = as_json(BADGES[1]) if name == "status-1.json" else PDFS[1]
    code, said = check(folder, given)
    assert code == 1, said


def test_a_stolen_key_counts_only_for_what_the_log_shows_before(tmp_path):
    thief = dataclasses.replace(
        entry(0, Event.ISSUED, NOW), number="GDT-2026-000066", file="66" * 32, badge="66" * 32
    )
    folder = bundle(tmp_path, old_key_stolen_at=NOW - timedelta(days=1), more=[thief])
    assert check(folder, PDFS[0])[0] == 0
    assert check(folder, as_json(BADGES[0]))[0] == 0
    assert check(folder, as_json(badge_of(0, OLD, "thief@example.org")))[0] == 1
    folder = bundle(tmp_path, old_key_stolen_at=ISSUED)
    assert check(folder, PDFS[0])[0] == 1


def test_what_was_published_is_known_by_its_file_and_a_changed_one_is_not(tmp_path):
    summary = b"%PDF-1.7 the annual summary of 2025"
    published = Entry(
        event=Event.PUBLISHED,
        number="GDT-SUMMARY-2025",
        file=hashlib.sha256(summary).hexdigest(),
        commitment="7" * 64,
        design="annual-summary-1",
        key=KEY.multikey,
        at=NOW,
    )
    folder = bundle(tmp_path, more=[published])
    code, said = check(folder, summary)
    assert code == 0, said
    assert check(folder, summary + b" ")[0] == 1


def test_the_script_stays_short_and_needs_nothing_of_ours(folder):
    script = (folder / "verify.py").read_text()
    assert len(script.splitlines()) <= 150
    assert "import certificates" not in script
    assert "from certificates" not in script
    done = subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "python verify.py FILE" in done.stderr


def test_the_command_line_says_the_same_of_a_file_and_a_bundle(folder):
    def verify(data, *more):
        (folder / "given").write_bytes(data)
        command = [sys.executable, "-m", "certificates", "verify", str(folder / "given"), *map(str, more)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        return done.returncode, done.stdout + done.stderr

    for data in (PDFS[0], as_json(BADGES[0])):
        code, said = verify(data, "--bundle", folder)
        assert (code, "issued by us, as the log shows: yes" in said) == (0, True), said
    code, said = verify(PDFS[1], "--bundle", folder)
    assert (code, "neither revoked nor replaced: NO" in said) == (1, True)
    code, said = verify(PDFS[0] + b"\n", "--bundle", folder)
    assert (code, "issued by us, as the log shows: NO" in said) == (1, True)
    code, said = verify(PDFS[0])
    assert (code, "give --bundle FOLDER, or use inspect" in said) == (2, True)
    for broken in (folder / "nowhere", folder.parent):
        assert verify(PDFS[0], "--bundle", broken)[0] == 2
