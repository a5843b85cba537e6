"""Whether two names cannot be one person's: what a number or an e-mail says is then not believed unasked."""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Final

from gdt.people.likeness import Entry, Place, likeness
from gdt.people.sounding import Spelling, is_one_slip_apart, spelling

_HERE: Final = frozenset({Place(0, "", None)})  # names that meet in one place are compared fully
LONG_ENOUGH: Final = 4  # letters: one slip in a shorter word makes another word
MOST_WORDS: Final = 6  # of a name, that may have been written as one


def is_somebody_else(ours: Iterable[str | None], theirs: Iterable[str | None]) -> bool:
    """Whether no name of the one is like any name of the other; a name that is not given says nothing."""
    here, there = [name for name in ours if name], [name for name in theirs if name]
    return bool(here and there) and not any(_are_alike(one, other) for one in here for other in there)


def is_somebody_else_in_this_script(ours: Iterable[str | None], theirs: str) -> bool:
    """The same among names in one script: how a name is read in another is often a matter of the family."""
    is_latin = spelling(theirs).key.isascii()
    comparable = [name for name in ours if name and spelling(name).key.isascii() == is_latin]
    return is_somebody_else(comparable, [theirs])


def _are_alike(one: str, other: str) -> bool:
    """One name by every rule of the register, or names of which more than half of the words are the same."""
    if likeness(Entry(1, one, places=_HERE), Entry(2, other, places=_HERE)):
        return True
    a, b = spelling(one), spelling(other)
    return _has_common_words(a, b) or _is_joined(a, b)


def _has_common_words(a: Spelling, b: Spelling) -> bool:
    shorter, longer = sorted((a.words, b.words), key=len)
    rest = list(longer)
    same = 0
    for word in shorter:
        if (found := _like(word, rest)) is not None:
            rest.remove(found)
            same += 1
    return same * 2 > len(shorter)


def _like(word: str, words: Sequence[str]) -> str | None:
    """The word of a name that this one is, misspelt or as an initial."""
    return next((one for one in words if one == word), None) or next(
        (one for one in words if _is_misspelt(one, word) or _is_initial(one, word)), None
    )


def _is_misspelt(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= LONG_ENOUGH and is_one_slip_apart(one, other)


def _is_initial(one: str, other: str) -> bool:
    return 1 in {len(one), len(other)} and one[0] == other[0]


def _is_joined(a: Spelling, b: Spelling) -> bool:
    """Whether the one is some words of the other, written as one: "Weiling" and "Tan Wei Ling"."""
    shorter, longer = sorted((a, b), key=lambda one: len(one.joined))
    some = longer.words[:MOST_WORDS]
    return any(shorter.joined == "".join(words) for n in (2, 3) for words in permutations(some, n))
