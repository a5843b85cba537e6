"""The key of a name: what is left of it when spelling habits are taken off; equal keys mean one name."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

KEY_LENGTH: Final = 200  # characters: the column that holds it

_LETTERS: Final = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ё": "е",
        "ى": "ي",  # the same letter, as different keyboards write it
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
    }
)
# Marks that a name is often written without. Elsewhere (Thai, Khmer, Tamil, Devanagari) marks are its vowels.
_BASES_OF_MARKS: Final = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
_ASCII_WORDS: Final = re.compile("[a-z0-9]+")
_ASCII_SIGNS: Final = {
    sign: None if chr(sign) in "'`" else " " for sign in range(128) if sign != 10 and not chr(sign).isalnum()
}
_JOINING: Final = frozenset("'`´‘’‛′ʹʺʻʼʽʾʿˈ＇\u200b\u200c\u200d\u2060\ufeff\u00ad")


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """Return the key of a name: "TAN, Wei-Ling" and "Wei Ling Tan" have the same one.

    Compatible forms, case, marks on letters, punctuation and the order of the parts are taken off; scripts
    stay as they are, so that a name and its transliteration have different keys. At most 200 characters;
    empty for a name without a letter or digit.
    """
    if text.isascii():
        letters = text.casefold().replace("'", "").replace("`", "")
        return " ".join(sorted(_ASCII_WORDS.findall(letters)))[:KEY_LENGTH].rstrip()
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    words = "".join(_without_marks(unicodedata.normalize("NFKD", plain))).split()
    return unicodedata.normalize("NFC", " ".join(sorted(words)))[:KEY_LENGTH].rstrip()


def name_keys(texts: Sequence[str]) -> list[str]:
    """Return the keys of many names; of names in plain letters all at once."""
    together = "\n".join(texts)
    if not together.isascii() or together.count("\n") != len(texts) - 1:
        return list(map(name_key, texts))
    lines = together.casefold().translate(_ASCII_SIGNS).split("\n")
    return [" ".join(sorted(line.split()))[:KEY_LENGTH].rstrip() for line in lines]


def _without_marks(text: str) -> list[str]:
    """The letters of a decomposed text, with blanks for what parts its words."""
    letters: list[str] = []
    loses_marks = True
    for letter in text:
        kind = unicodedata.category(letter)
        if kind[0] == "M":
            if not loses_marks:
                letters.append(letter)
        elif kind[0] in "LN" and letter not in _JOINING:
            loses_marks = unicodedata.name(letter, "").startswith(_BASES_OF_MARKS)
            letters.append(letter)
        elif letter not in _JOINING:
            loses_marks = True
            letters.append(" ")
    return letters
