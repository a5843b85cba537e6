"""Commands about people: who is probably in the register twice."""

from typing import Any

from flask.cli import AppGroup
from flask_babel import force_locale

from gdt.access import OFFICE
from gdt.commands.answers import as_json, say
from gdt.database import db, reading
from gdt.people.duplicate_models import ProbablePair
from gdt.people.duplicate_queries import WantedPairs, count_to_compare, pairs
from gdt.people.duplicate_words import REASONS, STRENGTHS
from gdt.people.likeness import Reason, Strength

people = AppGroup("people", help="People of the register.")


@people.command("duplicates")
@as_json
def duplicates(as_json: bool) -> None:
    """Print the pairs that are probably one person, the surest first. Changes nothing."""
    with reading(), force_locale("en"):
        order = (ProbablePair.strength.desc(), ProbablePair.id)
        found = [_facts(pair) for pair in db.session.scalars(pairs(OFFICE, WantedPairs()).order_by(*order))]
        outcome = {"pairs": found, "not_compared_yet": count_to_compare()}
        lines = [
            f"{p['pair']}  {p['strength']}  {p['reason']}  {p['first']['name']} ({p['first']['id']})"
            f" / {p['second']['name']} ({p['second']['id']})"
            for p in found
        ]
    say(outcome, "\n".join(lines) or "Nobody is here twice, as far as can be told.", as_json)


def _facts(pair: ProbablePair) -> dict[str, Any]:
    return {
        "pair": pair.id,
        "strength": str(STRENGTHS[Strength(pair.strength)][0]),
        "reason": str(REASONS[pair.reason]),
        "reasons": [str(REASONS[Reason(reason)]) for reason in pair.reasons],
        "first": {"id": pair.first_id, "name": pair.first.printed_name},
        "second": {"id": pair.second_id, "name": pair.second.printed_name},
    }
