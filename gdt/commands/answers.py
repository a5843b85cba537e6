"""How commands take a file and answer: a sentence or JSON, and an exit code that a script understands."""

import json
import sys
from pathlib import Path
from typing import Any

import click

REFUSED = 2
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a sentence.")
only_looking = click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be kept; keep nothing.")
a_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def say(outcome: dict[str, Any], sentence: str, as_json: bool) -> None:
    click.echo(json.dumps(outcome, ensure_ascii=False) if as_json else sentence)


def refuse(reason: str, as_json: bool) -> Any:
    click.echo(json.dumps({"refused": reason}, ensure_ascii=False) if as_json else reason, err=not as_json)
    sys.exit(REFUSED)
