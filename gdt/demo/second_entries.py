"""A handful of people whom somebody entered twice: what the page of probable duplicates is for."""

from collections.abc import Iterator

from sqlalchemy import select

from gdt.database import db
from gdt.demo.network import Network, Partner, moment
from gdt.demo.present_day import STORY, WAITING
from gdt.demo.rows import Row, add_all, add_links
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.name_keys import name_key

LONG_NAME = 12  # letters: a slip in a shorter one makes another name


def add_second_entries(network: Network) -> None:
    """Enter some people of two partners again, each the way it happens; they took part in nothing."""
    told = list(_second_entries(network.partners[STORY], network.partners[WAITING]))
    persons = [person | {"created_at": moment(network.today)} for person, _place in told]
    for person_id, (_person, place) in zip(add_all(Person, persons), told, strict=True):
        add_links(Affiliation, [place | {"person_id": person_id, "from_on": network.today}])


def _second_entries(story: Partner, other: Partner) -> Iterator[tuple[Row, Row]]:
    students = iter(_people(story, AffiliationRole.STUDENT))
    teachers = iter(_people(story, AffiliationRole.TEACHER))
    person, number = next(students)
    yield _again(person.printed_name.upper()), _at(story, number=f"{number[:2]}-{number[2:]}")
    person, _number = next(students)
    first, *others = person.printed_name.split()
    yield _again(f"{' '.join(others)}, {first}"), _at(story)
    person, _number = next(one for one in students if len(one[0].printed_name) > LONG_NAME)
    yield _again(_slipped(person.printed_name)), _at(story)
    person, _number = next(one for one in teachers if one[0].email)
    box, _, domain = (person.email or "").partition("@")
    yield _again(person.printed_name, email=f"{box}+gdt@{domain}"), _at(story, AffiliationRole.TEACHER)
    person, _number = next(one for one in students if one[0].native_name)
    yield _again(person.native_name or "", native_name=person.native_name), _at(other)


def _people(partner: Partner, role: AffiliationRole) -> list[tuple[Person, str]]:
    """The newest ones of a partner, with their numbers."""
    found = db.session.execute(
        select(Person, Affiliation.own_number)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.institution_id == partner.id, Affiliation.role == role)
        .order_by(Person.id.desc())
        .limit(200)
    )
    return [(person, number or "") for person, number in found]


def _slipped(name: str) -> str:
    """Two neighbours in the middle of the longest word have changed places."""
    word = max(name.split(), key=len)
    middle = next(n for n in range(1, len(word) - 1) if word[n] != word[n + 1])
    wrong = word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
    return name.replace(word, wrong, 1)


def _again(printed: str, native_name: str | None = None, email: str | None = None) -> Row:
    key = name_key(printed)
    return {
        "printed_name": printed,
        "name_key": key,
        "native_name": native_name,
        "email": email,
        "gender": None,
    }


def _at(partner: Partner, role: AffiliationRole = AffiliationRole.STUDENT, number: str | None = None) -> Row:
    return {"institution_id": partner.id, "role": role, "own_number": number, "until_on": None}
