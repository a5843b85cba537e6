"""Finding the people of a whole list in the register: by e-mail or own number, never by name alone.

A list is matched as a set, a few hundred rows to a query, so that a file of 100,000 rows asks hundreds of
questions and not hundreds of thousands.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from sqlalchemy import Executable, Select, and_, func, select, update

from gdt.database import db
from gdt.database import one_of as one_of
from gdt.people.models import Affiliation, AffiliationRole, Gender, Person

T = TypeVar("T")
CHUNK = 5_000  # rows to a query: they travel as one parameter


class Identified(Protocol):
    """Anything that may carry an own number and an e-mail, such as a row of a roster."""

    @property
    def own_number(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


class Known(NamedTuple):
    """A person of the register, with her own number at the institution asked about."""

    person_id: int
    printed_name: str
    native_name: str | None
    email: str | None
    gender: Gender | None
    affiliation_id: int | None
    own_number: str | None


@dataclass(frozen=True)
class Match:
    """Who a row is by its number, and by its e-mail; two different people are a conflict."""

    by_number: Known | None = None
    by_email: Known | None = None

    @property
    def person(self) -> Known | None:
        return self.by_number or self.by_email

    @property
    def is_conflict(self) -> bool:
        both = self.by_number and self.by_email
        return bool(both and self.by_number.person_id != self.by_email.person_id)  # type: ignore[union-attr]


NOBODY = Match()
_KNOWN: Final = (
    Person.id,
    Person.printed_name,
    Person.native_name,
    Person.email,
    Person.gender,
    Affiliation.id,
    Affiliation.own_number,
)


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def find_matches(institution_id: int, role: AffiliationRole, rows: Sequence[Identified]) -> list[Match]:
    """For each row who it is, in the order of the rows: three queries for every few hundred of them."""
    return [match for chunk in chunks(rows) for match in _match_chunk(institution_id, role, chunk)]


def _match_chunk(institution_id: int, role: AffiliationRole, rows: list[Identified]) -> list[Match]:
    numbers = _known_by_number(institution_id, role, {row.own_number for row in rows if row.own_number})
    emails = _ids_by_email({row.email.lower() for row in rows if row.email})
    if not numbers and not emails:
        return [NOBODY] * len(rows)
    known = {one.person_id: one for one in numbers.values()}
    known |= find_known(institution_id, role, set(emails.values()) - known.keys())
    return [
        Match(
            numbers.get((row.own_number or "").casefold()),
            known.get(emails.get((row.email or "").lower(), 0)),
        )
        for row in rows
    ]


def _known_by_number(institution_id: int, role: AffiliationRole, numbers: set[str]) -> dict[str, Known]:
    """Who has each number here; an entry that was merged stands for the one it became."""
    if not numbers:
        return {}
    spellings = {way for number in numbers for way in (number, number.upper(), number.lower())}
    found = _rows(
        select(Affiliation.own_number, Person.merged_into_id, *_KNOWN)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Affiliation.institution_id == institution_id,
            Affiliation.role == role,
            one_of(Affiliation.own_number, spellings),
        )
    )
    became = find_known(institution_id, role, {row[1] for row in found if row[1]})
    who = {(row[0] or "").casefold(): became.get(row[1]) if row[1] else Known._make(row[2:]) for row in found}
    return {number: known for number, known in who.items() if known}


def _ids_by_email(emails: set[str]) -> dict[str, int]:
    if not emails:
        return {}
    found = _rows(
        select(Person.email, func.coalesce(Person.merged_into_id, Person.id)).where(
            one_of(Person.email, emails)
        )
    )
    return {email or "": person_id for email, person_id in found}


def find_known(institution_id: int, role: AffiliationRole, person_ids: set[int]) -> dict[int, Known]:
    """These people by id, as an institution knows them."""
    if not person_ids:
        return {}
    found = _rows(_known_persons(institution_id, role).where(one_of(Person.id, person_ids)))
    return {row[0]: Known._make(row) for row in found}


def _rows(statement: Executable) -> Sequence[Any]:
    """The rows as they come: nothing of them is mapped, which for thousands would cost as much again."""
    db.session.flush()
    return db.session.connection().execute(statement).all()


def _known_persons(
    institution_id: int, role: AffiliationRole
) -> Select[int, str, str | None, str | None, Gender | None, int, str | None]:
    here = and_(
        Affiliation.person_id == Person.id,
        Affiliation.institution_id == institution_id,
        Affiliation.role == role,
    )
    return select(*_KNOWN).outerjoin_from(Person, Affiliation, here)


def mark_to_compare(person_ids: Collection[int]) -> None:
    """Have these persons compared with those like them: they were changed past the mapped objects."""
    if person_ids:
        were_compared = one_of(Person.id, person_ids), Person.compared_at.is_not(None)
        db.session.execute(update(Person).where(*were_compared).values(compared_at=None))
