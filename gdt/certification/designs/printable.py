"""Which characters no font here can print, and refusing them before anything is drawn."""

from functools import cache

from flask_babel import gettext as _

from certificates import unprintable_characters
from gdt.errors import DomainError


def printable_or_refused(text: str | None, *, field: str) -> None:
    """Raises DomainError, naming the character, when no font here can print the text."""
    missing = unprintable(text)
    if missing:
        characters = ", ".join(f"{symbol} (U+{ord(symbol):04X})" for symbol in missing)
        sentence = _("No font here can print %(characters)s. Type it otherwise.", characters=characters)
        raise DomainError(sentence, field)


def unprintable(*texts: str | None) -> tuple[str, ...]:
    """The characters of the texts that no font here can print, each once."""
    return tuple(dict.fromkeys(s for text in texts if text for s in text if not _is_printable(s)))


@cache
def _is_printable(symbol: str) -> bool:
    return not unprintable_characters(symbol)
