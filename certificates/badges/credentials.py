"""Badges as frozen facts, and the Open Badges 3.0 credential they make."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from certificates.badges.keys import moment_text
from certificates.badges.shapes import CONTEXTS, InvalidCredential
from certificates.content import CertificateContent, Kind

ACHIEVEMENT_TYPES = {
    Kind.TEACHER: "Certification",
    Kind.STUDENT: "CertificateOfCompletion",
    Kind.AWARD: "Award",
    Kind.PARTNER: "Membership",
}
TITLES = {
    Kind.TEACHER: "Teacher Certificate",
    Kind.STUDENT: "Student Certificate",
    Kind.AWARD: "Award",
    Kind.PARTNER: "Partner Certificate",
}
_CRITERIA = {
    Kind.TEACHER: "Attended the programme's teacher training and passed it in every module of the course.",
    Kind.STUDENT: "Completed the course with a teacher certified by the programme and passed its exam.",
    Kind.AWARD: "Nominated and chosen by a jury without a conflict of interest.",
    Kind.PARTNER: "Takes part in the programme under an agreement in force on the day of issue.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Who issues: a did:web id, a name and perhaps a web address."""

    id: str
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class HashedIdentity:
    """Who holds the badge, without saying so: SHA-256 of e-mail address (or name) and salt."""

    digest: str
    salt: str
    identity_type: str = "emailAddress"


@dataclass(frozen=True, kw_only=True, slots=True)
class Achievement:
    """What was achieved; the same for everybody who achieves it. `image` is the badge's address."""

    id: str
    name: str
    description: str
    criteria: str
    image: str | None = None


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """The place of a badge in a published status list."""

    list_url: str
    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """Every fact of one badge. `recipient` is a hashed identity or an id (an http, did or urn address).

    `number` is the certificate's number. Moments need a zone. Raises InvalidCredential.
    """

    id: str
    kind: Kind
    issuer: Issuer
    name: str
    recipient: HashedIdentity | str
    achievement: Achievement
    valid_from: datetime
    valid_until: datetime | None = None
    awarded_at: datetime | None = None
    number: str | None = None
    status: StatusEntry | None = None

    def __post_init__(self) -> None:
        if not self.issuer.id.startswith("did:web:"):
            raise InvalidCredential("The issuer's id must be a did:web address.")
        moments = [at for at in (self.valid_from, self.valid_until, self.awarded_at) if at]
        if any(at.tzinfo is None for at in moments):
            raise InvalidCredential("The moments of a badge need a zone.")
        if self.valid_until and self.valid_until < self.valid_from:
            raise InvalidCredential("valid_until lies before valid_from.")


def hash_identity(identity: str, salt: str, identity_type: str = "emailAddress") -> HashedIdentity:
    """Hash an e-mail address (without regard to case) or a name (identity_type "name") with a salt.

    The form is `sha256$` and the hexadecimal SHA-256 of identity and salt, one after the other.
    """
    plain = unicodedata.normalize("NFC", identity.strip())
    if identity_type == "emailAddress":
        plain = plain.lower()
    return HashedIdentity(hashlib.sha256((plain + salt).encode()).hexdigest(), salt, identity_type)


def credential_document(credential: Credential) -> dict[str, Any]:
    """Return the unsigned credential as JSON values; signing checks every member of it."""
    document: dict[str, Any] = {
        "@context": list(CONTEXTS["OpenBadgeCredential"]),
        "id": credential.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _issuer(credential.issuer),
        "validFrom": moment_text(credential.valid_from),
    }
    for member, at in (("validUntil", credential.valid_until), ("awardedDate", credential.awarded_at)):
        if at:
            document[member] = moment_text(at)
    document["name"] = credential.name
    document["credentialSubject"] = _subject(credential)
    if credential.status:
        document["credentialStatus"] = _status(credential.status)
    return document


def credential_for(
    content: CertificateContent,
    *,
    id: str,
    issuer: Issuer,
    recipient: HashedIdentity | str,
    achievement_id: str,
    image: str | None = None,
    status: StatusEntry | None = None,
) -> Credential:
    """Return the badge of a certificate: valid from the day of issue, midnight UTC, to the last day's end."""
    title = TITLES[content.kind]
    achievement = Achievement(
        id=achievement_id,
        name=content.achievement,
        description=_description(content),
        criteria=_CRITERIA[content.kind],
        image=image,
    )
    return Credential(
        id=id,
        kind=content.kind,
        issuer=issuer,
        name=f"{title}: {content.achievement}",
        recipient=recipient,
        achievement=achievement,
        valid_from=datetime.combine(content.issued_on, time(), UTC),
        valid_until=_end_of(content.valid_until),
        awarded_at=datetime.combine(content.issued_on, time(), UTC),
        number=content.number,
        status=status,
    )


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(23, 59, 59), UTC) if day else None


def _description(content: CertificateContent) -> str:
    opening = f"{TITLES[content.kind]} of the Alibaba Global Digital Talent programme: {content.achievement}."
    modules = ", ".join(f"{module.title} ({module.hours} h)" for module in content.modules)
    return f"{opening} Modules: {modules}." if modules else opening


def _issuer(issuer: Issuer) -> dict[str, Any]:
    found: dict[str, Any] = {"id": issuer.id, "type": ["Profile"], "name": issuer.name}
    return found | ({"url": issuer.url} if issuer.url else {})


def _subject(credential: Credential) -> dict[str, Any]:
    subject: dict[str, Any] = {"type": ["AchievementSubject"]}
    holder = credential.recipient
    if isinstance(holder, HashedIdentity):
        identity = {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": f"sha256${holder.digest}",
            "identityType": holder.identity_type,
            "salt": holder.salt,
        }
        subject["identifier"] = [identity]
    else:
        subject = {"id": holder} | subject
    if credential.number:
        subject["licenseNumber"] = credential.number
    return subject | {"achievement": _achievement(credential.achievement, credential.kind)}


def _achievement(achievement: Achievement, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPES[kind],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
    }
    return found | ({"image": {"id": achievement.image, "type": "Image"}} if achievement.image else {})


def _status(status: StatusEntry) -> dict[str, Any]:
    return {
        "id": f"{status.list_url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(status.index),
        "statusListCredential": status.list_url,
    }
