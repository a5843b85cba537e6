"""The command line of the trail: `flask --app wsgi gdt trail …`."""

import json
import re
import sys
from collections.abc import Iterator

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from gdt.certification.log.queries import list_trail_heads
from gdt.commands.answers import as_json, refuse
from gdt.database import reading
from gdt.trail import head as newest
from gdt.trail_checking import KnownHead, check_trail

TAMPERED, CANNOT_RUN = 1, 2
A_HEAD = re.compile(r"([0-9]{1,12}):([0-9a-f]{64})")

trail = AppGroup("trail", help="The trail of what people did, and the chain that holds it together.")


@trail.command("head")
@as_json
def head(as_json: bool) -> None:
    """Print how many events are sealed, and the newest seal; keep it elsewhere to check against it later."""
    with reading():
        found = newest()
    click.echo(json.dumps(found._asdict()) if as_json else f"{found.size}:{found.hash}")


@trail.command("verify")
@click.option(
    "--head", "saved", help="What `gdt trail head` printed, or a mail to a witness said, as SIZE:SEAL."
)
@as_json
def verify(saved: str | None, as_json: bool) -> None:
    """Compute every seal again, and compare with the heads that were kept: 0 is well, 1 tampered."""
    heads = list(_given(saved, as_json))
    try:
        with reading():
            heads += [
                KnownHead(f"The log's head of {day}", size, seal) for day, size, seal in list_trail_heads()
            ]
        findings = list(check_trail(heads))
    except SQLAlchemyError as error:
        click.echo(f"The check cannot run: {error}", err=True)
        sys.exit(CANNOT_RUN)
    if as_json:
        click.echo(json.dumps({"is_sound": not findings, "findings": findings}, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding)
        click.echo(
            f"{len(findings)} findings: something was changed or lost."
            if findings
            else "All is well: nothing was changed and nothing is missing."
        )
    sys.exit(TAMPERED if findings else 0)


def _given(saved: str | None, as_json: bool) -> Iterator[KnownHead]:
    parts = A_HEAD.fullmatch(saved.strip()) if saved is not None else None
    if parts is not None:
        yield KnownHead("The head you gave", int(parts[1]), parts[2])
    elif saved is not None:
        refuse("A head looks like 1204:9f86d0…, a number, a colon and 64 letters and digits.", as_json)
