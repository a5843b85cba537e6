"""Texts that stand in the place of a name and can be nobody's: a rule for every script, and for one word."""

import unicodedata
from typing import Final

from flask_babel import gettext as _

# Words for "not known yet". None of them is a name anywhere: Na, Nil and None stay out.
NO_NAMES: Final = frozenset(
    [
        *("tbc", "t.b.c.", "tba", "t.b.a.", "tbd", "t.b.d.", "n/a", "xxx", "xxxx", "pending", "unknown"),
        *("to be confirmed", "to be advised", "to be announced", "to be determined", "not known", "no name"),
        *("por confirmar", "por definir", "desconocido", "à confirmer", "inconnu", "неизвестно"),
        *("belum ada", "tidak diketahui", "待定", "未定", "未知", "ไม่ทราบ", "ไม่ระบุ", "chưa rõ", "chưa có"),
    ]
)
_WRITTEN_IN_NAMES: Final = frozenset("'`´‘’‛“”„‚·.,-–—ªº()/ ")
_READ_AS: Final = ("cp1252", "cp1251")


def why_no_name(name: str) -> str | None:
    """Return why a text cannot be a name, None if it can; a real name of any script always can."""
    if name.casefold() in NO_NAMES:
        return str(
            _("“%(text)s” is not a name. Write the name, or leave the row out until it is known.", text=name)
        )
    if name[:1] in "=+" and len(name) > 1:
        return str(_("This is a formula, not a name. Write the name as it should be printed."))
    if not name.isascii() and (meant := read_twice(name)):
        return str(
            _(
                "The letters of this name were garbled before the file came here; it may be “%(name)s”. "
                "Write the name as it should be printed.",
                name=meant,
            )
        )
    return None


def read_twice(text: str) -> str | None:
    """Return what was meant by a text whose UTF-8 was once read as something else, None if it was not.

    Letters alone are no evidence ("MÍŠEK" is also UTF-8 of something): a sign that no name holds must be
    among what would be the second halves of letters.
    """
    words = text.split()
    if not any(map(_is_evidence, text)):
        return None
    meant = [_meant(word) for word in words]
    return " ".join(new or old for new, old in zip(meant, words, strict=True)) if any(meant) else None


def _is_evidence(letter: str) -> bool:
    return not (letter.isascii() or letter.isalnum() or letter in _WRITTEN_IN_NAMES)


def _meant(word: str) -> str | None:
    if word.isascii():
        return None
    for encoding in _READ_AS:
        try:
            found = b"".join(_byte(letter, encoding) for letter in word).decode("utf-8")
        except UnicodeError:
            continue
        if all(letter.isascii() or unicodedata.category(letter)[0] in "LM" for letter in found):
            return found
    return None


def _byte(letter: str, encoding: str) -> bytes:
    """The byte a letter stands for; the few that the encoding leaves open stand for themselves."""
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("latin-1")
