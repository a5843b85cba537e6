"""The status lists: bits given out to badges, set when they are withdrawn, and served signed.

A badge names its bit before any lock is held, so two workers may draw the same one. Whoever registers second
holds the log's row, sees that the bit is taken, and draws the badge again with another.
"""

import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import insert, select, update

from certificates.badges.statuslist import SMALLEST
from gdt.certification.badges.models import StatusEntry, StatusList
from gdt.certification.models import Certificate, CertificateProof
from gdt.database import db

FULL_AT = SMALLEST // 2


@dataclass(frozen=True)
class Slot:
    """A bit of a list: the list's number and address, and which bit."""

    number: int
    url: str
    bit: int


def list_url(number: int) -> str:
    return f"{current_app.config['BASE_URL']}/status/{number}"


def free_slots(count: int) -> list[Slot]:
    """So many random bits that nobody has now, in the newest list, or in the one to be opened next."""
    newest = _newest()
    number, size, list_id = _place(newest)
    free: set[int] = set()
    while len(free) < count:
        drawn = {secrets.randbelow(size) for _ in range(2 * count + 2)} - free
        free |= drawn - _taken(list_id, drawn)
    url = list_url(number)
    return [Slot(number, url, bit) for bit in _shuffled(free)[:count]]


class Slots:
    """The bits of one transaction that registers certificates; the log's row is held.

    `hoped_for` are those that drafts were drawn with, looked up all at once.
    """

    def __init__(self, hoped_for: Iterable[Slot] = ()) -> None:
        wanted = set(hoped_for)
        self._free, self._used = wanted - _taken_of(wanted), set[Slot]()

    def are_free(self, slot: Slot) -> bool:
        """Whether nobody has the bit yet."""
        return slot in self._free or (slot not in self._used and not _taken_of({slot}))

    def another(self) -> Slot:
        """A bit that nobody has and no draft hopes for."""
        while (slot := free_slots(1)[0]) in self._free | self._used:
            pass
        return slot

    def use(self, slot: Slot) -> None:
        """Note that a certificate of this transaction got the bit."""
        self._free.discard(slot)
        self._used.add(slot)


def occupy(proofs: Iterable[CertificateProof]) -> None:
    """Give away for ever the bits that the badges of new certificates name. The log's row is held."""
    named: dict[Slot, int] = {}
    for proof in proofs:
        slot = slot_of(proof.badge)
        if slot:
            named[slot] = proof.certificate_id
    for url in dict.fromkeys(slot.url for slot in named):
        mine = {slot: certificate_id for slot, certificate_id in named.items() if slot.url == url}
        status_list = _opened(next(iter(mine)))
        status_list.taken += len(mine)
        rows = [
            {"certificate_id": certificate_id, "list_id": status_list.id, "bit": slot.bit, "is_set": False}
            for slot, certificate_id in mine.items()
        ]
        db.session.execute(insert(StatusEntry), rows)


def slot_of(badge: str) -> Slot | None:
    """The bit that a badge of ours names; those from before the status lists name none."""
    named = json.loads(badge).get("credentialStatus")
    if named is None:
        return None
    url = named["statusListCredential"]
    return Slot(int(url.rpartition("/")[2]), url, int(named["statusListIndex"]))


def withdraw(certificates: Iterable[Certificate]) -> None:
    """Set the bits of these certificates' badges. The log's row is held."""
    mine = StatusEntry.certificate_id.in_([certificate.id for certificate in certificates])
    lists = select(StatusEntry.list_id).where(mine)
    db.session.execute(
        update(StatusList).where(StatusList.id.in_(lists)).values(revision=StatusList.revision + 1)
    )
    db.session.execute(update(StatusEntry).where(mine).values(is_set=True))


def _newest() -> StatusList | None:
    return db.session.scalar(select(StatusList).order_by(StatusList.number.desc()).limit(1))


def _place(newest: StatusList | None) -> tuple[int, int, int | None]:
    """Number, size and id of the list to draw from; a half full one, or one of another address, is left."""
    if newest is None:
        return 1, SMALLEST, None
    if newest.taken >= FULL_AT or newest.url != list_url(newest.number):
        return newest.number + 1, SMALLEST, None
    return newest.number, newest.size, newest.id


def _taken_of(slots: Collection[Slot]) -> set[Slot]:
    taken: set[Slot] = set()
    for url in {slot.url for slot in slots}:
        list_id = db.session.scalar(select(StatusList.id).where(StatusList.url == url))
        mine = [slot for slot in slots if slot.url == url]
        bits = _taken(list_id, [slot.bit for slot in mine])
        taken |= {slot for slot in mine if slot.bit in bits}
    return taken


def _opened(slot: Slot) -> StatusList:
    found = db.session.scalar(select(StatusList).where(StatusList.url == slot.url))
    if found is None:
        found = StatusList(number=slot.number, url=slot.url, size=SMALLEST, taken=0, revision=0)
        db.session.add(found)
        db.session.flush()
    return found


def _taken(list_id: int | None, bits: Collection[int]) -> set[int]:
    if list_id is None or not bits:
        return set()
    query = select(StatusEntry.bit).where(StatusEntry.list_id == list_id, StatusEntry.bit.in_(bits))
    return set(db.session.scalars(query))


def _shuffled(bits: Iterable[int]) -> list[int]:
    found = sorted(bits)
    secrets.SystemRandom().shuffle(found)
    return found
