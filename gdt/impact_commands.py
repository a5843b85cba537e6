"""The command line of the figures: `flask --app wsgi gdt impact …`."""

import json

import click

from gdt.access import OFFICE
from gdt.command_answers import as_json, refuse, say
from gdt.errors import RecordNotFound
from gdt.impact.measures import definitions
from gdt.impact.queries import totals


@click.group("impact", invoke_without_command=True)
@click.option("--year", type=int)
@click.option("--country", help="Two-letter code of a country.")
@click.option("--institution", help="Code of an institution.")
@as_json
@click.pass_context
def impact(
    context: click.Context, year: int | None, country: str | None, institution: str | None, as_json: bool
) -> None:
    """Print the totals of a year; the commands below say what they count, check them and open them."""
    if context.invoked_subcommand is not None:
        return
    if year is None:
        raise click.UsageError("Missing option '--year'.", context)
    try:
        figures = totals(viewer=OFFICE, year=year, country=country, institution=institution)
    except RecordNotFound:
        refuse("There is no such country or institution in the network.", as_json)
    say(figures, "\n".join(f"{name}: {value}" for name, value in figures.items()), as_json)


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
