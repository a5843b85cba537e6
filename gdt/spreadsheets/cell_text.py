"""How the text of a cell is tidied when it is read and made harmless when it is written."""

import re
import unicodedata
from datetime import datetime
from typing import Final

# Explicit, because str.strip() would also swallow the control characters U+001C to U+001F unseen.
BLANKS: Final = (
    " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_UNSEEN: Final = (
    r"\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U000e0000-\U000e0fff"
)
_FORMULA: Final = re.compile(
    rf"[{_UNSEEN}']*[=+\-@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b＝＋－＠]"
)
_DUPLICATE_BLANKS: Final = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}")
_ERROR: Final = re.compile(
    r"#(?:[A-Z0-9ÁÉÍÓÚÑ¡¿]{1,14}[!?/]?[A-Z0-9]{0,2}[!?]?|[^\W\d_]{1,14}[!?])\Z|#{3,}\Z"
)
_EXACT_DIGITS: Final = 1e15
_UNUSUAL_BLANKS: Final = [blank for blank in BLANKS if not blank.isascii()]


def tidy(text: str) -> str:
    """Return `text` in Unicode form NFC, without outer blanks; nothing else changes."""
    return unicodedata.normalize("NFC", text).strip(BLANKS)


def single_blanks(text: str) -> str:
    """Return `text` with each run of two or more blanks made one space."""
    return _DUPLICATE_BLANKS.sub(" ", text)


def are_plain(lines: str) -> bool:
    """Tell whether the cells of lines need nothing but trimming."""
    return "'" not in lines and (lines.isascii() or unicodedata.is_normalized("NFC", lines))


def are_trimmed(lines: str, delimiter: str) -> bool:
    """Tell whether no cell of lines without quotation marks can begin or end with a blank."""
    if delimiter != "\t" and "\t" in lines:
        return False
    if not lines.isascii() and any(blank in lines for blank in _UNUSUAL_BLANKS):
        return False
    ends = (f" {delimiter}", f"{delimiter} ", " \n", " \r", "\n ", "\r ")
    return " " not in (lines[0], lines[-1]) and not any(end in lines for end in ends)


def starts_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet program may run `text`, whatever blanks or unseen marks stand before it."""
    return _FORMULA.match(text) is not None


def neutralise(text: str) -> str:
    """Return `text` with a leading apostrophe if it starts like a formula; `restore` takes it off again."""
    return f"'{text}" if starts_like_formula(text) else text


def restore(text: str) -> str:
    """Return what `neutralise` was given: one leading apostrophe before a formula goes."""
    return text[1:] if text[:1] == "'" and starts_like_formula(text[1:]) else text


def text_of(value: object) -> str:
    """Return the text of a cell value: whole numbers without ".0", dates as ISO, at most 15 digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        is_exact = value.is_integer() and abs(value) < _EXACT_DIGITS
        return str(int(value)) if is_exact else format(value, ".15G")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    return "" if value is None else str(value)


def is_error(text: str) -> bool:
    """Tell whether a cell shows that its formula failed, in any language of a spreadsheet program."""
    return text[:1] == "#" and _ERROR.match(text) is not None
