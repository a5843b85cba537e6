"""Drafting: a certificate drawn and signed under the number and code it will have, while no lock is held.

Drawing takes most of the time, and SQLite's one write lock must not be held for it. A draft holds good only
while everything it says is still so when the lock is held; otherwise it is drawn again.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from gdt.certification import keys, queries
from gdt.certification.badges import badge_of
from gdt.certification.codes import new_code
from gdt.certification.documents import CertificateContent, Holder, Occasion, compose, draw
from gdt.certification.eligibility import Candidate
from gdt.certification.numbering import number_of
from gdt.certification.statuses import Slot, free_slots
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


@dataclass(frozen=True)
class Draft:
    """A certificate drawn and signed under its forecast; `signed_at` becomes its moment of issue.

    `key_names` are the keys that signed the paper and the badge.
    """

    forecast: Forecast
    signed_at: datetime
    badge: str
    badge_digest: str
    key_names: tuple[str, ...]
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
    pdf = draw(forecast.content, badge.text, signed_at)
    return Draft(forecast, signed_at, badge.text, badge.digest, keys.current().names, pdf)


def forecast_all(
    candidates: Iterable[Candidate], occasion: Occasion, institutions: dict[int, Institution]
) -> dict[int, Forecast]:
    """What the certificates of these people will say, by person, numbered from the next free number on."""
    year, forecasts = occasion.issued_on.year, dict[int, Forecast]()
    candidates = list(candidates)
    serial, slots = queries.find_last_serial(year), free_slots(len(candidates))
    for candidate, slot in zip(candidates, slots, strict=True):
        number = number_of(year, serial + 1)
        with suppress(DomainError):  # the portion meets it again, and refuses the row with the reason
            holder = holder_of(candidate, institutions)
            forecasts[candidate.person_id] = forecast_of(
                holder, occasion, number=number, email=candidate.email, slot=slot
            )
            serial += 1
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
    return Forecast(code, content, email, slot or free_slots(1)[0])


def holder_of(candidate: Candidate, institutions: dict[int, Institution]) -> Holder:
    return Holder(
        printed_name=candidate.printed_name,
        native_name=candidate.native_name,
        institution=institutions[candidate.institution_id],
        valid_until=candidate.valid_until,
    )
