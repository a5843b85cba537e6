"""How an access token is written: a prefix that scanners of secrets find, 256 random bits, a checksum."""

import re
import secrets
from typing import Final
from zlib import crc32

PREFIX: Final = "gdt_"
ENDING: Final = 4  # letters that its owner is shown, to know it again
_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 43, 6  # signs that hold 256 and 32 bits
_SHAPE: Final = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")


def new_token() -> str:
    """Return a token nobody has ever seen."""
    random = _written(secrets.randbits(256), _RANDOM)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_token(text: str) -> bool:
    """Whether the text can be a token of ours: a mistyped or made-up one is told without the database."""
    if not _SHAPE.fullmatch(text):
        return False
    random = text[len(PREFIX) : -_CHECK]
    return text.endswith(_checksum(random))


def _checksum(random: str) -> str:
    return _written(crc32(random.encode()), _CHECK)


def _written(number: int, length: int) -> str:
    signs = []
    for _place in range(length):
        number, rest = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[rest])
    return "".join(reversed(signs))
