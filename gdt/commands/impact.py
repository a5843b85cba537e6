"""The command line of the figures: `flask --app wsgi gdt impact …`."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from gdt.access import OFFICE
from gdt.commands.answers import as_json, refuse, say
from gdt.database import reading, unit_of_work
from gdt.errors import RecordNotFound
from gdt.impact.checking import PEOPLE_A_PORTION, Progress, check_totals, repair_totals
from gdt.impact.explaining import explain, headcounts_behind, rows_behind
from gdt.impact.figures_page import nothing_here
from gdt.impact.in_words import tell, tell_explained
from gdt.impact.measures import definitions, get_measure
from gdt.impact.queries import get_scope, load_network, read_figures, today
from gdt.impact.scopes import Scope
from gdt.impact.telling import tell_figures

SAY_EVERY_SECONDS = 5
SHOWN = 50
CASES: dict[str, Callable[[Any], Any]] = {
    "year": int,
    "country": str.upper,
    "region": str.lower,
    "institution": str.lower,
    "gender": str.lower,
}


@click.group("impact", invoke_without_command=True)
@click.option("--year", type=int)
@click.option("--region", help="Code of a region.")
@click.option("--country", help="Two-letter code of a country.")
@click.option("--institution", help="Code of an institution.")
@click.option("--module", help="Code of a module.")
@click.option("--gender", help="female, male, other or not-given.")
@as_json
@click.pass_context
def impact(context: click.Context, /, year: int | None, as_json: bool, **choices: str | None) -> None:
    """Print the totals of a year; the commands below say what they count, check them and open them."""
    if context.invoked_subcommand is not None:
        return
    if year is None:
        raise click.UsageError("Missing option '--year'.", context)
    network = load_network(OFFICE)
    try:
        scope = get_scope(network, _scope(year=year, **choices))
    except RecordNotFound:
        refuse("There is no such region, country, institution, module or gender in the network.", as_json)
    nothing = nothing_here(scope, read_figures(OFFICE, network, scope).years(scope), today())
    if nothing is not None:
        refuse(nothing, as_json)
    figures = tell_figures(OFFICE, scope)
    say(figures, tell(network, scope, figures), as_json)


def _scope(**choices: Any) -> Scope:
    """What was chosen, with codes in any case."""
    return Scope(**{name: CASES.get(name, str)(value) for name, value in choices.items() if value})


@impact.command("definitions")
@as_json
def definitions_command(as_json: bool) -> None:
    """Print what each number counts."""
    catalogue = definitions()
    if as_json:
        click.echo(json.dumps(catalogue, ensure_ascii=False))
        return
    for entry in catalogue:
        click.echo(f"{entry['measure']} ({entry['unit']}): {entry['definition']} {entry['rows']}")
        click.echo(f"  The year is that of {entry['year']}. {entry['made_of']}")


@impact.command("check")
@click.option("--repair", is_flag=True, help="Count everything anew where something differs.")
@as_json
def check(repair: bool, as_json: bool) -> None:
    """Count everything from the rows again: 0 is well, 1 something differs (and was repaired if asked)."""
    with reading(snapshot=True):
        findings = list(check_totals(_progress()))
    if findings and repair:
        with unit_of_work():
            repair_totals()
    outcome = {"is_right": not findings, "is_repaired": bool(findings) and repair, "findings": findings}
    if as_json:
        click.echo(json.dumps(outcome))
    else:
        for finding in findings[:SHOWN]:
            click.echo(", ".join(f"{name} {value}" for name, value in finding.items()))
        word = "repaired" if repair else "run again with --repair to count anew"
        click.echo(f"{len(findings)} differences: {word}." if findings else "Every total is right.")
    sys.exit(1 if findings else 0)


def _progress() -> Progress:
    """Tell on the error stream what is being counted, now and then."""
    said_at = time.monotonic()

    def say(kind: str, portion: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at > SAY_EVERY_SECONDS:
            said_at = time.monotonic()
            click.echo(f"{kind}: {portion * PEOPLE_A_PORTION} people counted", err=True)

    return say


@impact.command("explain")
@click.argument("measure")
@click.option("--year", type=int)
@click.option("--country", help="Two-letter code of a country.")
@click.option("--institution", help="Code of an institution.")
@click.option("--region", help="Code of a region.")
@click.option("--module", help="Code of a module.")
@click.option("--gender", help="female, male, other or not-given.")
@as_json
def explain_command(measure: str, as_json: bool, **choices: Any) -> None:
    """List what a number is made of: its parts, its headcounts and the rows behind it."""
    scope = _scope(**choices)
    try:
        counted = get_measure(measure.replace("_", "-"), scope.gender)
        explained = explain(counted, scope)
    except RecordNotFound:
        refuse("There is no such measure, region, country, institution, module or gender.", as_json)
    parts = {"headcounts": headcounts_behind(counted, scope), "rows": rows_behind(counted, scope)}
    if as_json:
        _echo_json(explained, parts)
        return
    for line in tell_explained(load_network(OFFICE), scope, counted, explained):
        click.echo(line)
    for name, entries in parts.items():
        for entry in entries:
            click.echo(f"{name}: " + ", ".join(f"{key} {value}" for key, value in entry.items()))


def _echo_json(explained: dict[str, Any], parts: dict[str, Iterator[dict[str, Any]]]) -> None:
    """One object, written as it is read: a number may stand for a million rows."""
    click.echo(json.dumps(explained, ensure_ascii=False)[:-1], nl=False)
    for name, entries in parts.items():
        click.echo(f', "{name}": [', nl=False)
        for n, entry in enumerate(entries):
            click.echo((", " if n else "") + json.dumps(entry, ensure_ascii=False), nl=False)
        click.echo("]", nl=False)
    click.echo("}")
