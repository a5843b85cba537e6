"""The keys an administrator can look at: every one that was ever used, and those in use now."""

from typing import Any

from gdt.certification import keys, queries
from gdt.certification.keys import KeyFacts
from gdt.certification.models import CertificationKey


def known_keys() -> list[dict[str, Any]]:
    """Id, kind, since when it was used (None: not yet), whether for development, whether in use now."""
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
        }
        for name, key in every.items()
    ]
