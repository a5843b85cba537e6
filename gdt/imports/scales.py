"""What the marks of a file are out of, and what that makes of a mark where it is not the exam's maximum."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

MOST: Final = Decimal(100_000)
HUNDREDTH: Final = Decimal("0.01")
SUSPICIOUS: Final = 5  # a class whose best mark is below a fifth of the maximum has another maximum
ENOUGH: Final = 5  # marks, before a low best one says anything
_SHARE: Final = re.compile(r"0?[.,][0-9]{1,20}|0|1(?:[.,]0{1,20})?")
_NUMBER: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")


@dataclass(frozen=True)
class Scale:
    """The column of the marks, what the register has them out of, and what the header says of that.

    `said` is what a person said, which goes before what the header tells.
    """

    place: int
    full: Decimal
    told: Decimal | None = None
    said: Decimal | None = None

    @property
    def out_of(self) -> Decimal:
        return self.said or self.told or self.full

    @property
    def is_known(self) -> bool:
        return bool(self.said or self.told)

    def as_json(self) -> dict[str, Any]:
        half = [plain(self.out_of / 2), plain(converted(self.out_of / 2, self.out_of, self.full))]
        told = {"out_of": plain(self.out_of), "full": plain(self.full), "half": half}
        return told | ({"said": plain(self.said)} if self.said else {})


def out_of(text: str) -> Decimal | None:
    """Return the number that marks are out of as a person writes it, None if it is none."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:  # digits of other scripts are fine, other signs are not
        return None
    return number if 0 < number <= MOST else None


def converted(mark: Decimal, out_of: Decimal, full: Decimal) -> Decimal:
    """Return a mark on the scale of the exam: exactly as written where it is that, else to a hundredth."""
    if out_of == full:
        return mark
    return (mark * full / out_of).quantize(HUNDREDTH, ROUND_HALF_UP)


def is_suspicious(texts: Iterable[str], full: Decimal) -> str | None:
    """Return the best of these marks if it is so low that they must be out of another maximum."""
    best, count = Decimal(0), 0
    for text in texts:
        if _NUMBER.fullmatch(text):
            best, count = max(best, Decimal(text.replace(",", "."))), count + 1
        if best * SUSPICIOUS > full:
            return None
    return plain(best) if count >= ENOUGH and best else None


def are_enough_marks(texts: Iterable[str]) -> bool:
    """Whether a low best mark among these would say anything."""
    return sum(_NUMBER.fullmatch(text) is not None for text in texts) >= ENOUGH


def say_if_shares(texts: Iterable[str]) -> bool:
    """Whether these tell if percentages are shares of one: nothing but 0 and 1 can be either."""
    shares = [share_of(text) for text in texts if text]
    return any(share is None or 0 < share < 1 for share in shares)


def example_of_shares(texts: Iterable[str]) -> str | None:
    """Return a share such as "0.87" where all numbers are from 0 to 1 and one is in between, else None."""
    example = None
    for text in filter(None, texts):
        share = share_of(text)
        if share is None:
            return None
        if 0 < share < 1:
            example = example or text
    return example


def share_of(text: str) -> Decimal | None:
    """Return a share of one as a person writes it, None if the text is none."""
    return Decimal(text.replace(",", ".")) if _SHARE.fullmatch(text) else None


def percent_of(share: Decimal) -> int:
    """Return a share of one in whole per cent, halves upwards."""
    return int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))


def plain(number: Decimal) -> str:
    """Return `number` without needless zeros and without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
