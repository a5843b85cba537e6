"""Self-declared gender in the figures: what may be asked for, and when a split is too small to be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from gdt.people.models import Gender

ALL = 0  # whatever the gender, in the totals kept
NOT_GIVEN = "not-given"
CODES = {gender.value: n for n, gender in enumerate(Gender, 1)}  # how the totals kept name it
CHOICES = (*CODES, NOT_GIVEN)
FOLDED = "other-or-not-given"
SMALLEST = 5  # people of one gender; fewer are never shown to somebody who could not see the people
WORDS: dict[str, Any] = {
    Gender.FEMALE.value: lazy_gettext("Female"),
    Gender.MALE.value: lazy_gettext("Male"),
    Gender.OTHER.value: lazy_gettext("Other"),
    NOT_GIVEN: lazy_gettext("Not given"),
    FOLDED: lazy_gettext("Other, or not given"),
}
Split = Mapping[str, int]


def token(code: int) -> str:
    """How the words a person is counted by say her gender."""
    return f"g{code}"


def code_in(words: Iterable[str]) -> int:
    """The gender a person's words say; 0 where they say none."""
    return next((int(word[1:]) for word in words if word.startswith("g")), ALL)


def is_safe(split: Iterable[int]) -> bool:
    """Whether no group is small: nobody, or enough people."""
    return all(people <= 0 or people >= SMALLEST for people in split)


def folded(split: Split) -> dict[str, int]:
    """The same with the two groups in one that are most often small."""
    together = split.get(Gender.OTHER, 0) + split.get(NOT_GIVEN, 0)
    return {
        Gender.FEMALE.value: split.get(Gender.FEMALE, 0),
        Gender.MALE.value: split.get(Gender.MALE, 0),
        FOLDED: together,
    }


@dataclass(frozen=True)
class Told:
    """A place's split as anybody may have it: whole, folded, or None.

    `whole` and `three` are what is told of the place, or else of the places in it, in four groups and in
    three; `is_all` says of both whether that is everybody.
    """

    shown: dict[str, int] | None
    whole: tuple[Split, ...]
    three: tuple[Split, ...]
    is_all: tuple[bool, bool]


def tell(own: Split, within: Sequence[Told] = ()) -> Told:
    """What may be told of a place, given what is told of the places in it.

    What is left when they are taken from its own must be safe, too, or the difference would say what they
    do not.
    """
    whole = tuple(split for place in within for split in place.whole)
    three = tuple(split for place in within for split in place.three)
    is_all_whole, is_all_three = (bool(within) and all(place.is_all[n] for place in within) for n in (0, 1))
    if not _may_be_told(folded(own), three, is_all_three):
        return Told(None, whole, three, (is_all_whole, is_all_three))
    if not _may_be_told(own, whole, is_all_whole):
        return Told(folded(own), whole, (folded(own),), (is_all_whole, True))
    shown = {choice: own.get(choice, 0) for choice in CHOICES}
    return Told(shown, (shown,), (folded(own),), (True, True))


def _may_be_told(own: Split, told: Sequence[Split], is_all: bool) -> bool:
    """Where everybody within is told of, nothing is left that they do not say themselves."""
    rest = (people - sum(split.get(choice, 0) for split in told) for choice, people in own.items())
    return is_safe(own.values()) and (is_all or not told or is_safe(rest))
