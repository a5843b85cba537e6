"""Keys, status lists, baked pictures and the LinkedIn address, each beside another implementation."""

import json
import struct
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.baking import ITXT_KEYWORD_OB3, bake_png, extract_png
from openbadgeslib.ob3 import IdentityObject as TheirIdentity
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    decode_encoded_list,
    set_indices,
    verify_data_integrity_proof,
)
from openbadgeslib.ob3.contexts import load_context as their_context
from PIL import Image

from certificates import Kind, example_content
from certificates.badges import (
    Dates,
    InvalidCredential,
    InvalidKey,
    InvalidPicture,
    Issuer,
    PublicKey,
    SigningKey,
    StatusEntry,
    StatusList,
    bake,
    choose_index,
    credential_for,
    decode_status_list,
    did_document,
    encode_status_list,
    hash_identity,
    keys_of_did_document,
    linkedin_url,
    load_context,
    read_document,
    sign_credential,
    sign_status_list,
    status_list_of,
    unbake,
    verify_credential,
)
from certificates.badges.artwork import badge_png
from certificates.badges.keys import base58_decode, base58_encode, decode_multikey, moment_text

CONTEXTS = Path(__file__).parents[2] / "certificates" / "badges" / "contexts"
KEY = SigningKey.from_seed(b"k" * 32)
ISSUER = Issuer(id="did:web:gdt.example.org", name="Alibaba Global Digital Talent")
KEYS = {f"{ISSUER.id}#{KEY.multikey}": PublicKey(KEY.multikey)}
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DIGESTS = {
    "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308"
    "ab16842846f5b586d7f1f7adec92734",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "3d34f4d4ef1bce691106e63798beb5e7"
    "b862ba841423f5ee1e53ab7ddf3bca84",
}
LIST_URL = "https://gdt.example.org/status/1"


def signed_badge(kind=Kind.STUDENT):
    facts = {
        "id": "https://gdt.example.org/badges/7K3M",
        "issuer": ISSUER,
        "recipient": hash_identity("siti@example.org", "salt"),
        "achievement_id": "https://gdt.example.org/achievements/foundations",
        "status": StatusEntry(LIST_URL, 7),
    }
    return sign_credential(credential_for(example_content(kind), **facts), KEY, NOW)


# Another implementation as judge.


@pytest.mark.parametrize("kind", Kind)
def test_openbadgeslib_accepts_our_badges(kind):
    pem = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    found = OB3LdpVerifier(pubkey_pem=pem).verify(json.dumps(signed_badge(kind)), expected_recipient=None)
    assert found.achievement.name == example_content(kind).achievement


def test_openbadgeslib_accepts_our_signed_status_lists():
    facts = {"url": LIST_URL, "issuer": ISSUER, "valid_from": NOW, "valid_until": NOW.replace(day=29)}
    document = sign_status_list([7], KEY, **facts)
    pem = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    verify_data_integrity_proof(document, pem)
    document["credentialSubject"]["encodedList"] = encode_status_list(StatusList())
    with pytest.raises(OB3VerificationError):
        verify_data_integrity_proof(document, pem)


def test_the_contexts_are_those_the_world_uses():
    for url, digest in DIGESTS.items():
        shipped = [path for path in CONTEXTS.iterdir() if sha256(path.read_bytes()).hexdigest() == digest]
        assert json.loads(shipped[0].read_bytes()) == load_context(url) == their_context(url)


@settings(deadline=None, max_examples=20)
@given(st.sets(st.integers(0, 131_071), max_size=50))
def test_openbadgeslib_reads_our_status_lists(revoked):
    status = StatusList()
    for index in revoked:
        status[index] = True
    encoded = encode_status_list(status)
    assert set_indices(decode_encoded_list(encoded)) == revoked
    assert decode_status_list(encoded).bits == status.bits


def test_openbadgeslib_and_we_read_each_other_s_pictures():
    badge = json.dumps(signed_badge(), ensure_ascii=False)
    picture = badge_png(Kind.STUDENT)
    assert extract_png(bake(picture, badge), keyword=ITXT_KEYWORD_OB3) == badge
    assert unbake(bake_png(picture, badge, keyword=ITXT_KEYWORD_OB3)) == badge


def test_openbadgeslib_hashes_identities_as_we_do():
    ours = hash_identity(" Siti@Example.org ", "salt")
    assert f"sha256${ours.digest}" == TheirIdentity.create("siti@example.org", "salt").identity_hash


# Keys.


@given(st.binary(max_size=80))
def test_base58_is_read_back(data):
    assert base58_decode(base58_encode(data)) == data


def test_base58_known_values():
    assert base58_encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert base58_encode(bytes.fromhex("0000287fb4cd")) == "11233QC4"


@pytest.mark.parametrize("password", [None, b"secret"])
def test_a_key_is_read_from_pem(password):
    how = BestAvailableEncryption(password) if password else NoEncryption()
    pem = KEY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    assert SigningKey.from_pem(pem, password).multikey == KEY.multikey
    with pytest.raises(InvalidKey):
        SigningKey.from_pem(pem, b"wrong")


def test_other_keys_are_refused():
    curve = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(InvalidKey, match="not an Ed25519"):
        SigningKey.from_pem(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(InvalidKey):
        SigningKey.from_seed(b"short")
    for multikey in ("", "z", "z6Mk", KEY.multikey + "1", "u" + KEY.multikey[1:], "z0OIl", "z" + "1" * 500):
        with pytest.raises(InvalidKey):
            decode_multikey(multikey)
    with pytest.raises(InvalidKey):
        PublicKey(KEY.multikey, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        moment_text(NOW.replace(tzinfo=None))


def test_the_published_keys_hold_the_older_ones_too():
    older = PublicKey(SigningKey.from_seed(b"o" * 32).multikey, revoked_at=NOW)
    document = did_document(ISSUER.id, [PublicKey(KEY.multikey), older])
    assert document["id"] == ISSUER.id
    assert document["verificationMethod"][0]["controller"] == ISSUER.id
    assert [method["revoked"] for method in document["verificationMethod"][1:]] == ["2026-11-22T08:30:00Z"]
    assert document["assertionMethod"] == [f"{ISSUER.id}#{key}" for key in (KEY.multikey, older.multikey)]
    assert keys_of_did_document(json.loads(json.dumps(document))) == KEYS | {
        f"{ISSUER.id}#{older.multikey}": older
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("assertionMethod"),
        lambda document: document["verificationMethod"][0].update(publicKeyMultibase="z6Mk"),
        lambda document: document["verificationMethod"][0].update(
            publicKeyMultibase=SigningKey.from_seed(b"x" * 32).multikey
        ),
        lambda document: document["verificationMethod"][0].update(revoked="soon"),
        lambda document: document.update(verificationMethod=7),
    ],
)
def test_a_bent_document_of_keys_is_refused(change):
    document = did_document(ISSUER.id, [PublicKey(KEY.multikey)])
    change(document)
    with pytest.raises(InvalidKey):
        keys_of_did_document(document)


# Status lists.


def test_a_status_list_is_a_signed_credential():
    facts = {"url": LIST_URL, "issuer": ISSUER, "valid_from": NOW, "valid_until": NOW.replace(day=29)}
    document = read_document(json.dumps(sign_status_list([7, 131_071], KEY, **facts)))
    verdict = verify_credential(document, KEYS, NOW)
    assert verdict.is_ours
    assert verify_credential(document, KEYS, NOW.replace(month=12)).dates == Dates.OVER
    status = status_list_of(document)
    assert (len(status), status[7], status[8], status[131_071]) == (131_072, True, False, True)
    document["credentialSubject"]["encodedList"] = encode_status_list(StatusList())
    assert not verify_credential(document, KEYS, NOW).unaltered
    with pytest.raises(InvalidCredential):
        status_list_of(signed_badge())


def test_a_bit_is_set_and_cleared_from_the_left():
    status = StatusList()
    status[1] = True
    assert status.bits[0] == 0b0100_0000
    status[1] = False
    assert not any(status.bits)
    for index in (-1, 131_072):
        with pytest.raises(IndexError):
            status[index] = True


@pytest.mark.parametrize("size", [0, 131_064, 131_073, 1 << 26])
def test_a_list_too_small_to_hide_in_is_refused(size):
    with pytest.raises(ValueError, match="bits"):
        StatusList(size)


def gzipped(data):
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return packer.compress(data) + packer.flush()


def test_a_bent_list_is_refused():
    good = encode_status_list(StatusList())
    bomb = StatusList.__new__(StatusList)
    bomb.bits = bytearray(1 << 23)
    tiny = StatusList.__new__(StatusList)
    tiny.bits = bytearray(8)
    for encoded in (
        "",
        good[1:],
        "z" + good[1:],
        good[:-9],
        good + "AAAA",
        "u!",
        encode_status_list(bomb),
        encode_status_list(tiny),
    ):
        with pytest.raises(ValueError, match="status list"):
            decode_status_list(encoded)


def test_a_free_index_is_chosen_at_random():
    taken = set(range(1, 1000))
    found = {choose_index(taken) for _ in range(50)}
    assert len(found) > 40
    assert not found & taken
    assert all(0 <= index < 131_072 for index in found)
    with pytest.raises(ValueError, match="full"):
        choose_index(range(98_304))


# Pictures.


def test_a_badge_rides_in_one_plain_chunk_and_replaces_an_older_one():
    baked = bake(bake(badge_png(Kind.AWARD), "{}"), '{"name": "Đề"}')
    assert unbake(baked) == '{"name": "Đề"}'
    assert baked.count(b"openbadgecredential") == 1
    assert b'iTXtopenbadgecredential\0\0\0\0\0{"name"' in baked


def png(*chunks):
    parts = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


SMALL = png((b"IHDR", bytes(13)), (b"IDAT", b"pixels"), (b"IEND", b""))
KEYWORD = b"openbadgecredential\0"


@pytest.mark.parametrize(
    ("picture", "named"),
    [
        (b"GIF89a", "not a PNG"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (png((b"IHDR", b"")), "damaged"),
        (png((b"IEND", b"")), "no badges"),
        (png((b"IEND", b"")) + b"more", "behind the end"),
        (png((b"iTXt", KEYWORD + bytes(4) + b"{}"), (b"IEND", b""))[:-20], "damaged"),
        (png(*[(b"iTXt", KEYWORD + bytes(4) + b"{}")] * 2, (b"IEND", b"")), "2 badges"),
        (png((b"iTXt", KEYWORD + b"\x01\0\0\0" + zlib.compress(b"{}")), (b"IEND", b"")), "compressed"),
        (png((b"iTXt", KEYWORD + bytes(4) + b"\xff"), (b"IEND", b"")), "UTF-8"),
    ],
)
def test_a_picture_without_a_sound_badge_is_refused(picture, named):
    with pytest.raises(InvalidPicture, match=named):
        unbake(picture)


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_no_flipped_bit_of_a_picture_goes_unnoticed(data):
    text = json.dumps(signed_badge())
    picture = bytearray(bake(SMALL, text))
    place = data.draw(st.integers(0, len(picture) * 8 - 1))
    picture[place // 8] ^= 1 << place % 8
    with pytest.raises(InvalidPicture):
        unbake(bytes(picture))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_picture_of_its_own(kind, tmp_path):
    (tmp_path / "badge.png").write_bytes(badge_png(kind))
    with Image.open(tmp_path / "badge.png") as picture:
        picture.load()
        assert (picture.size, picture.format) == ((512, 512), "PNG")
        assert picture.convert("RGBA").getpixel((1, 1))[3] == 0
        assert picture.convert("RGBA").getpixel((256, 500))[3] > 250
    assert len(badge_png(kind)) < 150_000
    assert len({badge_png(other) for other in Kind}) == len(Kind)


# LinkedIn.


def test_linkedin_s_form_opens_filled_in():
    url = linkedin_url(example_content(Kind.TEACHER), organization_name="Alibaba & Friends")
    assert url.startswith("https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=")
    assert parse_qs(urlsplit(url).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Teacher Certificate: Digital Commerce and New Retail"],
        "organizationName": ["Alibaba & Friends"],
        "issueYear": ["2026"],
        "issueMonth": ["11"],
        "expirationYear": ["2029"],
        "expirationMonth": ["11"],
        "certUrl": ["https://gdt.example.org/verify/7K3M9QXR2TBW5HNC8DVF4GZJPA"],
        "certId": ["GDT-2026-000123"],
    }
    short = linkedin_url(example_content(Kind.STUDENT), organization_id=1234)
    assert "organizationId=1234" in short
    assert "expiration" not in short
    with pytest.raises(ValueError, match="LinkedIn"):
        linkedin_url(example_content(Kind.STUDENT))
