"""What each country asks for: below which age a guardian agrees, how long data is kept, transfers."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
STRICTEST = 18  # for a country that is not in the file yet


@dataclass(frozen=True)
class CountryRule:
    """One country's rule. `checked` names what was read at the source; a lawyer confirms the rest."""

    code: str
    law: str
    source: str
    guardian_below: int
    age_said: str
    basis: str
    keep_years: int
    transfer: str
    checked: tuple[str, ...]


@cache
def every_rule() -> dict[str, CountryRule]:
    """The rules by country code."""
    with FILE.open("rb") as file:
        found = tomllib.load(file)
    return {
        code: CountryRule(code=code, **rule | {"checked": tuple(rule["checked"])})
        for code, rule in found.items()
    }


def guardian_below(country_code: str | None) -> int:
    """The age below which a guardian agrees; the strictest usual one where no rule is known."""
    rule = every_rule().get(country_code or "")
    return rule.guardian_below if rule else STRICTEST


def keep_years(country_code: str | None) -> int:
    rule = every_rule().get(country_code or "")
    return rule.keep_years if rule else 10
