"""The code of a certificate: what the QR holds and people type, unguessable and safe against slips.

A code is 128 random bits as 26 symbols of Crockford's base 32 and one check symbol. The check is the sum of
the symbols, each weighted by another power of a generator of GF(32): any one wrong symbol and any two
swapped ones change it (a Reed-Solomon code with one parity symbol).
"""

import re
import secrets
import unicodedata
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 27
_GROUP = 4
_BITS = 128
_LOOK_ALIKES = str.maketrans("OIL", "011")
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


class Slip(StrEnum):
    """What is wrong with a typed code, as far as the code alone can tell."""

    LENGTH = "length"
    SYMBOL = "symbol"
    CHECK = "check"


class MistypedCode(ValueError):
    """The text cannot be a code. `count` is how many symbols were typed, `symbols` those no code has."""

    def __init__(self, slip: Slip, *, count: int, symbols: str = "") -> None:
        super().__init__(slip.value)
        self.slip, self.count, self.symbols = slip, count, symbols


def new_code() -> str:
    """A fresh code without groups, as it is stored."""
    number = secrets.randbits(_BITS)
    body = "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
    return body + _check_symbol(body)


def grouped(code: str) -> str:
    """The code as people read it: `7K3M-9QXR-2TBW-5HNC-8DVF-4GZJ-PA3`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(typed: str) -> str:
    """The stored form of a typed code, whatever its case, spaces, hyphens and look-alikes.

    An address of the verify page is understood as well. Raises MistypedCode.
    """
    last_part = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", last_part)).upper()
    code = plain.translate(_LOOK_ALIKES)
    foreign = "".join(dict.fromkeys(symbol for symbol in code if symbol not in ALPHABET))
    if foreign:
        raise MistypedCode(Slip.SYMBOL, count=len(code), symbols=foreign)
    if len(code) != LENGTH:
        raise MistypedCode(Slip.LENGTH, count=len(code))
    if _check_symbol(code[:-1]) != code[-1]:
        raise MistypedCode(Slip.CHECK, count=len(code))
    return code


def _check_symbol(body: str) -> str:
    total = 0
    for symbol in body:
        total = _doubled(total ^ ALPHABET.index(symbol))
    return ALPHABET[total]


def _doubled(value: int) -> int:
    """Times the generator of GF(32)."""
    shifted = value << 1
    return shifted ^ _FIELD_POLYNOMIAL if shifted & 32 else shifted
