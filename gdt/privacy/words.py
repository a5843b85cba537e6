"""The words by which a person is found wherever she is written, and how they are taken out of a text."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

ERASED_NAME = "Erased person"
_NAME_EDGES = r"(?<!\w)", r"(?!\w)"
_ADDRESS_EDGES = r"(?<![\w@.+-])", r"(?![\w@+-]|\.\w)"


@dataclass(frozen=True)
class Words:
    """What a person is called, under which addresses she is known, and her numbers by institution.

    `own_names` are those that no other person of the register bears, alone or within a longer name: only they
    are taken out of texts that are not about her alone. `person_ids` are all her entries.
    """

    person_ids: frozenset[int]
    names: frozenset[str]
    own_names: frozenset[str]
    emails: frozenset[str]
    numbers: frozenset[tuple[int, str]]

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """What is taken out of any text, the longest first."""
        return tuple(sorted(self.own_names | self.emails, key=len, reverse=True))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        wanted = [_whole(word) for word in self.searched]
        return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None

    def without(self, text: str) -> str:
        """The text with the neutral name in the place of each of her words."""
        return self._pattern.sub(ERASED_NAME, text) if self._pattern else text

    def without_in(self, value: Any) -> Any:
        """The same for everything within a value of JSON, keys too."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.without_in(one) for one in value]
        if isinstance(value, dict):
            return {self.without(key): self.without_in(one) for key, one in value.items()}
        return value

    def are_in(self, value: Any, institution_id: int | None) -> bool:
        """Whether a row of a file is about her: an address, a name, or her number at this institution."""
        cells = {folded(text) for text in every_text(value)}
        numbers = {folded(number) for place, number in self.numbers if place == institution_id}
        is_hers_here = any(place == institution_id for place, _number in self.numbers)
        names = self.names if is_hers_here else self.own_names
        return not cells.isdisjoint(numbers | {folded(word) for word in names | self.emails})

    def are_mentioned(self, text: str) -> bool:
        return bool(self._pattern and self._pattern.search(text))

    def needles(self) -> Iterable[str]:
        """How her words stand in a column of text or JSON, for the database to look for."""
        for word in self.searched:
            yield from dict.fromkeys((word, json.dumps(word)[1:-1]))


def _whole(word: str) -> str:
    """A word that is no part of a longer one, in scripts that set words apart by blanks."""
    before, after = _ADDRESS_EDGES if "@" in word else _NAME_EDGES
    before = before if _has_edges(word[0]) else ""
    return before + re.escape(word) + (after if _has_edges(word[-1]) else "")


def _has_edges(character: str) -> bool:
    return character.isdigit() or character.lower() != character.upper()


def folded(text: str) -> str:
    """The text as it is compared: composed, without case, blanks as one."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def every_text(value: Any) -> Iterable[str]:
    """Every string within a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value.keys()
        for one in value.values():
            yield from every_text(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from every_text(one)


def clean(words: Collection[str | None], *, shortest: int = 2) -> frozenset[str]:
    """Those that say something: a name of one letter would be found everywhere."""
    return frozenset(
        text
        for word in words
        if (text := (word or "").strip()) and len(text) >= shortest and text != ERASED_NAME
    )
