"""The command line of reporting: `flask --app wsgi gdt rounds …`."""

import json
from typing import Any

import click
from flask_babel import force_locale

from gdt.access import OFFICE
from gdt.commands.answers import as_json, refuse, say
from gdt.database import now, reading, unit_of_work
from gdt.errors import RecordNotFound
from gdt.reporting.queries import get_round
from gdt.reporting.reminding import remind
from gdt.reporting.round_queries import RoundLine, list_round_lines


@click.group("rounds")
def rounds() -> None:
    """Yearly reports of the institutions: how they stand, and reminders."""


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
            f"{one['year']}, due {one['due_on']}: {states}; {one['in_time']} of {one['judged']} in time"
        )
    if not found:
        click.echo("No round has been opened yet.")


def _told(line: RoundLine) -> dict[str, Any]:
    return {
        "year": line.round.year,
        "due_on": line.round.due_on.isoformat(),
        "states": {state.value: many for state, many in sorted(line.states.items())},
        "in_time": line.rate.in_time,
        "judged": line.rate.of,
    }


@rounds.command("remind")
@click.option("--year", type=int, required=True)
@as_json
def remind_command(year: int, as_json: bool) -> None:
    """Mail every institution whose report is waited for; running it again the same day mails nobody."""
    try:
        with unit_of_work(), force_locale("en"):
            done = remind(actor=OFFICE, round_=get_round(year))
    except RecordNotFound:
        refuse(f"No round of {year} has been opened.", as_json)
    outcome = {
        "institutions": done.institutions,
        "mails": done.mails,
        "without_coordinator": done.without_coordinator,
    }
    say(outcome, f"{done.institutions} institutions reminded, {done.mails} mails queued.", as_json)
