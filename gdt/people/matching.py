"""Finding the people of a whole list in the register: by e-mail or own number, never by name alone.

A list is matched as a set, a few hundred rows to a query, so that a file of 100,000 rows asks hundreds of
questions and not hundreds of thousands.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
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
    """A person of the register, with her own number at the institution asked about.

    What a list may say of her stands from `printed_name` to `gender`, in the order of its columns.
    """

    person_id: int
    affiliation_id: int | None
    printed_name: str
    native_name: str | None
    own_number: str | None
    email: str | None
    gender: str | None
    merged_into_id: int | None = None

    @property
    def listed(self) -> tuple[str | None, ...]:
        """All that a list may say of her."""
        return self[2:7]


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


People = list[Known | None]
KNOWN: Final = (
    Person.id,
    Affiliation.id,
    Person.printed_name,
    Person.native_name,
    Affiliation.own_number,
    Person.email,
    type_coerce(Person.gender, String),  # the word itself: to compare it nothing has to be made of it
)
_as_known: Final[Callable[[Sequence[Any]], Known]] = partial(tuple.__new__, Known)


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def find_matches(institution_id: int, role: AffiliationRole, rows: Sequence[Identified]) -> list[Match]:
    """For each row who it is, in the order of the rows: a few queries for every few thousand of them."""
    found: list[Match] = []
    for chunk in chunks(rows):
        numbers = [row.own_number for row in chunk]
        emails = [row.email and row.email.lower() for row in chunk]
        found += map(Match, *match_columns(institution_id, role, numbers, emails))
    return found


def match_columns(
    institution_id: int, role: AffiliationRole, numbers: Sequence[str | None], emails: Sequence[str | None]
) -> tuple[People, People]:
    """Who each of some thousand rows is by its number, and who by its e-mail, which is in lower case.

    Where both are the same person, they are the same object.
    """
    by_number = _by_number(institution_id, role, numbers)
    by_email = [
        known if known and known[5] == email and email else None
        for known, email in zip(by_number, emails, strict=True)
    ]
    open_emails = {email for email, known in zip(emails, by_email, strict=True) if email and not known}
    if not (ids := _ids_by_email(open_emails)):
        return by_number, by_email
    people = {known.person_id: known for known in by_number if known}
    people |= find_known(institution_id, role, set(ids.values()) - people.keys())
    by_email = [
        known or people.get(ids.get(email or "", 0)) for known, email in zip(by_email, emails, strict=True)
    ]
    return by_number, by_email


def _by_number(institution_id: int, role: AffiliationRole, numbers: Sequence[str | None]) -> People:
    """Who each row is by its number, as it is written or else in another case."""
    told = set(filter(None, numbers))
    known = _with_numbers(institution_id, role, told)
    unknown = told - known.keys()
    if others := {way for number in unknown for way in (number.upper(), number.lower()) if way != number}:
        spelt = known | _with_numbers(institution_id, role, others)
        folded = {number.casefold(): one for number, one in spelt.items()}
        known |= {number: one for number in unknown if (one := folded.get(number.casefold()))}
    return list(map(known.get, numbers))  # type: ignore[arg-type]


def _with_numbers(institution_id: int, role: AffiliationRole, numbers: set[str]) -> dict[str, Known]:
    """Who has a number spelt just so; an entry that was merged stands for the one it became."""
    if not numbers:
        return {}
    found = _rows(
        select(*KNOWN, Person.merged_into_id)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Affiliation.institution_id == institution_id,
            Affiliation.role == role,
            one_of(Affiliation.own_number, numbers),
        )
    )
    known = {row[4]: _as_known(row) for row in found}
    if merged := {row[4]: row[7] for row in found if row[7]}:
        became = find_known(institution_id, role, set(merged.values()))
        known = {number: one for number, one in known.items() if number not in merged}
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
    return {row[0]: Known(*row) for row in found}


def _rows(statement: Executable) -> Sequence[Any]:
    """The rows as the driver gives them: to make anything of texts and numbers would cost as much again."""
    db.session.flush()
    with db.session.connection().execute(statement) as result:
        return list(result.cursor.fetchall())


def _known_persons(
    institution_id: int, role: AffiliationRole
) -> Select[int, int, str, str | None, str | None, str | None, str]:
    here = and_(
        Affiliation.person_id == Person.id,
        Affiliation.institution_id == institution_id,
        Affiliation.role == role,
    )
    return select(*KNOWN).outerjoin_from(Person, Affiliation, here)


def mark_to_compare(person_ids: Collection[int]) -> None:
    """Have these persons compared with those like them: they were changed past the mapped objects."""
    if person_ids:
        were_compared = one_of(Person.id, person_ids), Person.compared_at.is_not(None)
        db.session.execute(update(Person).where(*were_compared).values(compared_at=None))
