"""How likely a text is what somebody wrote, and not the bytes of another encoding in disguise."""

import re
import unicodedata
from typing import Final

from gdt.spreadsheets.letters import IMPOSSIBLE, Letters

_CLASH: Final = 8
_WITHIN_WORDS: Final = frozenset("’'·-")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SYLLABLE: Final = re.compile(r"[bcdđghklmnpqrstvx]*[aeiouy]{1,4}(?:ch|c|k|m|ng|nh|n|p|t)?")
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ACCENTS: Final = re.compile(r"[\u00c0-\u024f]{3,}")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
_SCRIPTS: Final = (
    (0x250, "latin"),
    (0x370, "other"),
    (0x400, "greek"),
    (0x530, "cyrillic"),
    (0x600, "other"),
    (0x780, "arabic"),
    (0xE00, "other"),
    (0xE80, "thai"),
    (0x1E00, "other"),
    (0x1F00, "latin"),
    (0x2E80, "other"),
    (0xA000, "han"),
)


def cost(text: str, letters: Letters) -> int:
    """Return what is unlikely in `text` under an encoding with these letters, added up."""
    costs = letters.costs
    total, before = _CLASH * _strange_words(text, letters), " "
    for place, letter in enumerate(text):
        if letter >= "\x80":
            total += costs.get(letter, IMPOSSIBLE)
            after = text[place + 1 : place + 2]
            total += _clash(before, letter) + (_clash(letter, after) if after < "\x80" else 0)
            total += _out_of_place(before, letter, after)
        before = letter
    return total


def _strange_words(text: str, letters: Letters) -> int:
    """Count the words that no language of this encoding builds: a Vietnamese word is one syllable, and
    nobody who writes Latin puts three letters with accents side by side."""
    if letters.is_vietnamese:
        words = [word for word in _WORD.findall(text) if not word.isascii()]
        return sum(not _SYLLABLE.fullmatch(_plain(word)) or _tones(word) > 1 for word in words)
    return sum(len(run) - 2 for run in _ACCENTS.findall(text))


def _plain(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word.casefold()) if one.isalpha())


def _tones(word: str) -> int:
    return sum(one in _TONES for one in unicodedata.normalize("NFD", word))


def only_possible(text: str, letters: Letters) -> bool:
    """Tell whether every character of a whole text can occur under an encoding with these letters."""
    strange = {letter for letter in set(text) if letter >= "\x80"} - letters.costs.keys()
    return not strange or (letters.is_chinese and all("\u4e00" <= one <= "\u9fff" for one in strange))


def han_runs(text: str) -> list[str]:
    """Return the runs of Chinese characters in `text`."""
    return _HAN.findall(text)


def _script(letter: str) -> str:
    return next((name for end, name in _SCRIPTS if ord(letter) < end), "other")


def _clash(first: str, second: str) -> int:
    """Return what it costs that two letters stand side by side: a capital within, or two scripts."""
    if not (first.isalpha() and second.isalpha()):
        return 0
    if _script(first) != _script(second):
        return _CLASH
    return _CLASH if first.islower() and second.isupper() else 0


def _out_of_place(before: str, letter: str, after: str) -> int:
    """Return what it costs that a mark stands where it cannot: within a word, or without its letter."""
    if "\u0e00" < letter < "\u0e7f":
        return _thai_out_of_place(before, letter, after)
    if unicodedata.combining(letter) and not ("\u064a" < letter < "\u0653"):
        return IMPOSSIBLE
    is_arabic_end = letter in "ةى" and "\u0620" < after < "\u06ff" and after.isalpha()
    if is_arabic_end or (letter == "è" and not after.isalpha()):
        return _CLASH
    if letter.isalpha() or letter in _WITHIN_WORDS or letter == "\u00a0":
        return 0
    return _CLASH if before.isalpha() and after.isalpha() else 0


def _thai_out_of_place(before: str, letter: str, after: str) -> int:
    is_leading = "\u0e40" <= letter <= "\u0e44"
    if is_leading and not "\u0e01" <= after <= "\u0e2e":
        return _CLASH
    is_following = "\u0e30" <= letter <= "\u0e3a" or letter == "\u0e45" or "\u0e47" <= letter <= "\u0e4e"
    is_carried = "\u0e01" <= before <= "\u0e3a" or "\u0e45" <= before <= "\u0e4e"
    return _CLASH if is_following and not is_carried else 0
