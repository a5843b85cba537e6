"""The command line of reporting: `flask --app wsgi gdt rounds …`."""

import json
from datetime import datetime
from typing import Any

import click
from flask_babel import force_locale

from gdt.access import OFFICE
from gdt.commands.answers import as_json, refuse, say
from gdt.database import now, reading, unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.periods import period_at
from gdt.partners.models import InstitutionKind
from gdt.reporting.overlap import EVERY
from gdt.reporting.queries import count_reports, get_round
from gdt.reporting.reminding import remind
from gdt.reporting.round_queries import RoundLine, list_round_lines
from gdt.reporting.rounds import open_round


@click.group("rounds")
def rounds() -> None:
    """Reports of the institutions, of a year or a term: opening a round, how they stand, reminders."""


@rounds.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Print every round: how many reports stand in each state, and how many came in time."""
    with reading():
        found = [_told(line) for line in list_round_lines(OFFICE, now().date())]
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found:
        states = ", ".join(f"{many} {state}" for state, many in one["states"].items())
        click.echo(
            f"{one['period']}, due {one['due_on']}: {states}; {one['in_time']} of {one['judged']} in time"
        )
    if not found:
        click.echo("No round has been opened yet.")


def _told(line: RoundLine) -> dict[str, Any]:
    return {
        "round": line.round.code,
        "period": line.round.title,
        "year": line.round.year,
        "starts_on": line.round.starts_on.isoformat(),
        "ends_on": line.round.ends_on.isoformat(),
        "kinds": line.round.kinds,
        "due_on": line.round.due_on.isoformat(),
        "states": {state.value: many for state, many in sorted(line.states.items())},
        "in_time": line.rate.in_time,
        "judged": line.rate.of,
    }


@rounds.command("open")
@click.argument("period", metavar="PERIOD")
@click.option("--due-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day in time.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(EVERY), help="Of institutions; none: all of them."
)
@as_json
def open_command(period: str, due_on: datetime, kinds: tuple[str, ...], as_json: bool) -> None:
    """Ask for the reports of a PERIOD: 2026, 2026-s1 (semester), -t1, -q1, or days such as 2026-0215-0630."""
    try:
        chosen = period_at(period)
        if chosen is None:
            raise DomainError(f"{period} is no period, such as 2026, 2026-s1, 2026-t2 or 2026-0215-0630.")
        with unit_of_work(), force_locale("en"):
            asked = [InstitutionKind(kind) for kind in kinds]
            opened = open_round(actor=OFFICE, period=chosen, due_on=due_on.date(), kinds=asked)
            outcome = {"round": opened.code, "reports": count_reports(opened)}
    except DomainError as error:
        refuse(error.message, as_json)
    say(outcome, f"The round {outcome['round']} is open: {outcome['reports']} reports.", as_json)


@rounds.command("remind")
@click.option("--round", "--year", "code", required=True, help="As in `rounds list`: 2026, 2026-s1, …")
@as_json
def remind_command(code: str, as_json: bool) -> None:
    """Mail every institution whose report is waited for; running it again the same day mails nobody."""
    try:
        with unit_of_work(), force_locale("en"):
            done = remind(actor=OFFICE, round_=get_round(code))
    except RecordNotFound:
        refuse(f"No round of {code} has been opened.", as_json)
    outcome = {
        "institutions": done.institutions,
        "mails": done.mails,
        "without_coordinator": done.without_coordinator,
    }
    say(outcome, f"{done.institutions} institutions reminded, {done.mails} mails queued.", as_json)
