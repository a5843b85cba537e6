"""Restoring a backup: everything in it is read and checked before anything here is touched."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_migrate import upgrade

from gdt import audit, documents, outgoing
from gdt.access import OFFICE
from gdt.backups import postgresql_copy, schema, sealed_keys, sqlite_copy
from gdt.backups.manifest import Manifest
from gdt.backups.package import DOCUMENTS, KEYS, Package, open_package
from gdt.backups.register_state import is_empty, state_of
from gdt.certification.checking.everything import Finding, check_log
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.filters import moment
from gdt.privacy.restored import erase_again
from gdt.row_security import owner_engine


@dataclass(frozen=True)
class Restored:
    """What is here after a restore; findings are those of the check of the whole log."""

    manifest: Manifest
    upgraded_to: str
    keys: list[str]
    findings: list[Finding]
    erased_again: int
    not_erased: str = ""  # why people on the list could not be recognised here


@dataclass(frozen=True)
class _Checked:
    """A backup that can be restored here, with its secrets if their password was given."""

    package: Package
    copy: Path | None
    keys: dict[str, bytes]


def check_backup(file: Path, *, keys_password: bytes | None = None) -> Manifest:
    """What a backup holds. Raises DomainError when it is damaged or cannot be restored here."""
    with _checked(file, keys_password) as checked:
        return checked.package.manifest


def restore(file: Path, *, into: str | None, keys_password: bytes | None = None) -> Restored:
    """Make this installation what the backup says. A database that holds rows has to be named in `into`.

    Raises DomainError, with nothing touched, for a backup that is damaged, of another kind, or newer.
    """
    with _checked(file, keys_password) as checked:
        _refuse_to_replace(into)
        _put_documents_back(checked.package)
        _put_database_back(checked)
        keys = sealed_keys.put_keys_back(checked.keys, current_app.config["DATA_DIR"])
        manifest = checked.package.manifest
    upgrade()
    _note(manifest)
    erased, why_not = _erase_again()
    return Restored(manifest, schema.head(), keys, list(check_log()), erased, why_not)


def _erase_again() -> tuple[int, str]:
    try:
        return erase_again(), ""
    except DomainError as error:  # the list is of another secret: everything else is restored all the same
        return 0, error.message


def name_of_database() -> str:
    """What a person types to say that this database may be replaced."""
    return Path(db.engine.url.database or "").name


@contextmanager
def _checked(file: Path, keys_password: bytes | None) -> Iterator[_Checked]:
    with ExitStack() as open_files:
        package = open_package(file)
        open_files.callback(package.archive.close)
        _refuse_unfit(package.manifest)
        keys = _unsealed(package, keys_password)
        copy = None
        if package.manifest.register.kind == "sqlite":
            copy = open_files.enter_context(sqlite_copy.unpacked(package, current_app.config["DATA_DIR"]))
        yield _Checked(package, copy, keys)


def _refuse_unfit(manifest: Manifest) -> None:
    kind = db.engine.dialect.name
    if manifest.register.kind != kind:
        raise DomainError(
            f"This backup is of {manifest.register.kind}, and GDT_DATABASE_URL names {kind}. "
            "A backup is restored into the kind of database it came from."
        )
    if not schema.is_known(manifest.register.revision):
        raise DomainError(
            f"This backup has schema {manifest.register.revision}, which this version does not know. "
            "Install the version that made it, or a later one."
        )


def _unsealed(package: Package, keys_password: bytes | None) -> dict[str, bytes]:
    if keys_password is None:
        return {}
    if not package.manifest.has_keys:
        raise DomainError("There are no keys in this backup. Restore it without a password for them.")
    return sealed_keys.unseal_keys(package.read(KEYS), keys_password)


def _refuse_to_replace(into: str | None) -> None:
    with owner_engine().connect() as connection:
        postgresql_copy.refuse_login_without_tables(connection)
        held = None if is_empty(connection) else state_of(connection)
    name = name_of_database()
    if into is not None and into != name:
        raise DomainError(f"The database here is called {name}, not {into}. Nothing was touched.")
    if held is not None and into is None:
        raise DomainError(
            f"The database {name} is not empty: it holds {held.certificates:,} certificates and "
            f"{held.rows.get('persons', 0):,} people. To lose them all and restore, add --into {name}."
        )


def _put_documents_back(package: Package) -> None:
    for name in package.names(DOCUMENTS):
        with package.open(name) as source:
            documents.put_back(name.removeprefix(DOCUMENTS), source)


def _put_database_back(checked: _Checked) -> None:
    """The queue of before goes with it: workers take up again what the restored rows say is to be done."""
    db.session.remove()
    if checked.copy is not None:
        sqlite_copy.put_back(checked.copy)
        for file in current_app.config["DATA_DIR"].glob("jobs.db*"):
            file.unlink()
    else:
        postgresql_copy.put_back(checked.package)


def _note(manifest: Manifest) -> None:
    facts: dict[str, Any] = {"made_at": manifest.made_at, "revision": manifest.register.revision}
    made = moment(datetime.fromisoformat(manifest.made_at))
    with unit_of_work():
        outgoing.doubt_all_waiting("It waited when the backup was made, and may have been sent since.")
        audit.record_operation(OFFICE, "restored", f"Restored the backup of {made}.", **facts)
