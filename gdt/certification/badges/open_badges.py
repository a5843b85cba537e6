"""Badges of certificates: made at issue, given out, and what a badge that somebody hands in proves."""

import json
import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from flask import current_app

from certificates.badges import (
    FileKey,
    InvalidCredential,
    InvalidPicture,
    Issuer,
    PublicKey,
    StatusEntry,
    bake,
    credential_document,
    credential_for,
    did_document,
    hash_identity,
    keys_of_did_document,
    linkedin_url,
    read_document,
    sign_with_digest,
    unbake,
    verify_credential,
)
from certificates.badges.artwork import badge_png
from certificates.content import CertificateContent, InvalidContent, Kind, content_from_json
from certificates.press import AUTHOR
from gdt.certification import queries
from gdt.certification.badges.statuses import Slot
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys import signing_keys
from gdt.certification.keys.signing_keys import jwk_of
from gdt.certification.models import Certificate, KeyKind

BADGE_FILE, BADGE_TYPE = "badge.json", "application/vc"
LARGEST_BADGE = 64 * 1024  # bytes of JSON; ours have less than three thousand
PROGRAMME = AUTHOR


class BadgeFinding(StrEnum):
    """What a badge somebody hands in is, beside the one that was issued with a certificate."""

    AS_ISSUED = "as issued"
    ALTERED = "altered"
    ANOTHER = "ours, but another"
    FORGED = "signed with a key of ours, but not issued"
    STRANGE = "somebody else's"
    UNREADABLE = "unreadable"


def issuer_id() -> str:
    """The address of our keys in the form did:web gives it: the host, its port after %3A."""
    return f"did:web:{quote(urlsplit(current_app.config['BASE_URL']).netloc, safe='')}"


@dataclass(frozen=True)
class SignedBadge:
    """A badge as JSON, and the digest by which the log knows it."""

    text: str
    digest: str


def badge_of(
    content: CertificateContent, *, code: str, email: str | None, slot: Slot, signed_at: Any
) -> SignedBadge:
    """The signed badge of a certificate. It holds no name: only a salted hash of e-mail or name."""
    salt, base_url = secrets.token_hex(16), current_app.config["BASE_URL"]
    identity = (email, salt) if email else (content.printed_name, salt, "name")
    credential = credential_for(
        content,
        id=f"{base_url}/verify/{code}/badge.json",
        issuer=Issuer(id=issuer_id(), name=PROGRAMME, url=base_url),
        recipient=hash_identity(*identity),
        achievement_id=_achievement_id(content),
        status=StatusEntry(slot.url, slot.bit),
    )
    signed, digest = sign_with_digest(
        credential_document(credential), signing_keys.current().badge, signed_at
    )
    return SignedBadge(json.dumps(signed, ensure_ascii=False), digest)


def baked_picture(badge: str, kind: str) -> bytes:
    """The picture of a kind's badge with the badge inside."""
    return bake(badge_png(Kind(kind)), badge)


def published_keys() -> dict[str, Any]:
    """The did:web document: every key that ever signed a badge or a paper, and those in use."""
    return did_document(issuer_id(), _badge_keys(), _file_keys())


def linkedin_address(certificate: Certificate) -> str | None:
    """The address of LinkedIn's filled-in form; None when the frozen facts are not a certificate's."""
    try:
        content = content_from_json(json.dumps(certificate.facts))
    except InvalidContent:
        return None
    return linkedin_url(content, organization_name=PROGRAMME)


def badge_in_picture(png: bytes) -> str | None:
    """The badge's JSON out of a picture; None when there is none."""
    try:
        return unbake(png)
    except InvalidPicture:
        return None


def compare_badge(issued: str, handed_in: bytes | str) -> BadgeFinding:
    """What a badge is beside the issued one. Whatever is wrong with it is an answer, never an error."""
    if len(handed_in) > LARGEST_BADGE:
        return BadgeFinding.UNREADABLE
    try:
        document = read_document(handed_in)
    except InvalidCredential:
        return BadgeFinding.UNREADABLE
    return _compare_document(json.loads(issued), document)


def _compare_document(ours: dict[str, Any], document: dict[str, Any]) -> BadgeFinding:
    verdict = verify_credential(document, keys_of(ours["issuer"]["id"]))
    if not verdict.unaltered:
        return BadgeFinding.ALTERED
    if not verdict.is_ours:
        return BadgeFinding.STRANGE
    if document == ours:
        return BadgeFinding.AS_ISSUED
    return BadgeFinding.ANOTHER if queries.is_issued_badge(verdict.digest) else BadgeFinding.FORGED


def is_readable(badge: bytes | str) -> bool:
    """Whether it can be read as a document at all."""
    try:
        read_document(badge)
    except InvalidCredential:
        return False
    return len(badge) <= LARGEST_BADGE


def claimed_address(badge: bytes | str) -> str:
    """The address a badge gives as its own, believed by nobody; empty when it gives none."""
    try:
        document = read_document(badge) if len(badge) <= LARGEST_BADGE else {}
    except InvalidCredential:
        return ""
    claimed = document.get("id", "")
    return claimed if isinstance(claimed, str) else ""


def every_badge_key() -> list[PublicKey]:
    """Every key that ever signed a badge or a head, and since when each is stolen."""
    return _badge_keys()


def keys_of(did: str) -> dict[str, PublicKey]:
    """Our keys under the address a badge was issued with, which an older badge keeps when we move."""
    return keys_of_did_document(did_document(did, _badge_keys()))


def _badge_keys() -> list[PublicKey]:
    used = {
        key.name: PublicKey(key.name, key.compromised_from)
        for key in key_queries.list_keys()
        if key.kind is KeyKind.BADGE
    }
    first = (
        signing_keys.current().badge.multikey
    )  # published before its first use, so that nobody waits for it
    return list(used.values()) or [PublicKey(first)]


def _file_keys() -> list[FileKey]:
    used = {key.name: key for key in key_queries.list_keys() if key.kind is KeyKind.SIGNATURE}
    found = {name: FileKey(name, jwk_of(key.public), key.compromised_from) for name, key in used.items()}
    first = signing_keys.current().facts[0]
    return list(found.values()) or [FileKey(first.name, jwk_of(first.public))]


def _achievement_id(content: CertificateContent) -> str:
    """The same for everybody who achieved the same: kind, course and the modules that were taught."""
    what = [content.kind.value, content.achievement, *((m.title, m.hours) for m in content.modules)]
    place = current_app.config["BASE_URL"] + json.dumps(what, ensure_ascii=False)
    return uuid.uuid5(uuid.NAMESPACE_URL, place).urn
