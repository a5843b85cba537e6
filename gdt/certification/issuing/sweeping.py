"""Sweeping: files that a crash left in the store, and that no record points to.

A file is written moments before the transaction that points to it. Only what is older than the age given is
looked at, and no age under an hour is taken, so a sweep may run beside issuing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from gdt import documents
from gdt.certification.archives import archiving
from gdt.certification.archives.models import CertificateArchive
from gdt.certification.issuing import registering
from gdt.certification.models import Certificate
from gdt.database import db, now, reading
from gdt.errors import DomainError

YOUNGEST = timedelta(hours=1)
AT_A_TIME = 500
_pointers: dict[str, list[Any]] = defaultdict(list)


def points_into(folder: str, *columns: Any) -> None:
    """Register the columns whose values are keys of files in a folder of the store."""
    _pointers[folder] += columns


points_into(registering.FOLDER, Certificate.file_key)
points_into(archiving.FOLDER, CertificateArchive.file_key)


@dataclass(frozen=True)
class Swept:
    """How many files were looked at, which nobody points to, and their bytes."""

    looked_at: int
    orphans: list[str]
    size: int


def sweep_documents(*, older_than: timedelta, dry_run: bool) -> Swept:
    """Remove, or only name, the files older than that which nobody points to. Raises DomainError."""
    if older_than < YOUNGEST:
        raise DomainError("Files younger than an hour may be on their way into the register. Leave them.")
    looked_at, orphans, size = 0, list[str](), 0
    for folder in list(_pointers):
        for keys in _portions(documents.list_older(folder, now() - older_than)):
            looked_at += len(keys)
            for key in _unknown(folder, keys):
                orphans.append(key)
                size += documents.size(key)
                if not dry_run:
                    documents.remove(key)
    return Swept(looked_at, orphans, size)


def _portions(keys: Iterator[str]) -> Iterator[Sequence[str]]:
    while portion := list(islice(keys, AT_A_TIME)):
        yield portion


def _unknown(folder: str, keys: Sequence[str]) -> list[str]:
    """Those that no record names, asked now, right before they go."""
    with reading():
        known = {
            key
            for column in _pointers[folder]
            for key in db.session.scalars(select(column).where(column.in_(keys)))
        }
    return [key for key in keys if key not in known]
