"""The names of the months in the languages of our countries, as CLDR spells them."""

import re
import unicodedata
from functools import cache
from typing import Final

from babel.core import Locale, UnknownLocaleError

LANGUAGES: Final = (
    "en", "ms", "th", "id", "fil", "km", "vi", "ur", "mn", "es", "fr", "rw", "ar", "ar_TN", "am", "kk", "ru",
    "zh", "ta", "hi",
)  # fmt: skip
_LETTER: Final = re.compile(r"[^\W\d_]")
_MARKS: Final = re.compile(r"[.\s\u200c\u200d\u200e\u200f’'-]")


def month_key(text: str) -> str:
    """Return a month's name without case, accents of form, full stops and blanks."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


@cache
def month_names() -> dict[str, int]:
    """Return the month for each name that stands for one month in all our languages."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        try:
            months = Locale.parse(language).months
        except UnknownLocaleError:
            continue
        for width in ("wide", "abbreviated"):
            for form in ("format", "stand-alone"):
                for number, name in months[form][width].items():
                    if _LETTER.search(name):
                        found.setdefault(month_key(name), set()).add(int(number))
    found |= {month_key(name): {number} for name, number in _ALSO.items()}
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


# Spellings in use that CLDR does not list.
_ALSO: Final = {"sept": 9, "setiembre": 9, "set": 9, "mac": 3, "ogos": 8, "okt": 10, "dis": 12, "juill": 7}
