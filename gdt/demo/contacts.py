"""Whom the office turns to at each institution: who leads, who answers for exams, and who signs."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy import select, update

from gdt.database import db
from gdt.demo.names import NameBook
from gdt.demo.network import SEED, Network, Partner
from gdt.demo.rows import Row, add_all
from gdt.partners.contact_models import Contact, Duty
from gdt.partners.contacts import end_contact
from gdt.partners.models import Agreement

CALLING_CODES = {
    "SG": "65",
    "MY": "60",
    "TH": "66",
    "ID": "62",
    "PH": "63",
    "KH": "855",
    "VN": "84",
    "PK": "92",
    "MN": "976",
    "AU": "61",
    "MX": "52",
    "CO": "57",
    "BO": "591",
    "RW": "250",
    "TN": "216",
    "ET": "251",
    "KZ": "7",
}
POSITIONS = {
    Duty.PROGRAMME_LEAD: ("Dean, School of Business", "Head of Digital Commerce", "Director of Partnerships"),
    Duty.EXAM_OFFICER: ("Examinations Office", "Registrar", "Head of Assessment"),
}
WITH_HISTORY = "utar"
MAY_SIGN = ("in force", "conference", "expiring")


def add_contacts(network: Network) -> None:
    """Bulk rows for all, and one hand-over that the history of an institution tells."""
    chance = Random(SEED)  # noqa: S311 the same people every time, and the others as they were
    book = NameBook(chance)
    signing = _signatories()
    rows = [
        row
        for partner in network.partners.values()
        for row in _of_one(partner, book, chance, network.today, signing.get(partner.id))
    ]
    add_all(Contact, rows)
    _hand_over(network)


def _of_one(
    partner: Partner, book: NameBook, chance: Random, today: date, signing: tuple[str, str] | None
) -> Iterator[Row]:
    joined_on = partner.joined_on or today - timedelta(days=40)
    for duty, positions in POSITIONS.items():
        culture = max(partner.cultures, key=lambda name: partner.cultures[name])
        name = book.new(culture, is_female=chance.random() < partner.women).printed
        yield _row(partner, duty, name, chance.choice(positions), chance, joined_on)
    if signing is not None and partner.story in MAY_SIGN:
        yield _row(partner, Duty.SIGNATORY, *signing, chance, joined_on)


def _row(partner: Partner, duty: Duty, name: str, position: str, chance: Random, joined_on: date) -> Row:
    is_closed = partner.story in {"closed", "lapsed"}
    number = f"{chance.randint(200, 899)} {chance.randint(1000, 9999)}"
    return {
        "institution_id": partner.id,
        "name": name,
        "duty": duty,
        "position": position,
        "email": f"{duty.value.split()[0]}@{partner.domain}",
        "phone": f"+{CALLING_CODES[partner.country]} {number}" if duty is not Duty.SIGNATORY else None,
        "from_on": joined_on,
        "until_on": date(2024, 6, 30) if is_closed else None,
    }


def _signatories() -> dict[int, tuple[str, str]]:
    """Name and position of whoever signed each institution's latest agreement."""
    signed = db.session.execute(
        select(Agreement.institution_id, Agreement.signatories).order_by(Agreement.starts_on)
    )
    found = {}
    for institution_id, signatories in signed:
        name, _comma, position = signatories.partition(";")[0].partition(", ")
        found[institution_id] = (name, position)
    return found


def _hand_over(network: Network) -> None:
    """The lead of today came after somebody, whose duty the office ended on the page."""
    partner, last = network.partners[WITH_HISTORY], network.today - timedelta(days=60)
    leads = Contact.institution_id == partner.id, Contact.duty == Duty.PROGRAMME_LEAD
    db.session.execute(update(Contact).where(*leads).values(from_on=last + timedelta(days=1)))
    before = Contact(
        institution_id=partner.id,
        name="Wong Siew Lan",
        duty=Duty.PROGRAMME_LEAD,
        position="Dean, Faculty of Business and Finance",
        email=f"siewlan@{partner.domain}",
        from_on=partner.joined_on,
    )
    db.session.add(before)
    db.session.flush()
    end_contact(viewer=network.officer, contact=before, until_on=last)
