"""Commands that keep the register: back everything up into one file, and restore it from there."""

import sys
from pathlib import Path
from typing import Any

import click

from gdt.backups.backing_up import back_up
from gdt.backups.manifest import Manifest
from gdt.backups.restoring import Restored, check_backup, restore
from gdt.backups.sealed_keys import read_password
from gdt.commands.answers import a_file, as_json, refuse, say
from gdt.errors import DomainError

NOT_WHOLE = 1
keys_password_file = click.option(
    "--keys-password-file",
    "password_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the password that seals the private keys; without it they stay out.",
)


@click.command("backup")
@click.argument("place", type=click.Path(path_type=Path))
@keys_password_file
@as_json
def backup(place: Path, password_file: Path | None, as_json: bool) -> None:
    """Back up database, documents and, with a password, the keys into one new file, while people work."""
    try:
        password = read_password(password_file) if password_file else None
        file, manifest = back_up(place, keys_password=password)
    except DomainError as error:
        refuse(error.message, as_json)
    facts = _facts(manifest) | {"file": str(file), "bytes": file.stat().st_size}
    keys = "with the keys, sealed" if manifest.has_keys else "without the keys"
    say(facts, f"{file}: {_sentence(manifest)}, {keys}.", as_json)
    if manifest.damaged:
        click.echo(f"{len(manifest.damaged)} documents are damaged in the store itself:", err=True)
        click.echo("\n".join(manifest.damaged), err=True)
        sys.exit(NOT_WHOLE)


@click.command("restore")
@a_file
@click.option("--into", help="The name of the database here, typed to say that all it holds may be lost.")
@keys_password_file
@click.option("--dry-run", "is_dry", is_flag=True, help="Only check that the backup is whole and fits here.")
@as_json
def restore_command(
    file: Path, into: str | None, password_file: Path | None, is_dry: bool, as_json: bool
) -> None:
    """Restore a backup into the database and documents that the settings name. Stop web and workers first."""
    try:
        password = read_password(password_file) if password_file else None
        if is_dry:
            manifest = check_backup(file, keys_password=password)
            say(_facts(manifest), f"The backup is whole: {_sentence(manifest)}.", as_json)
            return
        restored = restore(file, into=into, keys_password=password)
    except DomainError as error:
        refuse(error.message, as_json)
    _tell(restored, as_json)


def _tell(restored: Restored, as_json: bool) -> None:
    findings = [str(finding) for finding in restored.findings]
    facts = _facts(restored.manifest) | {
        "schema": restored.upgraded_to,
        "keys_written": restored.keys,
        "findings": findings,
        "erased_again": restored.erased_again,
        "not_erased": restored.not_erased,
    }
    lines = [f"Restored: {_sentence(restored.manifest)}.", *findings]
    if restored.not_erased:
        lines.append(restored.not_erased)
    if restored.erased_again:
        lines.append(f"Erased again, as they had asked since: {restored.erased_again} people.")
    lines += [f"Written: {path}" for path in restored.keys]
    lines.append("The log was checked: " + (f"{len(findings)} findings." if findings else "all is well."))
    say(facts, "\n".join(lines), as_json)
    if findings or restored.not_erased:
        sys.exit(NOT_WHOLE)


def _facts(manifest: Manifest) -> dict[str, Any]:
    register = manifest.register
    return {
        "made_at": manifest.made_at,
        "database": register.kind,
        "schema": register.revision,
        "rows": register.rows,
        "log": {"size": register.log_size, "root": register.log_root},
        "documents": manifest.documents,
        "has_keys": manifest.has_keys,
        "settings": manifest.settings,
        "damaged": manifest.damaged,
    }


def _sentence(manifest: Manifest) -> str:
    rows = manifest.register.rows
    return (
        f"{rows.get('certificates', 0):,} certificates, {rows.get('persons', 0):,} people and "
        f"{manifest.documents:,} documents as of {manifest.made_at}, log of "
        f"{manifest.register.log_size:,} entries with root {manifest.register.log_root[:16]}"
    )
