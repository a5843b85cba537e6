"""Making a backup while people work: the database first, then the documents its rows point to.

A document is stored before the row that points to it and under the hash of its bytes, so whatever the
snapshot of the database speaks of is in the store when the documents are read.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any, BinaryIO
from zipfile import ZipFile

from flask import current_app

from gdt import audit, documents
from gdt.access import OFFICE
from gdt.backups import postgresql_copy, schema, sealed_keys, sqlite_copy
from gdt.backups.manifest import Manifest, Register
from gdt.backups.package import DOCUMENTS, KEYS, PackageWriter
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError, RecordNotFound

SETTINGS = ("BASE_URL", "SIGNATURE_LEVEL", "TIMESTAMP_URL", "APPROVAL_OVER", "MAIL_DEFAULT_SENDER")
_DIGEST = len(sha256().hexdigest())


@dataclass
class _Stored:
    """The documents taken so far, and those whose bytes are not what their name says."""

    count: int
    size: int
    damaged: list[str]


def back_up(place: Path, *, keys_password: bytes | None) -> tuple[Path, Manifest]:
    """Write a backup into a folder, or as a new file; keys come along only under a password.

    Raises DomainError when the file is there already or cannot be written.
    """
    file = _file(place, now())
    draft = file.with_name(f".{file.name}.unfinished")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            with ZipFile(out, "w", allowZip64=True) as archive:
                manifest = _written(PackageWriter(archive), file.parent, keys_password)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    except OSError as error:
        raise DomainError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    _note(manifest)
    return file, manifest


def _file(place: Path, moment: datetime) -> Path:
    file = place / f"gdt-{moment:%Y%m%dT%H%M%SZ}.zip" if place.is_dir() else place
    if file.exists():
        raise DomainError(f"{file} is there already; a backup never overwrites another.")
    if not file.parent.is_dir():
        raise DomainError(f"There is no folder {file.parent}.")
    return file


def _written(package: PackageWriter, folder: Path, keys_password: bytes | None) -> Manifest:
    made_at = now()
    register = _database(package, folder)
    stored = _documents(package)
    if keys_password is not None:
        package.add(KEYS, BytesIO(sealed_keys.seal_keys(current_app.config, keys_password)))
    manifest = Manifest(
        made_at=made_at.isoformat(timespec="seconds"),
        register=register,
        documents=stored.count,
        documents_bytes=stored.size,
        contents=package.list_parts(),
        has_keys=keys_password is not None,
        settings={f"GDT_{name}": str(current_app.config[name] or "") for name in SETTINGS},
        damaged=stored.damaged,
    )
    package.finish(manifest)
    return manifest


def _database(package: PackageWriter, folder: Path) -> Register:
    if db.engine.dialect.name == "sqlite":
        return sqlite_copy.copy_out(package, folder)
    return postgresql_copy.copy_out(package)


def _documents(package: PackageWriter) -> _Stored:
    stored = _Stored(0, 0, [])
    for key in documents.every_key():
        try:
            source = documents.open_to_read(key)
        except RecordNotFound:  # an archive whose time was over, taken away in this moment
            continue
        with source:
            counted = _Counted(source)
            digest = package.add(f"{DOCUMENTS}{key}", counted)  # type: ignore[arg-type]
        stored.count, stored.size = stored.count + 1, stored.size + counted.size
        if _is_hash(PurePath(key).stem) and PurePath(key).stem != digest:
            stored.damaged.append(key)
    return stored


@dataclass
class _Counted:
    source: BinaryIO
    size: int = 0

    def read(self, size: int) -> bytes:
        chunk = self.source.read(size)
        self.size += len(chunk)
        return chunk


def _is_hash(name: str) -> bool:
    return len(name) == _DIGEST and set(name) <= set("0123456789abcdef")


def _note(manifest: Manifest) -> None:
    """All personal data left the system: the trail says so, unless its schema is still to be upgraded."""
    if manifest.register.revision != schema.head():
        return
    facts: dict[str, Any] = {"made_at": manifest.made_at, "documents": manifest.documents}
    with unit_of_work():
        audit.record_operation(OFFICE, "backed up", "Backed up the whole register.", **facts)
