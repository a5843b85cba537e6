"""The list of institutions: what it is narrowed to and sorted by, its counts, and its file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, exists, func, literal, select
from sqlalchemy.orm import selectinload

from gdt.access import Viewer, within
from gdt.database import any_contains, db
from gdt.facets import Group, facet
from gdt.filters import country_name
from gdt.partners.models import (
    EXPIRING,
    GRACE,
    Agreement,
    Country,
    Institution,
    InstitutionKind,
    InstitutionStatus,
    Region,
)
from gdt.partners.standing import KINDS, STATUSES, standing_of

LONG_AGO = date(1, 1, 1)
_LAST_DAY = (
    select(func.max(Agreement.ends_on))
    .where(Agreement.institution_id == Institution.id)
    .correlate(Institution)
    .scalar_subquery()
)
_JOINED = func.coalesce(Institution.joined_on, literal(LONG_AGO))
_UNTIL = func.coalesce(_LAST_DAY, literal(LONG_AGO))
ORDERS: dict[str, list[Any]] = {
    "name": [Institution.name],
    "-name": [Institution.name.desc()],
    "country": [Country.code, Institution.name],
    "-country": [Country.code.desc(), Institution.name],
    "joined": [_JOINED, Institution.name],
    "-joined": [_JOINED.desc(), Institution.name],
    "until": [_UNTIL, Institution.name],
    "-until": [_UNTIL.desc(), Institution.name],
}
HEADER = (
    "Code",
    "Name",
    "Native name",
    "Kind",
    "Country",
    "Region",
    "City",
    "Website",
    "Partner since",
    "Status",
    "Agreement until",
    "Teachers a year",
    "Students a year",
)


@dataclass(frozen=True)
class Narrowing:
    """What the address narrows the list to; an empty text narrows nothing."""

    search: str = ""
    region: str = ""
    country: str = ""
    kind: str = ""
    status: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Narrowing":
        return cls(args.get("q", "").strip(), *(args.get(name, "") for name in FACETS))


FACETS = ("region", "country", "kind", "status")


def status_on(day: date) -> ColumnElement[str]:
    """`Institution.status` of every row at once: the same rule, said to the database."""
    begun_until = (
        select(func.max(Agreement.ends_on))
        .where(Agreement.institution_id == Institution.id, Agreement.starts_on <= day)
        .correlate(Institution)
        .scalar_subquery()
    )
    ended_by_itself = (
        exists().where(
            Agreement.institution_id == Institution.id,
            Agreement.starts_on <= day,
            Agreement.ends_on == begun_until,
            Agreement.agreed_until.is_(None),
        )
    ).correlate(Institution)
    has_next = (
        exists().where(Agreement.institution_id == Institution.id, Agreement.starts_on > day)
    ).correlate(Institution)
    return case(
        (Institution.closed_on <= day, InstitutionStatus.CLOSED.value),
        (begun_until.is_(None), InstitutionStatus.APPLICANT.value),
        (begun_until >= day + EXPIRING, InstitutionStatus.IN_FORCE.value),
        (begun_until < day - GRACE, InstitutionStatus.LAPSED.value),
        ((begun_until < day) & ~ended_by_itself, InstitutionStatus.LAPSED.value),
        (begun_until < day, InstitutionStatus.IN_GRACE.value),
        (has_next, InstitutionStatus.IN_FORCE.value),
        else_=InstitutionStatus.EXPIRING.value,
    )


def institutions(viewer: Viewer, wanted: Narrowing, day: date) -> Select[Institution]:
    """The institutions of a list, before it is sorted and cut into pages."""
    statement: Select[Institution] = _narrowed(select(Institution), viewer, wanted, day)
    return statement.options(selectinload(Institution.agreements))


def count_institutions(viewer: Viewer, wanted: Narrowing, day: date) -> int:
    return db.session.scalar(_narrowed(select(func.count()), viewer, wanted, day)) or 0


def _narrowed(statement: Any, viewer: Viewer, wanted: Narrowing, day: date, *, but: str = "") -> Any:
    """The statement narrowed by everything chosen, but for the one group whose choices are counted."""
    statement = (
        statement.select_from(Institution)
        .join(Country, Country.id == Institution.country_id)
        .join(Region, Region.id == Country.region_id)
        .where(within(viewer, Institution.id))
    )
    columns = _columns(day)
    for name in FACETS:
        value = getattr(wanted, name)
        if value and name != but:
            statement = statement.where(columns[name] == value)
    if wanted.search:
        columns_searched = (Institution.name, Institution.native_name, Institution.code, Institution.city)
        statement = statement.where(any_contains(columns_searched, wanted.search))
    return statement


def _columns(day: date) -> dict[str, Any]:
    return {
        "region": Region.code,
        "country": Country.code,
        "kind": _as_text(Institution.kind),
        "status": status_on(day),
    }


def _as_text(column: Any) -> ColumnElement[str]:
    """A choice compared as the word it is stored as, so that a wrong word in the address finds nothing."""
    return func.coalesce(func.lower(column), "")


def groups(viewer: Viewer, wanted: Narrowing, day: date) -> list[Group]:
    """The choices beside the list, each with how many institutions it would leave."""
    counts = {name: _count_by(viewer, wanted, day, name) for name in FACETS}
    regions = [(one.code, one.name) for one in db.session.scalars(select(Region).order_by(Region.position))]
    countries = sorted(((code, country_name(code)) for code in counts["country"]), key=lambda pair: pair[1])
    words: dict[str, tuple[str, Sequence[tuple[str, Any]]]] = {
        "status": (_("Status"), [(status.value, STATUSES[status][0]) for status in InstitutionStatus]),
        "region": (_("Region"), regions),
        "kind": (_("Kind"), [(kind.value, KINDS[kind]) for kind in InstitutionKind]),
        "country": (_("Country"), countries),
    }
    return [
        facet(label, name, [(value, text, counts[name].get(value, 0)) for value, text in choices])
        for name, (label, choices) in words.items()
    ]


def _count_by(viewer: Viewer, wanted: Narrowing, day: date, name: str) -> dict[str, int]:
    column = _columns(day)[name].label("choice")
    rows = db.session.execute(
        _narrowed(select(column, func.count()), viewer, wanted, day, but=name).group_by("choice")
    )
    return {row[0]: row[1] for row in rows}


def rows_to_take_away(viewer: Viewer, wanted: Narrowing, order: list[Any], day: date) -> Iterator[list[Any]]:
    """The rows of the list as a file has them, under `HEADER`, with what the agreement of the day says."""
    for one in db.session.scalars(institutions(viewer, wanted, day).order_by(*order)):
        standing = standing_of(one, one.agreements, day)
        term = one.agreement_in_force(day)
        yield [
            one.code,
            one.name,
            one.native_name,
            one.kind.value,
            one.country.code,
            one.country.region.name,
            one.city,
            one.website,
            one.joined_on,
            standing.status.value,
            standing.last_term.ends_on if standing.last_term else None,
            term.teachers_target if term else None,
            term.students_target if term else None,
        ]
