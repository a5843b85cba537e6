"""The keys an administrator can look at: every one that was ever used, those in use, those that wait."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cryptography.x509 import Certificate

from gdt.certification.keys import queries, signing_keys, terms
from gdt.certification.keys.models import KeyAction, KeyOrderState
from gdt.certification.keys.queries import Use
from gdt.certification.keys.signing_keys import KeyFacts
from gdt.certification.models import CertificationKey, KeyKind
from gdt.database import now


class KeyState(StrEnum):
    IN_USE = "in use"
    FIRST = "not used yet"
    WAITING = "waiting"
    ENDED = "ended"
    STOLEN = "stolen"


@dataclass(frozen=True)
class KnownKey:
    """A key with what it signed and who approved it. `stolen_since` is the day it is declared stolen from."""

    name: str
    kind: KeyKind
    state: KeyState
    is_development: bool
    is_recorded: bool
    began_at: datetime | None
    ended_at: datetime | None
    stolen_since: datetime | None
    use: Use
    approved_by: tuple[str, ...]
    certificate: Certificate | None

    @property
    def valid_until(self) -> date | None:
        """The last day of the certificate of a key that signs papers."""
        return self.certificate.not_valid_after_utc.date() if self.certificate else None

    @property
    def warning(self) -> str | None:
        """What an administrator should know of the certificate of the key in use."""
        is_current = self.state in {KeyState.IN_USE, KeyState.FIRST}
        return terms.warning(self.certificate, now()) if self.certificate and is_current else None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.name,
            "kind": self.kind.value,
            "state": self.state.value,
            "since": _text(self.began_at),
            "until": _text(self.ended_at),
            "stolen_since": _text(self.stolen_since),
            "certificates": self.use.certificates,
            "first_used": _text(self.use.first_at),
            "last_used": _text(self.use.last_at),
            "approved_by": list(self.approved_by),
            "development": self.is_development,
            "current": self.state in {KeyState.IN_USE, KeyState.FIRST},
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "warning": self.warning,
        }


def known_keys() -> list[KnownKey]:
    """Every key, oldest first; before the first certificate those this process would begin with."""
    recorded, uses = queries.every_key(), queries.uses()
    approved: dict[int, list[str]] = {}
    for order in queries.list_orders(KeyOrderState.DONE):
        if order.action is KeyAction.ROTATE:
            approved[order.key_id] = [approval.name for approval in order.approvals]
    kinds = {key.kind for key in recorded if key.began_at is not None}
    first = [_first(fact) for fact in signing_keys.current().facts if fact.kind not in kinds]
    return [_recorded(key, uses, tuple(approved.get(key.id, ()))) for key in recorded] + first


def _recorded(key: CertificationKey, uses: dict[int, Use], approved_by: tuple[str, ...]) -> KnownKey:
    return KnownKey(
        name=key.name,
        kind=key.kind,
        state=_state(key),
        is_development=key.is_development,
        is_recorded=True,
        began_at=key.began_at,
        ended_at=key.ended_at,
        stolen_since=key.compromised_from,
        use=uses.get(key.id, Use(0, None, None)),
        approved_by=approved_by,
        certificate=_certificate(key),
    )


def _first(fact: KeyFacts) -> KnownKey:
    return KnownKey(
        name=fact.name,
        kind=fact.kind,
        state=KeyState.FIRST,
        is_development=fact.is_development,
        is_recorded=False,
        began_at=None,
        ended_at=None,
        stolen_since=None,
        use=Use(0, None, None),
        approved_by=(),
        certificate=_certificate(fact),
    )


def _certificate(key: CertificationKey | KeyFacts) -> Certificate | None:
    """That of a key for papers; the register has the one it began with, and it may have been renewed."""
    mine = signing_keys.current().signer.key
    if key.name == mine.id:
        return mine.certificate
    return signing_keys.certificate_of(key.public) if key.kind is KeyKind.SIGNATURE else None


def _state(key: CertificationKey) -> KeyState:
    if key.compromised_from is not None:
        return KeyState.STOLEN
    if key.began_at is None:
        return KeyState.WAITING
    return KeyState.IN_USE if key.ended_at is None else KeyState.ENDED


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
