"""Ed25519 keys as Multikeys, and the did:web document that publishes the present and the older ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PLACE = {letter: value for value, letter in enumerate(_ALPHABET)}
_ED25519 = b"\xed\x01"
_JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
_DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


class InvalidKey(ValueError):
    """A key cannot be read, or is not an Ed25519 key."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the Multikey of its public half, which is also its id."""

    private: Ed25519PrivateKey
    multikey: str

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Make the key from its 32 secret bytes (RFC 8032 section 5.1.5). Raises InvalidKey."""
        if len(seed) != 32:
            raise InvalidKey(f"An Ed25519 seed has 32 bytes, not {len(seed)}.")
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(private, encode_multikey(private.public_key().public_bytes_raw()))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> "SigningKey":
        """Read an Ed25519 private key from PEM (PKCS#8). Raises InvalidKey."""
        try:
            private = load_pem_private_key(pem, password)
        except (ValueError, TypeError) as error:
            raise InvalidKey(
                "The private key cannot be read: it is not PEM, or its password is wrong."
            ) from error
        if not isinstance(private, Ed25519PrivateKey):
            raise InvalidKey("The private key is not an Ed25519 key.")
        return cls.from_seed(private.private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key we issue or once issued with; `revoked_at` is the day from which it counts as stolen."""

    multikey: str
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        decode_multikey(self.multikey)
        if self.revoked_at and self.revoked_at.tzinfo is None:
            raise InvalidKey("revoked_at needs a zone.")


@dataclass(frozen=True, slots=True)
class FileKey:
    """The public half of a key that signs files: its id, the key as JSON Web Key, since when it is stolen."""

    id: str
    jwk: Mapping[str, str]
    revoked_at: datetime | None = None


def base58_encode(data: bytes) -> str:
    """Write bytes in base58btc; each leading zero byte becomes a 1."""
    number, letters = int.from_bytes(data), []
    while number:
        number, rest = divmod(number, 58)
        letters.append(_ALPHABET[rest])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def base58_decode(letters: str) -> bytes:
    """Read base58btc. Raises InvalidKey for a letter outside its alphabet or more than 128 letters."""
    if len(letters) > 128 or not set(letters) <= _PLACE.keys():
        raise InvalidKey("This is not base58btc.")
    number = 0
    for letter in letters:
        number = number * 58 + _PLACE[letter]
    zeros = len(letters) - len(letters.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode_multikey(public: bytes) -> str:
    """Return the Multikey of 32 public bytes: z, then base58btc of 0xed01 and the key."""
    return "z" + base58_encode(_ED25519 + public)


def decode_multikey(multikey: str) -> bytes:
    """Return the 32 public bytes of an Ed25519 Multikey. Raises InvalidKey."""
    data = base58_decode(multikey[1:]) if multikey[:1] == "z" else b""
    if len(data) != 34 or data[:2] != _ED25519:
        raise InvalidKey(f"{multikey[:80]!r} is not the Multikey of an Ed25519 key.")
    return data[2:]


def is_signed_by(multikey: str, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature over a message was made with a key. Raises InvalidKey."""
    try:
        Ed25519PublicKey.from_public_bytes(decode_multikey(multikey)).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def did_document(did: str, keys: Iterable[PublicKey], file_keys: Iterable[FileKey] = ()) -> dict[str, Any]:
    """Return what /.well-known/did.json serves (did:web; Controlled Identifiers 1.0 section 2.2).

    Every key that ever signed a badge stays in it as assertionMethod; a stolen one says from when. The keys
    of files stand beside them and assert nothing.
    """
    methods: list[dict[str, Any]] = []
    for key in keys:
        method: dict[str, Any] = {"id": f"{did}#{key.multikey}", "type": "Multikey", "controller": did}
        method["publicKeyMultibase"] = key.multikey
        if key.revoked_at:
            method["revoked"] = moment_text(key.revoked_at)
        methods.append(method)
    asserting = [method["id"] for method in methods]
    for found in file_keys:
        method = {"id": f"{did}#{found.id}", "type": "JsonWebKey", "controller": did}
        method["publicKeyJwk"] = dict(found.jwk)
        if found.revoked_at:
            method["revoked"] = moment_text(found.revoked_at)
        methods.append(method)
    return {
        "@context": [*_DID_CONTEXTS, _JWK_CONTEXT] if len(methods) > len(asserting) else _DID_CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": asserting,
    }


def keys_of_did_document(document: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Read what did_document writes: key by the id a proof names it with. Raises InvalidKey."""
    try:
        did, asserting = document["id"], set(document["assertionMethod"])
        methods = [method for method in document["verificationMethod"] if method["id"] in asserting]
        found = {
            method["id"]: PublicKey(method["publicKeyMultibase"], _revoked(method)) for method in methods
        }
        sound = all(name == f"{did}#{key.multikey}" for name, key in found.items())
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidKey("The document of keys cannot be read.") from error
    if not sound:
        raise InvalidKey("A key stands under an id that is not its own.")
    return found


def _revoked(method: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(method["revoked"]) if "revoked" in method else None


def moment_text(at: datetime) -> str:
    """Return a moment as XML Schema dateTime in UTC, to the second. Raises ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("A moment needs a zone.")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
