"""What a backup says of itself: when, of which database and schema, how much of what, and the log's state."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from gdt.errors import DomainError

FORMAT = 1


@dataclass(frozen=True)
class Register:
    """A database at one moment: its kind and schema, the rows of every table, and the log over them."""

    kind: str
    revision: str
    rows: dict[str, int]
    log_size: int
    log_root: str

    @property
    def certificates(self) -> int:
        return self.rows.get("certificates", 0)


@dataclass(frozen=True)
class Manifest:
    """The first thing a restore reads. `contents` is the SHA-256 of the list of all parts."""

    made_at: str
    register: Register
    documents: int
    documents_bytes: int
    contents: str
    has_keys: bool
    settings: dict[str, str]
    damaged: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def manifest_of(content: bytes) -> Manifest:
    """Read a manifest. Raises DomainError when it is none, or of a format from later than this version."""
    try:
        facts: dict[str, Any] = json.loads(content)
        if facts["format"] > FORMAT:
            raise DomainError(
                "This backup was made by a newer version of GDT Network. Install that one first."
            )
        return Manifest(**facts | {"register": Register(**facts["register"])})
    except (ValueError, TypeError, KeyError) as error:
        raise DomainError("This is no backup of GDT Network: its manifest cannot be read.") from error
