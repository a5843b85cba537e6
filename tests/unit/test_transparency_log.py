import base64
import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import Kind, example_content
from certificates.badges import PublicKey, SigningKey
from certificates.badges.keys import encode_multikey, is_signed_by
from certificates.log import (
    Entry,
    Event,
    Head,
    InvalidLog,
    commit_to,
    decode_entry,
    encode_entry,
    head_of,
    note_key_id,
    read_head,
    recompute,
    sign_head,
    trusted,
)
from certificates.merkle import Tree, leaf_hash

KEY = SigningKey.from_seed(b"k" * 32)
PUBLIC = PublicKey(KEY.multikey)
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ENTRY = Entry(
    event=Event.ISSUED,
    number="GDT-2026-000123",
    file="ab" * 32,
    commitment="cd" * 32,
    design="teacher-1",
    key=KEY.multikey,
    at=NOW,
)

words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def entries(draw):
    event = draw(st.sampled_from(Event))
    return Entry(
        event=event,
        number=draw(words),
        file=draw(digests),
        commitment=draw(digests),
        design=draw(words),
        key=encode_multikey(draw(st.binary(min_size=32, max_size=32))),
        at=NOW + timedelta(seconds=draw(st.integers(-(10**9), 10**9))),
        badge=draw(st.none() | digests),
        successor=draw(words) if event is Event.REPLACED else None,
    )


def test_an_entry_is_written_in_one_way_only():
    assert encode_entry(ENTRY) == (
        b'{"at":"2026-11-22T08:30:00Z","commitment":"'
        + b"cd" * 32
        + b'","design":"teacher-1","event":"issued",'
        b'"file":"'
        + b"ab" * 32
        + b'","key":"'
        + KEY.multikey.encode()
        + b'","number":"GDT-2026-000123","v":1}'
    )


@given(entries())
def test_every_entry_is_read_back(entry):
    leaf = encode_entry(entry)
    assert decode_entry(leaf) == entry
    assert b"\n" not in leaf


@pytest.mark.parametrize(
    "respell",
    [
        lambda facts: json.dumps(facts, sort_keys=True),
        lambda facts: json.dumps(dict(reversed(facts.items())), separators=(",", ":")),
        lambda facts: json.dumps(facts | {"v": 2}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"v": True}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"name": "Ana"}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(
            facts | {"at": "2026-11-22T08:30:00+00:00"}, sort_keys=True, separators=(",", ":")
        ),
        lambda facts: json.dumps(facts | {"event": "lost"}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"event": "replaced"}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"key": "z6Mk"}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"file": "AB" * 32}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"badge": None}, sort_keys=True, separators=(",", ":")),
        lambda facts: json.dumps(facts | {"badge": "ab"}, sort_keys=True, separators=(",", ":")),
        lambda _facts: "[1]",
        lambda _facts: "{",
        lambda _facts: "[" * 100_000,
    ],
)
def test_any_other_spelling_is_refused(respell):
    with pytest.raises(InvalidLog):
        decode_entry(respell(json.loads(encode_entry(ENTRY))).encode())


@pytest.mark.parametrize("at", [NOW.replace(tzinfo=None), NOW.replace(microsecond=5)])
def test_a_moment_has_a_zone_and_whole_seconds(at):
    with pytest.raises(InvalidLog):
        dataclasses.replace(ENTRY, at=at)


def test_the_commitment_depends_on_every_fact_and_on_the_salt():
    content = example_content(Kind.TEACHER)
    first = commit_to(content, b"s" * 32)
    assert first == commit_to(content, b"s" * 32)
    assert first != commit_to(content, b"t" * 32)
    assert first != commit_to(dataclasses.replace(content, printed_name="Somebody Else"), b"s" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        commit_to(content, b"short")


def test_a_signed_head_is_read_back_and_its_bending_refused():
    tree = Tree([leaf_hash(encode_entry(ENTRY))])
    head = head_of("gdt.example.org/log", tree, NOW)
    note = sign_head(head, KEY)
    assert read_head(note, [PublicKey(SigningKey.from_seed(b"o" * 32).multikey), PUBLIC]) == head
    for place in range(len(note)):
        bent = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
        if bent.split()[-2] == head.origin:
            with pytest.raises(InvalidLog):
                read_head(bent, [PUBLIC])
    for bent in ("", note + note, note[:-1], note.replace("\n\n", "\n"), "\n" + note):
        with pytest.raises(InvalidLog):
            read_head(bent, [PUBLIC])
    with pytest.raises(InvalidLog, match="No known key"):
        read_head(note, [])


def test_a_head_signed_with_a_stolen_key_counts_only_before_the_theft():
    note = sign_head(Head("gdt.example.org/log", 0, Tree().root(), NOW), KEY)
    assert read_head(note, [PublicKey(KEY.multikey, NOW + timedelta(days=1))]).at == NOW
    with pytest.raises(InvalidLog):
        read_head(note, [PublicKey(KEY.multikey, NOW)])


@pytest.mark.parametrize(
    "text", ["a\n1\n", "a\n-1\nAA==\n2026-11-22T08:30:00Z\n", "a\n1\n!\n2026-11-22T08:30:00Z\n"]
)
def test_a_signed_text_that_is_no_head_is_refused(text):
    mark = base64.b64encode(note_key_id("a", KEY.multikey) + KEY.sign(text.encode())).decode()
    with pytest.raises(InvalidLog):
        read_head(f"{text}\n— a {mark}\n", [PUBLIC])


def test_a_head_without_a_plain_origin_is_not_written():
    with pytest.raises(InvalidLog):
        sign_head(Head("GDT Log\n", 0, Tree().root(), NOW), KEY)


def test_our_notes_are_those_of_the_go_checksum_database():
    name, public = "PeterNeumann", base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    text = "If you think cryptography is the answer to your problem,\n"
    text += "then you don't know what your problem is.\n"
    mark = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    signature = base64.b64decode(mark)
    assert note_key_id(name, encode_multikey(public)) == signature[:4] == bytes.fromhex("c74f20a3")
    assert is_signed_by(encode_multikey(public), signature[4:], text.encode())


def history(count):
    return [
        dataclasses.replace(ENTRY, number=f"GDT-2026-{place:06d}", at=NOW + timedelta(seconds=place))
        for place in range(count)
    ]


def test_recomputing_gives_the_signed_root_and_finds_what_was_changed():
    leaves = [encode_entry(entry) for entry in history(20)]
    root = recompute(leaves).root()
    assert root == Tree(map(leaf_hash, leaves)).root()
    for place, leaf in enumerate(leaves):
        other = [*leaves]
        other[place] = leaf.replace(b"abab", b"abac", 1)
        assert recompute(other).root() != root
        assert recompute(leaves[:place] + leaves[place + 1 :]).root() != root
        assert recompute([*leaves, leaves[-1]]).root() != root
    with pytest.raises(InvalidLog, match="Leaf 1: its time"):
        recompute([leaves[3], leaves[2]])
    with pytest.raises(InvalidLog, match="Leaf 1: This is not"):
        recompute([leaves[3], b"{}"])


def test_after_three_rotations_only_what_the_log_shows_before_a_theft_is_trusted():
    keys = [SigningKey.from_seed(bytes([place]) * 32).multikey for place in range(4)]
    stolen_at = NOW + timedelta(seconds=150)
    known = {key: PublicKey(key, stolen_at if place == 1 else None) for place, key in enumerate(keys)}
    log = [dataclasses.replace(e, key=keys[min(place // 100, 3)]) for place, e in enumerate(history(300))]
    forged = [dataclasses.replace(e, key=keys[1], at=stolen_at) for e in history(100)]
    assert [entry for entry in log if not trusted(entry, known)] == log[150:200]
    assert not any(trusted(entry, known) for entry in forged)
    assert not trusted(ENTRY, known)
