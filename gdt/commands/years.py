"""Closing years and what has changed since, as commands: `flask --app wsgi gdt impact close 2025 …`."""

import json
import sys

import click

from gdt.access import Permission, may
from gdt.commands.answers import as_json, refuse, say, whoever_types
from gdt.database import reading, unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import get_closed
from gdt.impact.measures import KEY_FIGURES
from gdt.impact.report_standing import Standing
from gdt.impact.scopes import Scope
from gdt.impact.seasons import count_seasons
from gdt.impact.year_pages import differences_within, restatement_table


@click.command("close")
@click.argument("year", type=int)
@click.option("--as", "email", help="Your e-mail address; asks your password. It is your yes.")
@click.option("--publish", "seen", metavar="FINGERPRINT", help="What the look at the same figures printed.")
@as_json
def close(year: int, email: str | None, seen: str | None, as_json: bool) -> None:
    """Look at what closing a year would publish; with --publish and --as, publish it once and for all."""
    try:
        if seen is None:
            _look(year, as_json)
            return
        if email is None:
            raise DomainError("Say who you are with --as: closing a year is somebody's yes.")
        password = click.prompt("Password", hide_input=True, err=True)
        with unit_of_work():
            actor = whoever_types(email, password)
            if not may(actor, Permission.YEARS_CLOSE):
                raise DomainError("Your role does not close years.")
            closed = close_year(actor=actor, year=year, seen=seen)
            outcome = {"year": year, "figures_sha256": closed.publication.facts_sha256}
    except DomainError as error:
        refuse(error.message, as_json)
    say(outcome, f"{year} is closed. Its figures have the SHA-256 {outcome['figures_sha256']}.", as_json)


def _look(year: int, as_json: bool) -> None:
    with reading(snapshot=True):
        preview = preview_closing(year)
        numbers = {measure.key: preview.content.of(measure.key).total for measure in KEY_FIGURES}
        standing = preview.content.reports or Standing()
    reports = {"asked": standing.asked, "open": [report._asdict() for report in standing.open]}
    lines = [f"{name}: {value}" for name, value in numbers.items()]
    for one in standing.open:
        which = f"report of {one.term}" if one.term else "report"
        lines.append(f"{one.institution}: {which} {one.state}, findings not looked at: {one.findings}")
    lines.append(f"To publish: gdt impact close {year} --as EMAIL --publish {preview.seen}")
    say({"year": year, **numbers, "reports": reports, "fingerprint": preview.seen}, "\n".join(lines), as_json)


@click.command("restatements")
@click.argument("year", type=int)
@as_json
def restatements_command(year: int, as_json: bool) -> None:
    """Print what differs today from a closed year's figures, and why: 0 is nothing, 1 something."""
    try:
        with reading(snapshot=True):
            header, rows = restatement_table(differences_within(get_closed(year), Scope(), by_module=True))
            found = [dict(zip(header, row, strict=True)) for row in rows]
    except RecordNotFound:
        refuse(f"{year} is not closed.", as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for row in found:
            click.echo(", ".join(f"{name} {value}" for name, value in row.items() if value != ""))
        click.echo(f"{len(found)} differences." if found else "Every figure is the one that was published.")
    sys.exit(1 if found else 0)


@click.command("seasons")
def seasons() -> None:
    """Count anew how earlier years grew month by month, which the forecasts are drawn from."""
    click.echo(f"{count_seasons()} months counted.")


YEAR_COMMANDS = (close, restatements_command, seasons)
