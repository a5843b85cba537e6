"""Names of people as each country writes them: in Latin letters on paper, and in the person's own script."""

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

NAMES = Path(__file__).parent / "names"
_FIELD = re.compile(r"\{([a-z]+?[12]?)(?:_(\d))?\}")
_KEEPS_OWN_SCRIPT = 0.93
_PATIENCE = 200


class Name(NamedTuple):
    printed: str
    native: str | None


class NameBook:
    """Makes names that nobody in the network has yet."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def new(self, culture: str, *, is_female: bool) -> Name:
        """Raises ValueError when the culture's names are used up."""
        for _attempt in range(_PATIENCE):
            name = self._draw(culture, is_female=is_female)
            if name.printed not in self._taken and not _repeats_itself(name.printed):
                self._taken.add(name.printed)
                return name
        message = f"The {culture} names are used up: add some to {NAMES / culture}.toml"
        raise ValueError(message)

    def _draw(self, culture: str, *, is_female: bool) -> Name:
        patterns, pools = read_culture(culture)
        latin, native = self._rng.choice(patterns[is_female])
        drawn = {field: self._rng.choice(pools[field[0]]) for field in dict.fromkeys(_FIELD.findall(latin))}
        printed = _FIELD.sub(lambda match: drawn[match.groups(default="")].printed, latin)
        if not native or self._rng.random() > _KEEPS_OWN_SCRIPT:
            return Name(printed, None)
        return Name(printed, _FIELD.sub(lambda match: drawn[match.groups(default="")].native or "", native))


Patterns = dict[bool, list[list[str]]]


@cache
def read_culture(culture: str) -> tuple[Patterns, dict[str, list[Name]]]:
    """The patterns by "is female", and the pools of parallel Latin and native parts they draw from."""
    content = tomllib.loads((NAMES / f"{culture}.toml").read_text(encoding="utf-8"))
    pools = {pool: [_part(entry) for entry in text.split(";")] for pool, text in content["pools"].items()}
    return {True: content["female"], False: content["male"]}, pools


def _part(entry: str) -> Name:
    latin, _, native = entry.strip().partition("=")
    return Name(latin, native or None)


def _repeats_itself(printed: str) -> bool:
    words = printed.split()
    return len(words) != len(set(words))
