"""The register's log: what one entry says, byte for byte, and the signed head that fixes all entries.

An entry holds no personal data. The facts of a certificate stand in it as a commitment: HMAC-SHA-256
under a secret salt of 32 bytes; destroying the salt makes the commitment meaningless.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from certificates.badges.keys import (
    PublicKey,
    SigningKey,
    decode_multikey,
    is_signed_by,
    moment_text,
)
from certificates.content import CertificateContent, content_to_json
from certificates.merkle import EMPTY_ROOT, Tree, leaf_hash

VERSION = 1
SALT_BYTES = 32
_HEX = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[!-~]{1,200}")
_KEY = re.compile(r"z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
_OPTIONAL = ("badge", "signer", "successor")
_PATTERNS = {
    "number": _WORD,
    "file": _HEX,
    "commitment": _HEX,
    "design": _WORD,
    "key": _KEY,
    "badge": _HEX,
    "signer": _WORD,
    "successor": _WORD,
}
_ORIGIN = re.compile(r"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class InvalidLog(ValueError):
    """An entry, a head or a sequence of entries is not what this log writes."""


class Event(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"
    REPLACED = "replaced"
    PUBLISHED = "published"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One leaf of the log. `file` is the PDF's SHA-256, `commitment` that of the facts, both in hexadecimal.

    What is published, such as an annual summary, holds no personal data: its commitment is the plain SHA-256
    of the file of its facts, which is published with it.

    key: the id (Multikey) that signed the badge; at: to the second; badge: badge_digest of the badge that
    goes with the file, so that a stolen key cannot make another; signer: the id of the key that signed the
    file; successor: the number of the new certificate, for replaced ones alone. Raises InvalidLog.
    """

    event: Event
    number: str
    file: str
    commitment: str
    design: str
    key: str
    at: datetime
    badge: str | None = None
    signer: str | None = None
    successor: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.event, Event):
            raise InvalidLog(f"There is no event {self.event!r}.")
        for field, pattern in _PATTERNS.items():
            value = getattr(self, field)
            if value is None and field in _OPTIONAL:
                continue
            if not isinstance(value, str) or not pattern.fullmatch(value):
                raise InvalidLog(f"{field} of an entry cannot be {value!r}.")
        if self.at.tzinfo is None or self.at.microsecond:
            raise InvalidLog("The moment of an entry needs a zone and whole seconds.")
        if (self.event is Event.REPLACED) != (self.successor is not None):
            raise InvalidLog("A replaced certificate, and no other, names its successor.")


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the log at a moment: its name, how many entries, and their Merkle root."""

    origin: str
    size: int
    root: bytes
    at: datetime


def commit_to(content: CertificateContent, salt: bytes) -> str:
    """Return the commitment to every printed fact under a salt of 32 secret bytes, in hexadecimal."""
    return commit_to_facts(json.loads(content_to_json(content)), salt)


def commit_to_facts(facts: Mapping[str, Any], salt: bytes) -> str:
    """Return the same for facts as they were kept: the JSON values of content_to_json."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes, not {len(salt)}.")
    return hmac.new(salt, _canonical_json(facts), hashlib.sha256).hexdigest()


def encode_entry(entry: Entry) -> bytes:
    """Return the leaf's bytes: one line of ASCII JSON, members sorted, no blanks."""
    facts: dict[str, Any] = {"v": VERSION, "event": entry.event.value, "at": moment_text(entry.at)}
    facts |= {field: getattr(entry, field) for field in ("number", "file", "commitment", "design", "key")}
    facts |= {field: getattr(entry, field) for field in _OPTIONAL if getattr(entry, field) is not None}
    return _canonical_json(facts)


def decode_entry(leaf: bytes) -> Entry:
    """Read a leaf; any other spelling of the same facts is refused. Raises InvalidLog."""
    try:
        facts = json.loads(leaf)
        version = facts.pop("v")
        facts["event"], facts["at"] = Event(facts["event"]), datetime.fromisoformat(facts["at"])
        entry = Entry(**facts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidLog(f"This is not an entry of the log: {error}.") from error
    if version != VERSION or encode_entry(entry) != leaf:
        raise InvalidLog("This entry is not written the way version 1 of the log writes it.")
    return entry


def head_of(origin: str, tree: Tree, at: datetime) -> Head:
    """Return the head of a tree as it stands."""
    return Head(origin, len(tree), tree.root(), at)


def sign_head(head: Head, key: SigningKey) -> str:
    """Return the head as a signed note (C2SP tlog-checkpoint): origin, size, root, time, signature.

    Raises InvalidLog for an origin that is not a plain host and path, such as gdt.example.org/log.
    """
    if not _ORIGIN.fullmatch(head.origin) or head.size < 0 or len(head.root) != len(EMPTY_ROOT):
        raise InvalidLog("This head cannot be written.")
    root = base64.b64encode(head.root).decode()
    text = f"{head.origin}\n{head.size}\n{root}\n{moment_text(head.at)}\n"
    mark = note_key_id(head.origin, key.multikey) + key.sign(text.encode())
    return f"{text}\n— {head.origin} {base64.b64encode(mark).decode()}\n"


def note_key_id(name: str, multikey: str) -> bytes:
    """Return the four bytes that tell which key signed a note (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n\x01" + decode_multikey(multikey)).digest()[:4]


def read_head(note: str, keys: Iterable[PublicKey]) -> Head:
    """Return the head out of a signed note when one of the keys signed it. Raises InvalidLog.

    A stolen key counts only for heads before it was stolen; compare those with a copy from before.
    """
    text, signature = _note_parts(note)
    for key in keys:
        if signature[:4] == note_key_id(text.partition("\n")[0], key.multikey) and is_signed_by(
            key.multikey, signature[4:], text.encode()
        ):
            head = _head(text)
            if key.revoked_at is None or head.at < key.revoked_at:
                return head
    raise InvalidLog("No known key signed this head.")


def trusted(
    entry: Entry, keys: Mapping[str, PublicKey], signers: Mapping[str, datetime] | None = None
) -> bool:
    """Tell whether the key an entry names is ours and was not stolen yet. `keys` are by Multikey.

    signers: the ids of stolen keys of files, and since when each counts as stolen.
    """
    key = keys.get(entry.key)
    if key is None or (key.revoked_at is not None and entry.at >= key.revoked_at):
        return False
    stolen_at = (signers or {}).get(entry.signer or "")
    return stolen_at is None or entry.at < stolen_at


def recompute(leaves: Iterable[bytes]) -> Tree:
    """Return the tree of leaves as written, checking each; for comparing with a saved head.

    Raises InvalidLog naming the first leaf that is not sound, or whose time runs backwards.
    """
    tree, before = Tree(), datetime.min.replace(tzinfo=UTC)
    for index, leaf in enumerate(leaves):
        try:
            entry = decode_entry(leaf)
        except InvalidLog as error:
            raise InvalidLog(f"Leaf {index}: {error}") from error
        if entry.at < before:
            raise InvalidLog(f"Leaf {index}: its time lies before that of the leaf before.")
        tree.extend((leaf_hash(leaf),))
        before = entry.at
    return tree


def _note_parts(note: str) -> tuple[str, bytes]:
    text, blank, line = note.partition("\n\n")
    parts = line.removesuffix("\n").split(" ")
    if not blank or not line.endswith("\n") or len(parts) != 3 or parts[0] != "—":
        raise InvalidLog("This is not a signed note with one signature.")
    try:
        return text + "\n", base64.b64decode(parts[2], validate=True)
    except binascii.Error as error:
        raise InvalidLog("The signature of the note is not base64.") from error


def _head(text: str) -> Head:
    try:
        origin, size, root, at = text.removesuffix("\n").split("\n")
        if not _SIZE.fullmatch(size):
            raise InvalidLog(f"{size!r} is not the size of a log.")
        return Head(origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at))
    except ValueError as error:
        raise InvalidLog(f"The head is signed, but cannot be read: {error}.") from error


def _canonical_json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")
