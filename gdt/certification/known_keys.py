"""The keys an administrator can look at: every one that was ever used, and those in use now."""

from typing import Any

from gdt.certification import key_terms, keys, queries
from gdt.certification.keys import KeyFacts
from gdt.certification.models import CertificationKey, KeyKind
from gdt.database import now


def known_keys() -> list[dict[str, Any]]:
    """Id, kind, since when it was used (None: not yet), whether for development, whether in use now.

    The one that signs papers now has `valid_until` and `warning` too.
    """
    present = {key.name: key for key in keys.current().facts}
    used = {key.name: key for key in queries.list_keys()}
    every: dict[str, CertificationKey | KeyFacts] = {**used, **present}
    return [
        {
            "id": name,
            "kind": key.kind.value,
            "since": used[name].first_used_at.isoformat(timespec="seconds") if name in used else None,
            "development": key.is_development,
            "current": name in present,
            **(_term() if name in present and key.kind is KeyKind.SIGNATURE else {}),
        }
        for name, key in every.items()
    ]


def _term() -> dict[str, Any]:
    """Until when the certificate of the signing key counts, and what to do about it."""
    certificate = keys.current().signer.key.certificate
    ends_on = certificate.not_valid_after_utc.date().isoformat()
    return {"valid_until": ends_on, "warning": key_terms.warning(certificate, now())}
