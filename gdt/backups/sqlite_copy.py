"""The database of a small installation: copied by SQLite itself, in one step, while others write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import NullPool, create_engine

from gdt.backups.manifest import Register
from gdt.backups.package import DATABASE, Package, PackageWriter
from gdt.backups.register_state import state_of
from gdt.database import db
from gdt.errors import DomainError

NAME = f"{DATABASE}gdt.db"


def copy_out(package: PackageWriter, folder: Path) -> Register:
    """Add the database as it is at this moment; returns its state. `folder` has room for a copy."""
    with TemporaryDirectory(dir=folder, prefix=".gdt-backup-") as place:
        copy = Path(place) / "gdt.db"
        with closing(sqlite3.connect(copy)) as target, closing(db.engine.raw_connection()) as source:
            source.driver_connection.backup(target)  # type: ignore[union-attr]
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        state = _sound(copy)
        with copy.open("rb") as content:
            package.add(NAME, content, packed=True)
    return state


@contextmanager
def unpacked(package: Package, folder: Path) -> Iterator[Path]:
    """The database of a backup as a file, found sound and just as the manifest says."""
    with TemporaryDirectory(dir=folder, prefix=".gdt-restore-") as place:
        copy = Path(place) / "gdt.db"
        with package.open(NAME) as source, copy.open("wb") as target:
            while chunk := source.read(1 << 20):
                target.write(chunk)
        if _sound(copy) != package.manifest.register:
            raise DomainError("The backup is damaged: its database is not the one its manifest describes.")
        yield copy


def put_back(copy: Path) -> None:
    """Replace the whole database by a copy, in one transaction of SQLite's own."""
    with closing(sqlite3.connect(copy)) as source, closing(db.engine.raw_connection()) as target:
        source.backup(target.driver_connection)  # type: ignore[arg-type]
    db.engine.dispose()  # connections begin anew, with the journal they want


def _sound(file: Path) -> Register:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if answer != "ok" or strays is not None:
            raise DomainError(f"The database is damaged: {answer if answer != 'ok' else tuple(strays or ())}")
        return state_of(connection)
