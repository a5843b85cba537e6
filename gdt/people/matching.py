"""Finding the people of a whole list in the register: by e-mail or own number, never by name alone.

A list is matched as a set, a few hundred rows to a query, so that a file of 100,000 rows asks hundreds of
questions and not hundreds of thousands.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from sqlalchemy import Executable, Select, String, and_, func, select, type_coerce, update

from gdt.database import db
from gdt.database import one_of as one_of
from gdt.people.models import Affiliation, AffiliationRole, Person

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
    gender: str | None
    affiliation_id: int | None
    own_number: str | None


class Match(NamedTuple):
    """Who a row is by its number, and by its e-mail; two different people are a conflict."""

    by_number: Known | None = None
    by_email: Known | None = None

    @property
    def person(self) -> Known | None:
        return self.by_number or self.by_email

    @property
    def is_conflict(self) -> bool:
        number, email = self
        return number is not email and bool(number and email) and number[0] != email[0]  # type: ignore[index]


NOBODY = Match()
_KNOWN: Final = (
    Person.id,
    Person.printed_name,
    Person.native_name,
    Person.email,
    type_coerce(Person.gender, String),  # the word itself: to compare it nothing has to be made of it
    Affiliation.id,
    Affiliation.own_number,
)


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def find_matches(institution_id: int, role: AffiliationRole, rows: Sequence[Identified]) -> list[Match]:
    """For each row who it is, in the order of the rows: a few queries for every few thousand of them."""
    return [match for chunk in chunks(rows) for match in _match_chunk(institution_id, role, chunk)]


def _match_chunk(institution_id: int, role: AffiliationRole, rows: list[Identified]) -> list[Match]:
    matches = _match_numbers(institution_id, role, rows)
    emails = _ids_by_email(
        {
            row.email.lower()
            for row, match in zip(rows, matches, strict=True)
            if row.email and not match.by_email
        }
    )
    if not emails:
        return matches
    known = {match.by_number.person_id: match.by_number for match in matches if match.by_number}
    known |= find_known(institution_id, role, set(emails.values()) - known.keys())
    return [
        match if match.by_email else _and_by_email(match, known.get(emails.get((row.email or "").lower(), 0)))
        for row, match in zip(rows, matches, strict=True)
    ]


def _match_numbers(institution_id: int, role: AffiliationRole, rows: list[Identified]) -> list[Match]:
    """Who each row is by its number, as it is written or else in another case.

    Where the e-mail is the very person's too, it need not be looked for.
    """
    numbers = {row.own_number for row in rows if row.own_number}
    exact = _with_numbers(institution_id, role, numbers)
    unknown = numbers - exact.keys()
    others = {way for number in unknown for way in (number.upper(), number.lower()) if way != number}
    spelt = exact | _with_numbers(institution_id, role, others) if others else {}
    folded = {number.casefold(): known for number, known in spelt.items()}
    found = {number: folded.get(number.casefold()) for number in unknown} | exact
    people = [found.get(row.own_number) if row.own_number else None for row in rows]
    return [
        Match(known, known if row.email and row.email.lower() == known.email else None) if known else NOBODY
        for row, known in zip(rows, people, strict=True)
    ]


def _and_by_email(match: Match, known: Known | None) -> Match:
    return Match(match.by_number, known) if known else match


def _with_numbers(institution_id: int, role: AffiliationRole, numbers: set[str]) -> dict[str, Known]:
    """Who has a number spelt just so; an entry that was merged stands for the one it became."""
    if not numbers:
        return {}
    found = _rows(
        select(*_KNOWN, Person.merged_into_id)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Affiliation.institution_id == institution_id,
            Affiliation.role == role,
            one_of(Affiliation.own_number, numbers),
        )
    )
    known = {row[6]: Known._make(row[:7]) for row in found if not row[7]}
    if merged := {row[6]: row[7] for row in found if row[7]}:
        became = find_known(institution_id, role, set(merged.values()))
        known |= {number: became[one] for number, one in merged.items() if one in became}
    return known


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
    """The rows as the driver gives them: to make anything of texts and numbers would cost as much again."""
    db.session.flush()
    with db.session.connection().execute(statement) as result:
        return list(result.cursor.fetchall())


def _known_persons(
    institution_id: int, role: AffiliationRole
) -> Select[int, str, str | None, str | None, str | None, int, str | None]:
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
