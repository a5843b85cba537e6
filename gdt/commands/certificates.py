"""Commands for the life of certificates after their issue: revoke a list, replace one, remind of the end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from gdt.access import OFFICE
from gdt.certification.editions.corrections import Corrections
from gdt.certification.editions.replacing import replace_certificate
from gdt.certification.queries import get_certificate
from gdt.certification.revoking import queries as revocation_queries
from gdt.certification.revoking import wording as revocation_wording
from gdt.certification.revoking.bulk import check_list, confirm_revocation
from gdt.certification.revoking.lists import Entry, read_file
from gdt.certification.revoking.models import LineState, RevocationOrder
from gdt.certification.terms.reminding import send_reminders
from gdt.commands.answers import as_json, refuse, say
from gdt.database import now, reading, unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.spreadsheets.refusals import Refused


@click.command("revoke")
@click.option(
    "--list", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A .csv or .xlsx file with a column of numbers or codes, or a text with one in a line.",
)  # fmt: skip
@click.option("--reason", required=True, help="What everyone who verifies one of them will read.")
@click.option("--tell-holders", is_flag=True, help="Mail those with an address.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@as_json
def revoke(file: Path, reason: str, tell_holders: bool, dry_run: bool, as_json: bool) -> None:
    """Revoke the certificates of a list. Doing it again finds them revoked."""
    try:
        with force_locale("en"):
            entries = read_file(file.read_bytes(), file.name)
            outcome = (
                _looked_at(entries, file.name)
                if dry_run
                else _carried_out(entries, file.name, reason, tell_holders)
            )
    except Refused as error:
        refuse(error.reason, as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    lines = [f"line {one['line']}: {one['typed']}: {one['why']}" for one in outcome["left_out"]]
    head = f"{outcome['to_revoke']} to revoke" if dry_run else f"{outcome['revoked']} revoked"
    say(outcome, "\n".join([f"{head}, {len(lines)} left out.", *lines]), as_json)


def _looked_at(entries: Sequence[Entry], source: str) -> dict[str, Any]:
    with reading():
        order = check_list(actor=OFFICE, entries=entries, source=source)
        return {"to_revoke": order.counted, "left_out": _left_out(order, LineState.STANDING)}


def _carried_out(entries: Sequence[Entry], source: str, reason: str, tells_holders: bool) -> dict[str, Any]:
    """Check, confirm and revoke in this process; a list with nothing to revoke is carried out as well."""
    with unit_of_work():
        order = check_list(actor=OFFICE, entries=entries, source=source)
        order_id = order.id
        if order.counted:
            confirm_revocation(actor=OFFICE, order=order, reason=reason, tells_holders=tells_holders)
    with unit_of_work():
        order = revocation_queries.get_order(OFFICE, order_id)
        if order.job_failure:
            raise DomainError(order.job_failure)
        revoked = revocation_queries.count_lines(order)[LineState.REVOKED]
        return {"revoked": revoked, "left_out": _left_out(order, LineState.REVOKED)}


def _left_out(order: RevocationOrder, meant: LineState) -> list[dict[str, Any]]:
    return [
        {
            "line": line.line,
            "typed": line.typed,
            "state": line.state.value,
            "why": str(revocation_wording.LINE_STATES[line.state][2]),
        }
        for line in revocation_queries.every_line_left_out(order)
        if line.state is not meant
    ]


@click.command("replace")
@click.argument("number")
@click.option("--name", help="The name as it should be printed.")
@click.option("--native-name", help="The name in the holder's own script; empty to print none.")
@click.option("--reason", required=True, help="Why; the history of both certificates tells it.")
@click.option("--correct-record", is_flag=True, help="The person's record holds the same mistake.")
@as_json
def replace(
    number: str, name: str | None, native_name: str | None, reason: str, correct_record: bool, as_json: bool
) -> None:
    """Replace a certificate by one with the name corrected; the old one points to it."""
    corrections = Corrections(printed_name=name, native_name=native_name, corrects_record=correct_record)
    try:
        with unit_of_work(), force_locale("en"):
            old = get_certificate(OFFICE, number)
            newer = replace_certificate(actor=OFFICE, certificate=old, reason=reason, corrections=corrections)
            outcome = {"replaced": old.number, "by": newer.number, "code": newer.code}
    except RecordNotFound:
        refuse(f"There is no certificate with the number {number}.", as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    say(outcome, f"{outcome['replaced']} is replaced by {outcome['by']}.", as_json)


@click.command("remind")
@as_json
def remind(as_json: bool) -> None:
    """Remind holders and institutions of certificates that end soon; again on the same day: nothing new."""
    outcome = send_reminders(now().date())
    sentence = "{reminders} certificates end soon: {holders} holders and {institutions} institutions mailed."
    say(outcome, sentence.format(**outcome), as_json)
