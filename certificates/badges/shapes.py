"""Which members a badge, a status list and a proof may have, and nothing else; and what each one states.

A member that no context defines is dropped before a Data Integrity proof is made, so anyone could add or
change it unnoticed. Therefore one table rules issuing and verifying: what is not in it is refused.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from certificates.badges.vocabulary import CREDENTIALS, OPEN_BADGES, Vocabulary

_XSD_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TEXT = re.compile("[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]{1,4000}")
_IRI = re.compile(r"(https?://|did:|urn:)[^\x00-\x20\x7f-\U0010ffff<>\"{}|\\^`]{1,2000}")
_MOMENT = re.compile(
    _XSD_DATE + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_DIGITS = re.compile(r"0|[1-9][0-9]{0,9}")
_HASH = re.compile(r"sha256\$[0-9a-f]{64}")
_MULTIBASE = re.compile(r"u[A-Za-z0-9_-]{1,8000000}")

Writer = Callable[[Any, str], str]
"""Takes a JSON value and the term's datatype; returns the N-Quads object or raises InvalidCredential."""


class InvalidCredential(ValueError):
    """A document has not the shape of our badges and status lists; the sentence names the member."""


@dataclass(frozen=True, slots=True)
class Member:
    """A property: predicate, datatype, and either how its value is written or the node it leads to."""

    predicate: str
    typed: str
    write: Writer | None
    node: "Node | None"
    required: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object: its exact `type`, whether it has an `id` (None: as it likes), its members."""

    type: str | list[str] | None
    type_iris: tuple[str, ...]
    has_id: bool | None
    members: Mapping[str, Member]
    required: frozenset[str]


def shown(value: Any) -> str:
    """Return a value's beginning for a message; lists and objects, which may be very deep, only by kind."""
    return "A list or object" if isinstance(value, list | dict) else repr(value)[:80]


def text(value: Any, typed: str) -> str:
    return _literal(value, typed, _TEXT, "text without control characters")


def moment(value: Any, typed: str) -> str:
    return _literal(value, typed, _MOMENT, "a moment with its zone such as 2026-11-21T00:00:00Z")


def digits(value: Any, typed: str) -> str:
    return _literal(value, typed, _DIGITS, "a whole number written as a string")


def hashed(value: Any, typed: str) -> str:
    return _literal(value, typed, _HASH, "sha256$ and 64 hexadecimal digits")


def multibase(value: Any, typed: str) -> str:
    return _literal(value, typed, _MULTIBASE, "u and base64url")


def iri(value: Any, typed: str = "@id") -> str:
    """Write a reference, or an anyURI literal when the context types it so."""
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        raise InvalidCredential(f"{shown(value)} is not an absolute http, did or urn address in ASCII.")
    return f"<{value}>" if typed == "@id" else f'"{value}"^^<{typed}>'


def yes(value: Any, typed: str) -> str:
    """Write the one boolean our badges hold, which is always true."""
    if value is not True:
        raise InvalidCredential(f"{shown(value)} must be true.")
    return f'"true"^^<{typed}>'


def one_of(*allowed: str) -> Writer:
    """Return a writer for a text out of a fixed list."""

    def write(value: Any, typed: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise InvalidCredential(f"{shown(value)} must be {' or '.join(allowed)}.")
        return text(value, typed)

    return write


def _literal(value: Any, typed: str, pattern: re.Pattern[str], wanted: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidCredential(f"{shown(value)} is not {wanted}.")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"^^<{typed}>' if typed else f'"{escaped}"'


def _node(
    words: Vocabulary,
    kind: str | list[str] | None,
    *,
    has_id: bool | None,
    **members: "Writer | Node | list[Node]",
) -> Node:
    """Build a node's shape; a member whose keyword ends in an underscore may be left out."""
    types = (kind,) if isinstance(kind, str) else tuple(kind or ())
    built = {}
    for keyword, value in members.items():
        name = keyword.rstrip("_")
        term = words.term(types, name)
        node = value[0] if isinstance(value, list) else value
        built[name] = Member(
            predicate=f"<{term.iri}>",
            typed=term.typed,
            write=None if isinstance(node, Node) else node,
            node=node if isinstance(node, Node) else None,
            required=name == keyword,
            listed=isinstance(value, list),
        )
    required = {name for name, member in built.items() if member.required}
    required |= ({"type"} if types else set()) | ({"id"} if has_id else set())
    iris = tuple(f"<{words.type_iri(name)}>" for name in types)
    return Node(kind, iris, has_id, built, frozenset(required))


def _assertion(value: Any, _typed: str) -> str:
    one_of("assertionMethod")(value, "")
    return "<https://w3id.org/security#assertionMethod>"


_BADGE_WORDS = Vocabulary(CREDENTIALS, OPEN_BADGES)
_LIST_WORDS = Vocabulary(CREDENTIALS)

_ACHIEVEMENT = _node(
    _BADGE_WORDS,
    ["Achievement"],
    has_id=True,
    name=text,
    description=text,
    criteria=_node(_BADGE_WORDS, None, has_id=False, narrative=text),
    achievementType_=one_of("Certification", "CertificateOfCompletion", "Course", "Award", "Membership"),
    image_=_node(_BADGE_WORDS, "Image", has_id=True),
)
_IDENTITY = _node(
    _BADGE_WORDS,
    "IdentityObject",
    has_id=False,
    hashed=yes,
    identityHash=hashed,
    identityType=one_of("emailAddress", "name"),
    salt=text,
)
_STATUS = _node(
    _BADGE_WORDS,
    "BitstringStatusListEntry",
    has_id=True,
    statusPurpose=one_of("revocation"),
    statusListIndex=digits,
    statusListCredential=iri,
)
BADGE = _node(
    _BADGE_WORDS,
    ["VerifiableCredential", "OpenBadgeCredential"],
    has_id=True,
    issuer=_node(_BADGE_WORDS, ["Profile"], has_id=True, name=text, url_=iri),
    validFrom=moment,
    validUntil_=moment,
    awardedDate_=moment,
    name=text,
    credentialSubject=_node(
        _BADGE_WORDS,
        ["AchievementSubject"],
        has_id=None,
        identifier_=[_IDENTITY],
        licenseNumber_=text,
        achievement=_ACHIEVEMENT,
    ),
    credentialStatus_=_STATUS,
)
STATUS_LIST = _node(
    _LIST_WORDS,
    ["VerifiableCredential", "BitstringStatusListCredential"],
    has_id=True,
    issuer=iri,
    validFrom=moment,
    validUntil=moment,
    credentialSubject=_node(
        _LIST_WORDS,
        "BitstringStatusList",
        has_id=True,
        statusPurpose=one_of("revocation"),
        encodedList=multibase,
    ),
)
PROOF = _node(
    _LIST_WORDS,
    "DataIntegrityProof",
    has_id=False,
    created=moment,
    verificationMethod=iri,
    cryptosuite=one_of("eddsa-rdfc-2022"),
    proofPurpose=_assertion,
)
CONTEXTS: Mapping[str, list[str]] = {
    "OpenBadgeCredential": [CREDENTIALS, OPEN_BADGES],
    "BitstringStatusListCredential": [CREDENTIALS],
}


def shape_of(document: Any) -> tuple[Node, list[str]]:
    """Return the shape and the exact contexts of a badge or status list. Raises InvalidCredential."""
    if not isinstance(document, dict):
        raise InvalidCredential("A credential is a JSON object.")
    for node in (BADGE, STATUS_LIST):
        if document.get("type") == node.type:
            contexts = CONTEXTS[node.type[1]]  # type: ignore[index]
            if document.get("@context") != contexts:
                raise InvalidCredential(f"@context must be exactly {contexts}.")
            return node, contexts
    raise InvalidCredential("type must be that of an Open Badge or of a status list.")
