"""How a name sounds: Latin letters for every script, and what spellings of one name have in common."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from gdt.people.name_keys import name_key

_HAN: Final = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]")
_SYLLABLE: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Family names that are read otherwise than the same character elsewhere.
_FAMILY_NAMES: Final = {
    "曾": "Zeng",
    "单": "Shan",
    "解": "Xie",
    "仇": "Qiu",
    "查": "Zha",
    "区": "Ou",
    "盖": "Ge",
}
# Letters for one sound, the longest first: what romanisations of one name differ in.
_SOUNDS: Final = (
    ("zh", "j"),
    ("ch", "j"),
    ("sch", "s"),
    ("sh", "s"),
    ("ph", "f"),
    ("th", "t"),
    ("kh", "k"),
    ("gh", "g"),
    ("dh", "d"),
    ("bh", "b"),
    ("ts", "s"),
    ("tz", "s"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "s"),
    ("z", "s"),
    ("c", "k"),
    ("q", "k"),
    ("v", "w"),
)
_DOUBLED: Final = re.compile(r"(.)\1+")
_VOWELS: Final = re.compile(r"[aeiouyw0-9]")


@dataclass(frozen=True)
class Spelling:
    """One name of a person, as it is compared: its key, its letters in Latin script, and its sounds.

    `letters` is the same for the same letters in whatever order and words; `sounds` are the consonants of
    each word, in the order of the alphabet.
    """

    key: str
    words: tuple[str, ...]
    letters: str
    sounds: tuple[str, ...]

    @property
    def joined(self) -> str:
        return "".join(self.words)


@lru_cache(maxsize=8192)
def spelling(name: str) -> Spelling:
    """Return a name as it is compared with others."""
    words = tuple(name_key(romanised(name)).split())
    sounds = tuple(sorted(filter(None, map(_sound, words))))
    return Spelling(name_key(name), words, "".join(sorted("".join(words))), sounds)


def romanised(name: str) -> str:
    """Return a name in Latin letters, syllable by syllable where the script writes syllables."""
    if not _HAN.search(name):
        return name if name.isascii() else anyascii(name)
    first = _FAMILY_NAMES.get(name[0])
    latin = first + anyascii(name[1:]) if first else anyascii(name)
    return _SYLLABLE.sub(" ", latin)


def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", _DOUBLED.sub(r"\1", word)))


def is_one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter was mistyped, left out, put in, or changed places with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[at:], other[at:]
    if len(rest) != len(others):
        shorter, longer = sorted((rest, others), key=len)
        return longer[1:] == shorter
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == others[1:] or swapped == others
