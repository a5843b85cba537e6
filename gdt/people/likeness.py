"""Whether two entries of the register are probably one person: for which reasons, and how surely."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from gdt.people.sounding import Spelling, is_one_slip_apart, spelling

LETTERS_TO_COMPARE: Final = 6  # shorter names are alike by chance
CONSONANTS_TO_COMPARE: Final = 4
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_PARENT: Final = re.compile(r"\b(?:bin|binti|bt|bte|ibn|a/l|a/p|s/o|d/o)\s+([^\s,]+)", re.IGNORECASE)
_NOT_OF_A_NUMBER: Final = re.compile(r"[\W_]+")


class Reason(StrEnum):
    """Why two entries are offered, the surest first."""

    EMAIL = "email"
    NUMBER = "number"
    NATIVE = "native"
    NAME = "name"
    SCRIPT = "script"
    SOUND = "sound"
    SLIP = "slip"


class Strength(IntEnum):
    POSSIBLE = 1
    LIKELY = 2
    VERY_LIKELY = 3


@dataclass(frozen=True)
class Place:
    """Where somebody belongs, as what, and under which number."""

    institution_id: int
    role: str
    number: str | None


@dataclass(frozen=True)
class Entry:
    """One person of the register, as far as she is compared."""

    person_id: int
    printed_name: str
    native_name: str | None = None
    email: str | None = None
    gender: str | None = None
    places: frozenset[Place] = frozenset()

    @property
    def names(self) -> list[Spelling]:
        return [spelling(name) for name in (self.printed_name, self.native_name) if name]


@dataclass(frozen=True)
class Likeness:
    reasons: tuple[Reason, ...]
    strength: Strength


def bare_number(number: str) -> str:
    """Return a number without blanks, hyphens, case and leading zeros: "021-ab 07" is "21AB7"."""
    plain = _LEADING_ZEROS.sub("", _NOT_OF_A_NUMBER.sub(" ", unicodedata.normalize("NFKC", number)).strip())
    return plain.replace(" ", "").upper()


def mailbox(email: str) -> str:
    """Return the mailbox an address leads to: what stands after a plus, and dots at Gmail, change nothing."""
    local, _, domain = email.strip().lower().partition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def keys_of(entry: Entry) -> set[int]:
    """Return the keys under which an entry is found by those like it: equal keys, worth comparing."""
    return {_hashed(key) for key in _keys(entry)}


def _keys(entry: Entry) -> Iterator[str]:
    for name in entry.names:
        if len(name.letters) >= CONSONANTS_TO_COMPARE:
            yield f"letters {name.letters}"
        if len("".join(name.sounds)) >= CONSONANTS_TO_COMPARE:
            yield f"sounds {' '.join(name.sounds)}"
    if entry.native_name:
        yield f"native {spelling(entry.native_name).key}"
    if entry.email:
        yield f"mailbox {mailbox(entry.email)}"
    for place in entry.places:
        if place.number:
            yield f"number {place.institution_id} {place.role} {bare_number(place.number)}"
        yield from _keys_of_slips(place.institution_id, spelling(entry.printed_name))


def _keys_of_slips(institution_id: int, name: Spelling) -> Iterator[str]:
    """A slip is in one word: the others stay, and it begins as it did. Only looked for in one place."""
    if 2 <= len(name.words) <= 5 and len(name.letters) >= LETTERS_TO_COMPARE:
        for n, word in enumerate(name.words):
            others = " ".join(name.words[:n] + name.words[n + 1 :])
            yield f"slip {institution_id} {others} ~ {word[0]}"


def _hashed(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)


def likeness(one: Entry, other: Entry) -> Likeness | None:
    """Return why these two are probably one, or None when nothing says so, or too much speaks against it."""
    named = _name_reasons(one, other)
    if one.email and other.email and mailbox(one.email) == mailbox(other.email):
        return _found([Reason.EMAIL, *named], Strength.VERY_LIKELY if named else Strength.LIKELY)
    if _shared_numbers(one, other):
        return _found([Reason.NUMBER, *named], Strength.VERY_LIKELY if named else Strength.POSSIBLE)
    points = _points(one, other, named) if named else 0
    return _found(named, Strength(min(points, Strength.VERY_LIKELY))) if points > 0 else None


def _found(reasons: list[Reason], strength: Strength) -> Likeness:
    return Likeness(tuple(reasons), strength)


def _name_reasons(one: Entry, other: Entry) -> list[Reason]:
    a, b = spelling(one.printed_name), spelling(other.printed_name)
    reasons = []
    if one.native_name and other.native_name and _key(one.native_name) == _key(other.native_name):
        reasons.append(Reason.NATIVE)
    if _is_same(a, b) and _key(one.printed_name) and (a.key == b.key or a.key.isascii() == b.key.isascii()):
        reasons.append(Reason.NAME)
    elif _is_across_scripts(one, other):
        reasons.append(Reason.SCRIPT)
    elif _sounds_same(a, b):
        reasons.append(Reason.SOUND)
    elif len(a.letters) >= LETTERS_TO_COMPARE and is_one_slip_apart(a.joined, b.joined):
        reasons.append(Reason.SLIP)
    return reasons


def _key(name: str) -> str:
    return spelling(name).key


def _is_same(a: Spelling, b: Spelling) -> bool:
    """The same letters in other words; a name without any letter is like none."""
    if a.key == b.key:
        return bool(a.key)
    return len(a.letters) >= LETTERS_TO_COMPARE and a.letters == b.letters and _is_regrouped(a, b)


def _is_regrouped(a: Spelling, b: Spelling) -> bool:
    """Whether words were only joined, parted or moved: an anagram is another name."""
    longer, shorter = (a, b) if len(a.words) >= len(b.words) else (b, a)
    rest = list(longer.words)
    for word in shorter.words:
        if word in rest:
            rest.remove(word)
    left = [word for word in shorter.words if word not in longer.words]
    return len(left) <= 1 and (not left or all(part in left[0] for part in rest))


def _sounds_same(a: Spelling, b: Spelling) -> bool:
    return len("".join(a.sounds)) >= CONSONANTS_TO_COMPARE and a.sounds == b.sounds


def _is_across_scripts(one: Entry, other: Entry) -> bool:
    """The name of one in its own script is, letter for letter or by its consonants, the other's in Latin."""
    pairs = [(a, b) for a in one.names for b in other.names if a.key.isascii() != b.key.isascii()]
    return any(_is_same(a, b) or _sounds_same(a, b) for a, b in pairs)


def _points(one: Entry, other: Entry, reasons: list[Reason]) -> int:
    """What the names are worth, less what speaks against: never enough, if names in one script differ."""
    if _natives_differ(one, other) or _parents_differ(one, other):
        return 0
    points = 3 if len(reasons) > 1 else 1 if reasons[0] is Reason.SLIP else 2
    points -= one.gender is not None and other.gender is not None and one.gender != other.gender
    same_places = {p.institution_id for p in one.places} & {p.institution_id for p in other.places}
    is_sure = reasons[0] in {Reason.NATIVE, Reason.NAME}
    if not same_places:
        points -= 1 if is_sure or reasons[0] is Reason.SCRIPT else 2
    if one.native_name and other.native_name and Reason.NATIVE not in reasons:
        points -= 1
    if numbers_differ(one, other):
        return min(points, 1) if is_sure else 0
    return points


def _natives_differ(one: Entry, other: Entry) -> bool:
    if not (one.native_name and other.native_name):
        return False
    a, b = spelling(one.native_name), spelling(other.native_name)
    return a.key != b.key and not is_one_slip_apart(a.joined, b.joined) and a.letters != b.letters


def _parents_differ(one: Entry, other: Entry) -> bool:
    """Whether both say whose child they are, and say it differently: Balan a/l Nathan is Nathan's son."""
    parents = [_PARENT.search(entry.printed_name) for entry in (one, other)]
    words = [_key(found[1]) for found in parents if found]
    return len(words) == 2 and words[0] != words[1] and not is_one_slip_apart(*words)


def _shared_numbers(one: Entry, other: Entry) -> bool:
    return not _numbered(one).keys().isdisjoint(_numbered(other))


def numbers_differ(one: Entry, other: Entry) -> bool:
    """Whether one institution gave two numbers for the same role: it rarely does to one person."""
    here, there = ({(p.institution_id, p.role) for p in e.places if p.number} for e in (one, other))
    return bool(here & there) and not _shared_numbers(one, other)


def _numbered(entry: Entry) -> dict[tuple[int, str, str], Place]:
    return {(p.institution_id, p.role, bare_number(p.number)): p for p in entry.places if p.number}
