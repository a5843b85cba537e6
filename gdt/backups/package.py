"""The one file of a backup: a ZIP whose parts are listed with their SHA-256, written and read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from gdt.backups.manifest import Manifest, manifest_of
from gdt.errors import DomainError

MANIFEST, CONTENTS = "manifest.json", "contents.sha256"
DATABASE, DOCUMENTS, KEYS = "database/", "documents/", "keys.sealed"
_CHUNK = 1 << 20


@dataclass
class PackageWriter:
    """Adds parts one after the other; `finish` writes the list of them and the manifest."""

    archive: ZipFile
    hashes: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, source: BinaryIO, *, packed: bool = False) -> str:
        """Write a part and return its SHA-256. Documents are packed already; tables are not."""
        part, digest = ZipInfo(name), sha256()
        part.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        part.external_attr = 0o600 << 16
        with self.archive.open(part, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
        self.hashes[name] = digest.hexdigest()
        return self.hashes[name]

    def list_parts(self) -> str:
        """Write the list that `sha256sum -c` reads, too; returns its own SHA-256."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in self.hashes.items())
        return self.add(CONTENTS, BytesIO(listed.encode()), packed=True)

    def finish(self, manifest: Manifest) -> None:
        self.add(MANIFEST, BytesIO(manifest.to_json()))


@dataclass(frozen=True)
class Package:
    """A backup that was found whole: every part is there and is what was written."""

    archive: ZipFile
    manifest: Manifest

    def open(self, name: str) -> BinaryIO:
        return self.archive.open(name)  # type: ignore[return-value]

    def read(self, name: str) -> bytes:
        return self.archive.read(name)

    def names(self, folder: str) -> Iterator[str]:
        return (name for name in self.archive.namelist() if name.startswith(folder))


def open_package(file: Path) -> Package:
    """Read a backup from end to end. Raises DomainError that says what is missing, cut or changed."""
    try:
        archive = ZipFile(file)
    except (BadZipFile, OSError, ValueError) as error:
        raise DomainError(f"{file.name} is no whole backup: it was cut off, or is something else.") from error
    try:
        manifest = manifest_of(archive.read(MANIFEST))
        listed = archive.read(CONTENTS)
        if sha256(listed).hexdigest() != manifest.contents:
            raise DomainError(f"{file.name} is damaged: the list of its parts was changed.")
        _check_parts(archive, _hashes_in(listed.decode()))
    except KeyError as error:
        archive.close()
        raise DomainError(
            f"{file.name} is no whole backup: it has no manifest, was cut off, or is something else."
        ) from error
    except DomainError:
        archive.close()
        raise
    except Exception as error:  # a changed byte makes the archive's own reader fail in many ways
        archive.close()
        raise DomainError(f"{file.name} is damaged: it cannot be read to its end.") from error
    return Package(archive, manifest)


def _hashes_in(listed: str) -> dict[str, str]:
    """SHA-256 by part, out of the list."""
    return {name: digest for digest, name in (line.split("  ", 1) for line in listed.splitlines())}


def _check_parts(archive: ZipFile, wanted: dict[str, str]) -> None:
    found = archive.namelist()
    if len(found) != len(set(found)) or set(found) - set(wanted) - {MANIFEST, CONTENTS}:
        raise DomainError("The backup is damaged: it holds parts that nobody put there.")
    for name, digest in wanted.items():
        if ".." in PurePosixPath(name).parts or name.startswith("/"):
            raise DomainError(f"The backup is not one of ours: {name} would be written outside the store.")
        if name not in found:
            raise DomainError(f"The backup is damaged: {name} is missing.")
        if _digest_of(archive, name) != digest:
            raise DomainError(f"The backup is damaged: {name} is not what was backed up.")


def _digest_of(archive: ZipFile, name: str) -> str | None:
    digest = sha256()
    try:
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
    except Exception:  # the reader of archives fails in many ways on a changed byte
        return None
    return digest.hexdigest()
