"""Whether two institutions of one country are probably one: by native name, or by much the same name."""

from difflib import SequenceMatcher
from typing import Final

from gdt.columns import header_key

SMALL_WORDS: Final = frozenset(
    {"of", "the", "and", "for", "de", "del", "la", "las", "los", "y", "du", "des", "et"}
)
SHORTEST: Final = 3  # letters of an abbreviation: "Univ."
SAME_BEGINNING: Final = 6  # letters: "Universiti", "Universidad", "University"
LONG_ENOUGH: Final = 5  # letters, for one of them to be a slip
ALIKE: Final = 0.88  # of two long words


def are_probably_one(name: str, native_name: str, other: str, other_native: str) -> bool:
    """Whether the native names are the same, or the names say the same word by word."""
    if header_key(native_name) and header_key(native_name) == header_key(other_native):
        return True
    ours, theirs = _words(name), _words(other)
    return _say_the_same(ours, theirs) or _say_the_same(sorted(ours), sorted(theirs))


def _words(name: str) -> list[str]:
    """The words of a name in their order, each without case and marks."""
    keys = (header_key(word) for word in name.replace(".", ". ").replace("-", " ").split())
    return [key for key in keys if key and key not in SMALL_WORDS]


def _say_the_same(ours: list[str], theirs: list[str]) -> bool:
    return bool(ours) and len(ours) == len(theirs) and all(map(_is_same_word, ours, theirs))


def _is_same_word(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= SHORTEST and longer.startswith(shorter):
        return True
    if len(shorter) >= SAME_BEGINNING and shorter[:SAME_BEGINNING] == longer[:SAME_BEGINNING]:
        return True
    is_long = len(shorter) >= LONG_ENOUGH
    return one == other or (is_long and SequenceMatcher(None, one, other).ratio() >= ALIKE)
