"""Persons by name and where they belong, written many at once."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gdt.demo.network import Network, Partner, moment
from gdt.demo.rows import Row, add_all, add_links
from gdt.people.models import Affiliation, AffiliationRole, Gender, Person
from gdt.people.name_keys import name_key

GENDER_GIVEN = 0.86
GENDER_IS_OTHER = 0.004
WITH_EMAIL = {AffiliationRole.TEACHER: 0.94, AffiliationRole.STUDENT: 0.71}
_NOT_IN_ADDRESSES = {"bin", "binti", "a", "p", "l", "jr"}


@dataclass(frozen=True)
class Newcomer:
    """Somebody the register does not know yet."""

    partner: Partner
    role: AffiliationRole
    from_on: date
    until_on: date | None = None


def add_people(network: Network, newcomers: Sequence[Newcomer]) -> list[int]:
    """Give each newcomer a name, a number and a place; returns the persons' ids in the same order."""
    numbers = [_own_number(newcomer) for newcomer in newcomers]
    persons = [_person(network, who, number) for who, number in zip(newcomers, numbers, strict=True)]
    ids = add_all(Person, persons)
    add_links(
        Affiliation,
        [
            {
                "person_id": person_id,
                "institution_id": newcomer.partner.id,
                "role": newcomer.role,
                "own_number": number,
                "from_on": newcomer.from_on,
                "until_on": newcomer.until_on,
            }
            for person_id, newcomer, number in zip(ids, newcomers, numbers, strict=True)
        ],
    )
    return ids


def _person(network: Network, newcomer: Newcomer, number: str) -> Row:
    rng, partner = network.rng, newcomer.partner
    is_female = rng.random() < partner.women
    culture = rng.choices(list(partner.cultures), list(partner.cultures.values()))[0]
    name = network.names.new(culture, is_female=is_female)
    has_email = rng.random() < WITH_EMAIL[newcomer.role]
    return {
        "printed_name": unicodedata.normalize("NFC", name.printed),
        "name_key": name_key(name.printed),
        "native_name": unicodedata.normalize("NFC", name.native) if name.native else None,
        "email": _email(network, newcomer, name.printed, number) if has_email else None,
        "gender": _gender(network, is_female),
        "created_at": moment(newcomer.from_on),
    }


def _gender(network: Network, is_female: bool) -> Gender | None:
    if network.rng.random() > GENDER_GIVEN:
        return None
    if network.rng.random() < GENDER_IS_OTHER:
        return Gender.OTHER
    return Gender.FEMALE if is_female else Gender.MALE


def _own_number(newcomer: Newcomer) -> str:
    partner = newcomer.partner
    if newcomer.role is AffiliationRole.TEACHER:
        return f"STAFF-{next(partner.staff_numbers):04d}"
    return partner.own_numbers.format(yy=f"{newcomer.from_on:%y}", n=next(partner.numbers))


def _email(network: Network, newcomer: Newcomer, printed: str, number: str) -> str:
    domain = newcomer.partner.domain
    if newcomer.role is AffiliationRole.STUDENT:
        return f"{'.'.join(_words(number))}@students.{domain}"
    local = ".".join(word for word in _words(printed) if word not in _NOT_IN_ADDRESSES)
    email = f"{local}@{domain}"
    if email in network.emails:
        email = f"{local}{len(network.emails)}@{domain}"
    network.emails.add(email)
    return email


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)
