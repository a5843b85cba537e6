import copy
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from certificates import Kind, example_content
from certificates.badges import (
    Achievement,
    Credential,
    Dates,
    HashedIdentity,
    InvalidCredential,
    Issuer,
    PublicKey,
    SigningKey,
    StatusEntry,
    UnknownContext,
    credential_document,
    credential_for,
    hash_identity,
    load_context,
    read_document,
    sign_credential,
    sign_document,
    verify_credential,
)
from certificates.badges.canonical import canonical
from certificates.badges.proofs import proof_hash
from certificates.badges.shapes import BADGE, PROOF

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
VECTOR = {
    "@context": CONTEXTS,
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": "https://example.edu/issuers/565049",
        "type": ["Profile"],
        "url": "https://www.imsglobal.org",
        "name": "Example Corp",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon "
                "review by Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a "
            "group environment.",
            "name": "Teamwork",
        },
    },
}
SEED = bytes.fromhex("6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4")
KEY = SigningKey.from_seed(SEED)
ISSUER = Issuer(
    id="did:web:gdt.example.org", name="Alibaba Global Digital Talent", url="https://gdt.example.org"
)
KEYS = {f"{ISSUER.id}#{KEY.multikey}": PublicKey(KEY.multikey)}
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def badge(**changes):
    facts = {
        "id": "https://gdt.example.org/badges/7K3M9QXR2TBW5HNC8DVF4GZJPA",
        "issuer": ISSUER,
        "recipient": hash_identity("tuyet@example.org", "c2FsdA"),
        "achievement_id": "https://gdt.example.org/achievements/digital-commerce",
        "image": "https://gdt.example.org/badges/teacher.png",
        "status": StatusEntry("https://gdt.example.org/status/1", 94567),
    }
    return credential_for(example_content(Kind.TEACHER), **facts | changes)


def by_the_book(document):
    """Canonical N-Quads from a full JSON-LD processor."""

    def shipped(url, _options):
        return {"contextUrl": None, "documentUrl": url, "document": load_context(url), "tag": "static"}

    how = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": shipped}
    return jsonld.normalize(copy.deepcopy(document), how).encode()


def content_of(document):
    return {name: value for name, value in document.items() if name not in ("@context", "proof")}


def test_the_specification_s_vector_is_reproduced_byte_for_byte():
    signed = sign_document(VECTOR, KEY, datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC))
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    proof, document = proof_hash(VECTOR, options)[:32], proof_hash(VECTOR, options)[32:]
    assert document.hex() == "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
    assert proof.hex() == "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
    assert signed["proof"] == {
        "type": "DataIntegrityProof",
        "created": "2010-01-01T19:23:24Z",
        "verificationMethod": "https://example.edu/issuers/565049"
        "#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "proofValue": "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gk"
        "zQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr",
    }
    assert verify_credential(signed, {}).unaltered


text = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufffe\uffff"), min_size=1
)
hosts = st.from_regex(
    r"[a-z]{1,12}\.[a-z]{2,5}(/[A-Za-z0-9._~%:?=&;@!$'()*+,-]{0,12}){0,3}(#[a-z0-9]{1,4})?", fullmatch=True
)
addresses = st.builds("{}{}".format, st.sampled_from(["https://", "http://", "urn:uuid:", "did:web:"]), hosts)
moments = st.integers(0, 7_000_000_000).map(lambda s: datetime.fromtimestamp(s, timezone(timedelta(hours=8))))


@st.composite
def credentials(draw):
    ids = draw(st.lists(addresses, min_size=5, max_size=5, unique=True))
    identity = st.builds(
        HashedIdentity,
        st.from_regex("[0-9a-f]{64}", fullmatch=True),
        text,
        st.sampled_from(["emailAddress", "name"]),
    )
    return Credential(
        id=ids[0],
        kind=draw(st.sampled_from(Kind)),
        issuer=Issuer(id=f"did:web:{draw(hosts)}:x", name=draw(text), url=draw(st.none() | addresses)),
        name=draw(text),
        recipient=draw(st.just(ids[1]) | identity),
        achievement=Achievement(
            id=ids[2],
            name=draw(text),
            description=draw(text),
            criteria=draw(text),
            image=draw(st.none() | st.just(ids[3])),
        ),
        valid_from=draw(moments),
        valid_until=draw(st.none() | st.just(datetime(2300, 1, 1, tzinfo=UTC))),
        awarded_at=draw(st.none() | moments),
        number=draw(st.none() | text),
        status=draw(st.none() | st.builds(StatusEntry, st.just(ids[4]), st.integers(0, 200_000))),
    )


@settings(deadline=None, max_examples=150)
@given(credentials())
def test_our_canonical_form_is_that_of_a_full_processor(credential):
    document = credential_document(credential)
    assert canonical(content_of(document), BADGE) == by_the_book(document)


@settings(deadline=None, max_examples=30)
@given(moments, addresses, st.sampled_from([CONTEXTS, CONTEXTS[:1]]))
def test_so_is_that_of_the_proof_options(created, method, contexts):
    options = {
        "type": "DataIntegrityProof",
        "created": created.isoformat(timespec="seconds"),
        "verificationMethod": method,
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    assert canonical(options, PROOF) == by_the_book({"@context": contexts, **options})


def test_a_signed_badge_gives_four_separate_answers():
    signed = read_document(json.dumps(sign_credential(badge(), KEY, NOW)))
    verdict = verify_credential(signed, KEYS, NOW)
    assert (verdict.unaltered, verdict.key, verdict.dates) == (True, PublicKey(KEY.multikey), Dates.CURRENT)
    assert verdict.status == StatusEntry("https://gdt.example.org/status/1", 94567)
    assert verdict.is_ours
    assert verify_credential(signed, KEYS, datetime(2026, 11, 20, tzinfo=UTC)).dates == Dates.NOT_YET
    assert (
        verify_credential(signed, KEYS, datetime(2029, 11, 20, 23, 59, 59, tzinfo=UTC)).dates == Dates.CURRENT
    )
    assert verify_credential(signed, KEYS, datetime(2029, 11, 21, tzinfo=UTC)).dates == Dates.OVER


def test_somebody_else_s_badge_is_unaltered_but_not_ours():
    forged = sign_credential(badge(), SigningKey.from_seed(b"f" * 32), NOW)
    verdict = verify_credential(forged, KEYS, NOW)
    assert (verdict.unaltered, verdict.key, verdict.is_ours) == (True, None, False)


def test_a_rotated_key_goes_on_proving_and_a_stolen_one_says_since_when():
    later = SigningKey.from_seed(b"n" * 32)
    stolen = PublicKey(KEY.multikey, revoked_at=NOW)
    keys = {f"{ISSUER.id}#{key.multikey}": key for key in (stolen, PublicKey(later.multikey))}
    verdict = verify_credential(sign_credential(badge(), KEY, NOW), keys, NOW)
    assert verdict.key is not None
    assert verdict.key.revoked_at == NOW


def places(part, path=()):
    """Every path to a JSON object in a document, and to a text in one."""
    if isinstance(part, dict):
        yield path, "object"
        for name, value in part.items():
            yield from places(value, (*path, name))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from places(value, (*path, index))
    else:
        yield path, "value"


SIGNED = sign_credential(badge(), KEY, NOW)
PLACES = list(places(SIGNED))


def at(document, path):
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("path", [path for path, kind in PLACES if kind == "object"], ids=str)
@pytest.mark.parametrize("member", ["note", "image", "@id", "@context", "proof", "evidence"])
def test_a_member_added_anywhere_is_refused(path, member):
    changed = copy.deepcopy(SIGNED)
    if member in at(changed, path):
        return
    at(changed, path)[member] = "https://example.org/added"
    verdict = verify_credential(changed, KEYS, NOW)
    assert not verdict.unaltered
    assert verdict.problem


@pytest.mark.parametrize("path", [path for path, kind in PLACES if kind == "value"], ids=str)
def test_a_change_of_any_value_is_found(path):
    *way, last = path
    values = [
        "Somebody else",
        "https://example.org/other",
        "2031-01-01T00:00:00Z",
        "7",
        "",
        None,
        False,
        1,
        [],
        {},
    ]
    old = at(SIGNED, path)
    if isinstance(old, str):
        values += [old + " ", old.swapcase(), old[:-1], old + "\n", [old]]
    for value in values:
        changed = copy.deepcopy(SIGNED)
        at(changed, way)[last] = value
        if value != old:
            assert not verify_credential(changed, KEYS, NOW).is_ours, value
    changed = copy.deepcopy(SIGNED)
    del at(changed, way)[last]
    assert not verify_credential(changed, KEYS, NOW).unaltered


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("@context",), [*CONTEXTS, "https://example.org/more"], "@context"),
        (("@context",), CONTEXTS[::-1], "@context"),
        (("credentialSubject", "achievement", "id"), SIGNED["id"], "same id"),
        (("credentialSubject", "identifier"), [], "identifier"),
        (("credentialSubject", "identifier"), SIGNED["credentialSubject"]["identifier"] * 2, "identifier"),
        (("proof", "verificationMethod"), f"did:web:evil.example#{KEY.multikey}", "somebody else"),
        (("proof", "verificationMethod"), f"{ISSUER.id}#zNoKey0", "base58btc"),
        (("proof", "proofValue"), "z1" + SIGNED["proof"]["proofValue"][1:], "64 bytes"),
        (("proof",), None, "no proof"),
    ],
)
def test_the_verdict_says_what_is_wrong(path, value, named):
    changed = copy.deepcopy(SIGNED)
    at(changed, path[:-1])[path[-1]] = value
    assert named in verify_credential(changed, KEYS, NOW).problem


DEEP = json.loads("[" * 900 + "]" * 900)


@pytest.mark.parametrize("member", ["name", "issuer", "type", "@context", "proof", "credentialSubject"])
def test_a_very_deep_document_gets_a_verdict_too(member):
    assert not verify_credential(SIGNED | {member: DEEP}, KEYS, NOW).unaltered
    assert not verify_credential(SIGNED | {member: {"id": DEEP}}, KEYS, NOW).unaltered


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_flipped_bit_of_a_badge_s_text_goes_unnoticed(data):
    text = bytearray(json.dumps(SIGNED).encode())
    place = data.draw(st.integers(0, len(text) * 8 - 1))
    text[place // 8] ^= 1 << place % 8
    try:
        found = read_document(bytes(text))
    except InvalidCredential:
        return
    assert found == SIGNED or not verify_credential(found, KEYS, NOW).is_ours


@settings(deadline=None, max_examples=150)
@given(credentials(), credentials())
def test_different_facts_never_have_one_canonical_form(one, other):
    first, second = (content_of(credential_document(credential)) for credential in (one, other))
    assert (canonical(first, BADGE) == canonical(second, BADGE)) == (first == second)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000, b" " * 5_000_000])
def test_what_is_not_a_credential_s_json_is_refused(data):
    with pytest.raises(InvalidCredential):
        read_document(data)


@pytest.mark.parametrize(
    "document", [{}, {"type": 7}, {"type": ["VerifiableCredential", "OpenBadgeCredential"]}]
)
def test_odd_documents_get_a_verdict_too(document):
    assert not verify_credential(document | {"proof": {}}, KEYS).unaltered


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "badge 7"},
        {"issuer": Issuer(id="https://gdt.example.org", name="GDT")},
        {"recipient": "tuyet@example.org"},
        {"achievement_id": "https://gdt.example.org/badges/7K3M9QXR2TBW5HNC8DVF4GZJPA"},
        {"recipient": HashedIdentity("abc", "salt")},
        {"status": StatusEntry("ftp://gdt.example.org", 1)},
        {"status": StatusEntry("https://gdt.example.org/status/1", -1)},
    ],
)
def test_a_bad_fact_is_refused_when_issuing(changes):
    with pytest.raises(InvalidCredential):
        sign_credential(badge(**changes), KEY, NOW)


def test_a_signed_document_is_not_signed_again():
    with pytest.raises(InvalidCredential, match="already"):
        sign_document(SIGNED, KEY, NOW)


@pytest.mark.parametrize(
    "url", ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/v2", ""]
)
def test_other_contexts_are_refused_not_fetched(url):
    with pytest.raises(UnknownContext):
        load_context(url)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_achievement_type(kind):
    content = example_content(kind)
    facts = {
        "id": "urn:uuid:1",
        "issuer": ISSUER,
        "recipient": hash_identity(content.printed_name, "salt", "name"),
        "achievement_id": "urn:uuid:2",
    }
    document = credential_document(credential_for(content, **facts))
    assert document["credentialSubject"]["achievement"]["achievementType"] in {
        "Certification",
        "CertificateOfCompletion",
        "Award",
        "Membership",
    }
    assert content.printed_name not in json.dumps(document, ensure_ascii=False)
