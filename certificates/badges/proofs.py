"""Signing and verifying: the Data Integrity proof eddsa-rdfc-2022 and the separate answers it gives."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from certificates.badges.canonical import canonical
from certificates.badges.credentials import Credential, StatusEntry, credential_document
from certificates.badges.keys import (
    InvalidKey,
    PublicKey,
    SigningKey,
    base58_decode,
    base58_encode,
    is_signed_by,
    moment_text,
)
from certificates.badges.shapes import PROOF, InvalidCredential, shape_of

_DIGEST = 32
LARGEST_DOCUMENT = 4 * 1024 * 1024
_SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}


class Dates(StrEnum):
    CURRENT = "current"
    NOT_YET = "not yet valid"
    OVER = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a document proves by itself, question by question; never one word for all of them.

    unaltered: the proof fits the content under the key it names. key: our key of that name, when it is
    ours; a key with `revoked_at` proves only what the log shows before that moment. status: where to look
    up a revocation. problem: one sentence when the document is altered or malformed. digest: its
    badge_digest, by which the log knows it; empty when it is malformed.
    """

    unaltered: bool
    key: PublicKey | None
    dates: Dates
    status: StatusEntry | None
    problem: str = ""
    digest: str = ""

    @property
    def is_ours(self) -> bool:
        """Unaltered, and signed with a key that we publish."""
        return self.unaltered and self.key is not None


def sign_credential(credential: Credential, key: SigningKey, created: datetime) -> dict[str, Any]:
    """Return the signed badge as JSON values. Raises InvalidCredential."""
    return sign_document(credential_document(credential), key, created)


def sign_document(document: Mapping[str, Any], key: SigningKey, created: datetime) -> dict[str, Any]:
    """Return a copy of a badge or status list with its proof (Data Integrity EdDSA section 3.2).

    `created` needs a zone. Raises InvalidCredential, also when the document has a proof already.
    """
    return sign_with_digest(document, key, created)[0]


def sign_with_digest(
    document: Mapping[str, Any], key: SigningKey, created: datetime
) -> tuple[dict[str, Any], str]:
    """Return what sign_document does, and the badge_digest that signing had to work out anyway."""
    if "proof" in document:
        raise InvalidCredential("The document is signed already.")
    proof = _SUITE | {
        "created": moment_text(created),
        "verificationMethod": f"{_issuer_of(document)}#{key.multikey}",
    }
    hashes = proof_hash(document, proof)
    signed = {**document, "proof": proof | {"proofValue": "z" + base58_encode(key.sign(hashes))}}
    return signed, hashes[-_DIGEST:].hex()


def proof_hash(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: SHA-256 of the canonical proof options, then of the document.

    The options are given without proofValue and context; both take the document's context, whose terms
    for a proof are those of Verifiable Credentials 2.0. Raises InvalidCredential.
    """
    shape, _contexts = shape_of(document)
    options = hashlib.sha256(canonical(proof, PROOF)).digest()
    return options + hashlib.sha256(canonical(_content(document), shape)).digest()


def badge_digest(document: Mapping[str, Any]) -> str:
    """Return SHA-256 of the canonical document without proof, in hexadecimal. Raises InvalidCredential."""
    shape, _contexts = shape_of(document)
    return hashlib.sha256(canonical(_content(document), shape)).hexdigest()


def read_document(data: bytes | str) -> dict[str, Any]:
    """Read a credential from JSON text of at most 4 MiB, no member twice. Raises InvalidCredential."""
    if len(data) > LARGEST_DOCUMENT:
        raise InvalidCredential("The document is larger than 4 MiB.")
    try:
        document = json.loads(data, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise InvalidCredential(f"This is not the JSON of a credential: {error}.") from error
    if not isinstance(document, dict):
        raise InvalidCredential("A credential is a JSON object.")
    return document


def verify_credential(
    document: Mapping[str, Any], keys: Mapping[str, PublicKey], at: datetime | None = None
) -> Verdict:
    """Say what a badge or status list proves. `keys` come from keys_of_did_document; `at` is now by default.

    Never raises for the document's sake: whatever is wrong with it is told in the verdict.
    """
    try:
        unaltered, method, digest = _check_proof(document)
    except (InvalidCredential, InvalidKey) as error:
        return Verdict(unaltered=False, key=None, dates=Dates.UNKNOWN, status=None, problem=str(error))
    if not unaltered:
        problem = "The signature does not fit the content: something was changed."
        return Verdict(
            unaltered=False, key=None, dates=Dates.UNKNOWN, status=None, problem=problem, digest=digest
        )
    dates = _dates(document, at or datetime.now(UTC))
    return Verdict(unaltered=True, key=keys.get(method), dates=dates, status=_status(document), digest=digest)


def _check_proof(document: Mapping[str, Any]) -> tuple[bool, str, str]:
    """Return whether the signature fits, the full id of the key it names, and the document's digest."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise InvalidCredential("The document has no proof.")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    signed = proof_hash(document, options)
    issuer, _, multikey = options["verificationMethod"].partition("#")
    if issuer != _issuer_of(document):
        raise InvalidCredential("The proof names a key of somebody else than the issuer.")
    value = proof.get("proofValue")
    signature = base58_decode(value[1:]) if isinstance(value, str) and value[:1] == "z" else b""
    if len(signature) != 64:
        raise InvalidCredential("proofValue is not z and a signature of 64 bytes in base58btc.")
    fits = is_signed_by(multikey, signature, signed)
    return fits, options["verificationMethod"], signed[-_DIGEST:].hex()


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("@context", "proof")}


def _issuer_of(document: Mapping[str, Any]) -> Any:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _dates(document: Mapping[str, Any], at: datetime) -> Dates:
    try:
        start = datetime.fromisoformat(document["validFrom"])
        end = datetime.fromisoformat(document["validUntil"]) if "validUntil" in document else None
    except ValueError:
        return Dates.UNKNOWN
    if at < start:
        return Dates.NOT_YET
    return Dates.OVER if end and at > end else Dates.CURRENT


def _status(document: Mapping[str, Any]) -> StatusEntry | None:
    entry = document.get("credentialStatus")
    return StatusEntry(entry["statusListCredential"], int(entry["statusListIndex"])) if entry else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidCredential("A member stands twice in one JSON object.")
    return found
