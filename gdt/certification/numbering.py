"""Certificate numbers, for people and files: `GDT-2026-000123`, gapless within a year."""

import re
import unicodedata

_NUMBER = re.compile(r"(?:GDT)?\W*(\d{4})\W*(\d{1,9})")
_SERIAL_DIGITS = 6


def number_of(year: int, serial: int) -> str:
    """The number of the serial-th certificate of a year."""
    return f"GDT-{year}-{serial:0{_SERIAL_DIGITS}d}"


def parse_number(typed: str) -> str | None:
    """The number in a typed text, forgiving of case, spaces and lost zeros; None when it is not one."""
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    found = _NUMBER.fullmatch(plain)
    return number_of(int(found[1]), int(found[2])) if found else None
