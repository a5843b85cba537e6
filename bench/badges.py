"""Badges per CPU second: our canonical form beside a full JSON-LD processor with the contexts in memory."""

import copy
import hashlib
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from pyld import jsonld

from certificates.badges import (
    Credential,
    Issuer,
    PublicKey,
    SigningKey,
    StatusEntry,
    credential_document,
    credential_for,
    hash_identity,
    load_context,
    sign_credential,
    verify_credential,
)
from certificates.badges.keys import base58_decode, base58_encode, is_signed_by, moment_text
from certificates.content import Kind
from certificates.examples import example_content
from certificates.merkle import Tree, leaf_hash

ROUNDS, OURS, THEIRS, LEAVES = 7, 200, 8, 20_000
_ISSUER = Issuer(
    id="did:web:gdt.example.org", name="Alibaba Global Digital Talent", url="https://gdt.example.org"
)
_KEY = SigningKey.from_seed(hashlib.sha256(b"bench").digest())
_KEYS = {f"{_ISSUER.id}#{_KEY.multikey}": PublicKey(_KEY.multikey)}
_NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; ratio above 1 is better.

    Rates are medians of interleaved rounds in CPU seconds of one core. Every badge has an id, holder, number
    and status index of its own. The peer makes and checks the very same proof.
    """
    badges = _badges()
    rates: dict[str, list[float]] = {name: [] for name in ("sign", "their sign", "verify", "their verify")}
    tree, bare = [], []
    for credential in (next(badges) for _ in range(20)):  # both start warm
        assert sign_credential(credential, _KEY, _NOW) == _sign_with_pyld(credential)
    for _round in range(ROUNDS):
        batch = [next(badges) for _ in range(OURS)]
        signed = [sign_credential(credential, _KEY, _NOW) for credential in batch]
        rates["sign"].append(_rate(lambda badge: sign_credential(badge, _KEY, _NOW), batch))
        rates["their sign"].append(_rate(_sign_with_pyld, batch[:THEIRS]))
        rates["verify"].append(_rate(lambda document: verify_credential(document, _KEYS, _NOW), signed))
        rates["their verify"].append(_rate(_verify_with_pyld, signed[:THEIRS]))
        leaves = [place.to_bytes(400) for place in range(LEAVES)]
        tree.append(_rate(lambda part: Tree(map(leaf_hash, part)).root(), [leaves]) * LEAVES)
        bare.append(
            _rate(lambda part: [hashlib.sha256(leaf[:65]) for leaf in part], [leaves + leaves]) * LEAVES
        )
    peer = "PyLD, contexts in memory"
    middle = {name: statistics.median(found) for name, found in rates.items()}
    return [
        _figure("badges signed per CPU second", middle["sign"], "badges/s", peer, middle["their sign"]),
        _figure("badges verified per CPU second", middle["verify"], "badges/s", peer, middle["their verify"]),
        _figure(
            "entries appended to the log per CPU second",
            statistics.median(tree),
            "entries/s",
            "two bare SHA-256 each (the limit)",
            statistics.median(bare),
        ),
    ]


def _figure(name: str, value: float, unit: str, peer: str, peer_value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 1),
        "ratio": round(value / peer_value, 2),
    }


def _rate(work: Callable[[Any], object], batch: list[Any]) -> float:
    start = time.process_time()
    for item in batch:
        work(item)
    return len(batch) / (time.process_time() - start)


def _badges() -> Iterator[Credential]:
    content, serial = example_content(Kind.TEACHER), 0
    while True:
        serial += 1
        yield credential_for(
            content,
            id=f"https://gdt.example.org/badges/{serial}",
            issuer=_ISSUER,
            recipient=hash_identity(f"holder-{serial}@example.org", f"salt-{serial}"),
            achievement_id="https://gdt.example.org/achievements/digital-commerce",
            image="https://gdt.example.org/badges/teacher.png",
            status=StatusEntry("https://gdt.example.org/status/1", serial * 7919 % 131_072),
        )


def _canonical(document: dict[str, Any]) -> bytes:
    def shipped(url: str, _options: Any) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": load_context(url), "tag": "static"}

    how = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": shipped}
    text: str = jsonld.normalize(document, how)
    return text.encode()


def _hashes(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    options = {"@context": document["@context"], **proof}
    return hashlib.sha256(_canonical(options)).digest() + hashlib.sha256(_canonical(document)).digest()


def _sign_with_pyld(credential: Credential) -> dict[str, Any]:
    document = credential_document(credential)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "created": moment_text(_NOW),
        "verificationMethod": f"{_ISSUER.id}#{_KEY.multikey}",
    }
    value = "z" + base58_encode(_KEY.sign(_hashes(document, proof)))
    return {**document, "proof": proof | {"proofValue": value}}


def _verify_with_pyld(signed: dict[str, Any]) -> bool:
    document = copy.copy(signed)
    proof = dict(document.pop("proof"))
    signature = base58_decode(proof.pop("proofValue")[1:])
    return is_signed_by(_KEY.multikey, signature, _hashes(document, proof))
