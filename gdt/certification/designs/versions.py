"""The versions of every design: the library's and the office's own, and which is in use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from gdt.certification.designs import queries
from gdt.certification.designs.looks import STANDARD, checked_source, library_designs, library_source, parsed
from gdt.certification.designs.models import CertificateDesign
from gdt.certification.models import CertificateKind
from gdt.errors import DomainError, RecordNotFound

T = TypeVar("T")


class DesignState(StrEnum):
    IN_USE = "in use"
    EARLIER = "earlier"
    DRAFT = "draft"
    NOT_PUBLISHED = "not published"
    CHANGED = "changed"


@dataclass(frozen=True)
class Version:
    """One version as the office sees it. `source` is None when it is not as it was published."""

    name: str
    kind: CertificateKind
    number: int
    state: DesignState
    source: str | None
    sha256: str
    kept_at: datetime | None = None
    kept_by_name: str | None = None
    published_at: datetime | None = None
    published_by_name: str | None = None

    @property
    def title(self) -> str:
        return parsed(self.source, self.name).title if self.source is not None else self.name

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that can stand beside English."""
        return parsed(self.source, self.name).languages if self.source is not None else ()

    @property
    def may_be_published(self) -> bool:
        return self.state in {DesignState.DRAFT, DesignState.NOT_PUBLISHED}


def list_versions() -> list[Version]:
    """All versions by kind, the newest first."""
    records = {record.name: record for record in queries.list_designs()}
    in_use = {kind: newest_number(kind, records.values()) for kind in CertificateKind}
    names = [name for name in library_designs() if name not in records]
    versions = [_of_record(record, in_use) for record in records.values()]
    versions += [_of_library(name, in_use) for name in names]
    order = list(CertificateKind)
    return sorted(versions, key=lambda version: (order.index(version.kind), -version.number))


def get_version(name: str) -> Version:
    """Raises RecordNotFound."""
    found = next((version for version in list_versions() if version.name == name), None)
    if found is None:
        raise RecordNotFound
    return found


def newest_number(kind: CertificateKind, records: Iterable[CertificateDesign]) -> int:
    """The number of the version in use."""
    published = [r.version for r in records if r.kind is kind and r.published_at is not None]
    return max([STANDARD[kind], *published])


def _of_record(record: CertificateDesign, in_use: dict[CertificateKind, int]) -> Version:
    state = DesignState.DRAFT
    if record.published_at is not None:
        newest = record.version == in_use[record.kind]
        state = DesignState.IN_USE if newest else DesignState.EARLIER
    source = _sound(checked_source, record)
    return Version(
        name=record.name,
        kind=record.kind,
        number=record.version,
        state=state if source is not None else DesignState.CHANGED,
        source=source,
        sha256=record.sha256,
        kept_at=record.kept_at,
        kept_by_name=record.kept_by_name,
        published_at=record.published_at,
        published_by_name=record.published_by_name,
    )


def _of_library(name: str, in_use: dict[CertificateKind, int]) -> Version:
    kind, number = CertificateKind(name.partition("-")[0]), int(name.partition("-")[2])
    states = {True: DesignState.NOT_PUBLISHED, False: DesignState.EARLIER}
    state = DesignState.IN_USE if number == in_use[kind] else states[number > in_use[kind]]
    source = _sound(library_source, name)
    return Version(
        name=name,
        kind=kind,
        number=number,
        state=state if source is not None else DesignState.CHANGED,
        source=source,
        sha256=sha256(source.encode()).hexdigest() if source is not None else "",
    )


def _sound(read: Callable[[T], str], what: T) -> str | None:
    try:
        return read(what)
    except DomainError:
        return None
