"""Commands about privacy: erase again what a restore brought back, and give dead rows back to the disk."""

import click
from flask.cli import AppGroup

from gdt.commands.answers import as_json, refuse, say
from gdt.errors import DomainError
from gdt.privacy import disk
from gdt.privacy.restored import erase_again

privacy = AppGroup("privacy", help="Personal data: what a restore brought back, what the disk remembers.")


@privacy.command("erase-again")
@as_json
def erase_again_command(as_json: bool) -> None:
    """Erase everyone on the list of the erased who is here with data; a restore does it by itself."""
    try:
        erased = erase_again()
    except DomainError as error:
        refuse(error.message, as_json)
    say({"erased": erased}, f"Erased again: {erased} people.", as_json)


@privacy.command("rewrite")
@click.option("--yes", is_flag=True, help="Say that nobody works here now: tables cannot be used meanwhile.")
@as_json
def rewrite(yes: bool, as_json: bool) -> None:
    """Write tables anew, so that no byte of deleted rows is left in their files (VACUUM FULL, or VACUUM)."""
    if not yes:
        refuse("Nobody can work meanwhile. Add --yes when nobody does.", as_json)
    count = disk.rewrite_everything()
    words = f"Every table that holds personal data was written anew; {count} erased since the last time."
    say({"rewritten": True, "erased": count}, words, as_json)
