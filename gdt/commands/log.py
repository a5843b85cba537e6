"""The command line of the log: `flask --app wsgi gdt log …`."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from gdt.certification.checking.everything import check_log
from gdt.certification.checking.heads import NoHead, note_in
from gdt.certification.log.heads import sign_head_now
from gdt.certification.log.writing import adopt
from gdt.commands.answers import as_json
from gdt.database import unit_of_work

TAMPERED, CANNOT_RUN = 1, 2
SAY_EVERY_SECONDS = 5
ADOPT_AT_ONCE = 200

log = AppGroup("log", help="The tamper-evident log of certificates.")


@log.command("head")
@as_json
def head(as_json: bool) -> None:
    """Sign today's head of the log; with nothing new since, print the one there is."""
    with unit_of_work():
        signed, is_new = sign_head_now()
        facts = {"new": is_new, "size": signed.size, "root": signed.root, "mailed_to": signed.mailed_to}
        facts |= {"note": signed.note}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(facts["note"], nl=False)
    words = f"Signed now, mailed to {facts['mailed_to']} witnesses." if is_new else "Nothing is new today."
    click.echo(words, err=True)


@log.command("verify")
@click.option(
    "--head",
    "head_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head somebody saved: the downloaded file, or the mail as it was saved.",
)
@as_json
def verify(head_file: Path | None, as_json: bool) -> None:
    """Check the log against all certificates, files, badges, heads and keys: 0 is well, 1 tampered."""
    try:
        saved = note_in(head_file.read_bytes()) if head_file else None
        findings = list(_said(check_log(saved, _progress()), as_json))
    except (NoHead, OSError, SQLAlchemyError) as error:
        click.echo(f"The check cannot run: {error}", err=True)
        sys.exit(CANNOT_RUN)
    if as_json:
        click.echo(json.dumps({"is_sound": not findings, "findings": findings}, ensure_ascii=False))
    elif findings:
        click.echo(f"{len(findings)} findings: something was changed or lost.")
    else:
        click.echo("All is well: nothing was changed and nothing is missing.")
    sys.exit(TAMPERED if findings else 0)


@log.command("adopt")
@as_json
def adopt_all(as_json: bool) -> None:
    """Enter what was issued before there was a log. Needed once after an upgrade; again does nothing."""
    total = 0
    while True:
        with unit_of_work():
            count = adopt(ADOPT_AT_ONCE)
        if count == 0:
            break
        total += count
    click.echo(json.dumps({"entered": total}) if as_json else f"{total} certificates entered the log.")


def _said(findings: Any, as_json: bool) -> Any:
    """Each finding as it is found, for a check may take an hour."""
    for finding in findings:
        if not as_json:
            click.echo(str(finding))
        yield {"number": finding.number, "sentence": finding.sentence}


def _progress() -> Callable[[int, int], None]:
    """Tell on the error stream how far it is, now and then."""
    said_at = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at > SAY_EVERY_SECONDS:
            said_at = time.monotonic()
            click.echo(f"{done} of {total} entries read", err=True)

    return say
