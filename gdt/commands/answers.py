"""How commands take a file, know who types, and answer: a sentence or JSON, and an exit code."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from gdt.accounts.factor_queries import has_factor
from gdt.accounts.factors import check_code
from gdt.accounts.models import User
from gdt.accounts.signing_in import check_password

REFUSED = 2
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a sentence.")
only_looking = click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be kept; keep nothing.")
of_sheets = click.option(
    "--sheet",
    "sheets",
    multiple=True,
    help="Read this sheet of a workbook; repeat it for several. Without it all sheets with the same columns.",
)
a_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def say(outcome: dict[str, Any], sentence: str, as_json: bool) -> None:
    click.echo(json.dumps(outcome, ensure_ascii=False) if as_json else sentence)


def whoever_types(email: str, password: str) -> User:
    """The user who says yes at the command line; who has a second step is asked for it here as well."""
    user = check_password(email=email, password=password)
    if has_factor(user):
        check_code(user=user, code=click.prompt("Code of your app, or a recovery code", err=True))
    return user


def refuse(reason: str, as_json: bool) -> Any:
    click.echo(json.dumps({"refused": reason}, ensure_ascii=False) if as_json else reason, err=not as_json)
    sys.exit(REFUSED)
