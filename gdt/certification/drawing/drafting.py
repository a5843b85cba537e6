"""Drafting: a certificate drawn and signed under the number and code it will have, while no lock is held.

Drawing takes most of the time, and SQLite's one write lock must not be held for it. A draft holds good only
while everything it says is still so when the lock is held; otherwise it is drawn again.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gdt.certification.badges.open_badges import badge_of
from gdt.certification.badges.statuses import Slot, free_slots
from gdt.certification.codes import new_code
from gdt.certification.designs.looks import CannotIssue, Look
from gdt.certification.drawing.documents import CertificateContent, Holder, Occasion, compose, draw, frozen
from gdt.certification.eligibility.assessing import Candidate
from gdt.certification.keys import signing_keys
from gdt.certification.numbering import number_of
from gdt.database import now
from gdt.errors import DomainError
from gdt.partners.models import Institution


@dataclass(frozen=True)
class Forecast:
    """What a certificate will say, and whose badge it will carry, if nobody else issues meanwhile.

    `slot` is the bit of a status list the badge names.
    """

    code: str
    content: CertificateContent
    email: str | None
    slot: Slot
    look: Look


@dataclass(frozen=True)
class Wish:
    """A row of an order whose person is eligible, and the occasion she is certified on."""

    row_id: int
    candidate: Candidate
    occasion: Occasion


@dataclass(frozen=True)
class Draft:
    """A certificate drawn and signed under its forecast; `signed_at` becomes its moment of issue.

    `key_names` are the keys that signed the paper and the badge, `facts` what is kept of the content.
    """

    forecast: Forecast
    signed_at: datetime
    badge: str
    badge_digest: str
    key_names: tuple[str, ...]
    facts: dict[str, Any]
    pdf: bytes

    @property
    def slot(self) -> Slot:
        """The bit of a status list that the badge names."""
        return self.forecast.slot


def draw_draft(forecast: Forecast) -> Draft:
    """Badge and paper with one signing moment. Raises DomainError."""
    signed_at = now()
    badge = badge_of(
        forecast.content, code=forecast.code, email=forecast.email, slot=forecast.slot, signed_at=signed_at
    )
    pdf = draw(forecast.content, badge.text, forecast.look, signed_at)
    names, facts = signing_keys.current().names, frozen(forecast.content)
    return Draft(forecast, signed_at, badge.text, badge.digest, names, facts, pdf)


def try_to_draw(forecast: Forecast) -> Draft | None:
    """A draft, or None where there can be none: the portion meets the reason again, and tells it.

    Raises CannotIssue when nobody's can be drawn now.
    """
    try:
        return draw_draft(forecast)
    except CannotIssue:
        raise
    except DomainError:
        return None


def forecast_all(
    wishes: Iterable[Wish],
    institutions: dict[int, Institution],
    looks: dict[int, Look],
    year: int,
    last_serial: int,
) -> dict[int, Forecast]:
    """What the certificates of an order's rows will say, by row, numbered from a number on."""
    wishes, forecasts = list(wishes), dict[int, Forecast]()
    for wish, slot in zip(wishes, free_slots(len(wishes)), strict=True):
        number = number_of(year, last_serial + len(forecasts) + 1)
        with suppress(DomainError):  # the portion meets it again, and refuses the row with the reason
            holder = holder_of(wish.candidate, institutions, looks)
            forecasts[wish.row_id] = forecast_of(
                holder, wish.occasion, number=number, email=wish.candidate.email, slot=slot
            )
    return forecasts


def forecast_of(
    holder: Holder,
    occasion: Occasion,
    *,
    number: str,
    email: str | None,
    code: str | None = None,
    slot: Slot | None = None,
) -> Forecast:
    """What one certificate will say, under a new code and a free bit of the status list if none is given.

    Raises DomainError when something cannot stand on one.
    """
    code = code or new_code()
    content = compose(occasion, holder, number=number, code=code)
    return Forecast(code, content, email, slot or free_slots(1)[0], holder.look)


def holder_of(candidate: Candidate, institutions: dict[int, Institution], looks: dict[int, Look]) -> Holder:
    return Holder(
        printed_name=candidate.printed_name,
        native_name=candidate.native_name,
        institution=institutions[candidate.institution_id],
        valid_until=candidate.valid_until,
        look=looks[candidate.institution_id],
    )
