"""The register of certificates: searching, narrowing down, counting and listing it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Case, ColumnElement, Select, case, exists, extract, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.numbering import parse_number
from gdt.certification.terms.queries import ends_between, is_renewed, is_standing
from gdt.database import db
from gdt.partners.models import Institution

ORDER = (Certificate.issued_on.desc(), Certificate.id.desc())
SOON = timedelta(days=90)
_LATER = aliased(Certificate)


class Term(StrEnum):
    """What a list can be narrowed to beside the state: standing but ending within `SOON`, or renewed."""

    ENDING = "ending"
    RENEWED = "renewed"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; None and "" narrow nothing. `day` is the one states are told for."""

    day: date
    text: str = ""
    kind: CertificateKind | None = None
    state: CertificateState | None = None
    term: Term | None = None
    year: int | None = None
    institution: str = ""


def list_certificates(viewer: Viewer, wanted: Wanted) -> Select[Any]:
    """The certificates the viewer may see, to be paged in ORDER."""
    return (
        select(Certificate)
        .where(*_conditions(viewer, wanted))
        .options(joinedload(Certificate.institution), selectinload(Certificate.replaced_by))
    )


def every_certificate(viewer: Viewer, wanted: Wanted) -> Iterator[Certificate]:
    """The rows of the download, newest first, a thousand at a time."""
    statement = list_certificates(viewer, wanted).order_by(*ORDER)
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def count_certificates(viewer: Viewer, wanted: Wanted) -> int:
    query = select(func.count(Certificate.id)).where(*_conditions(viewer, wanted))
    return db.session.scalar(query) or 0


def count_by_kind(viewer: Viewer, wanted: Wanted) -> dict[CertificateKind, int]:
    return _count_by(viewer, replace(wanted, kind=None), Certificate.kind)


def count_by_state(viewer: Viewer, wanted: Wanted) -> dict[CertificateState, int]:
    counts = _count_by(viewer, replace(wanted, state=None), _state_on(wanted.day))
    return {CertificateState(word): count for word, count in counts.items()}


def count_by_term(viewer: Viewer, wanted: Wanted) -> dict[Term, int]:
    """How many the narrowing to each term would leave."""
    return {term: count_certificates(viewer, replace(wanted, term=term)) for term in Term}


def count_by_year(viewer: Viewer, wanted: Wanted) -> dict[int, int]:
    """By the year of issue, latest first."""
    counts = _count_by(viewer, replace(wanted, year=None), extract("year", Certificate.issued_on))
    return {int(year): counts[year] for year in sorted(counts, reverse=True)}


def count_by_institution(viewer: Viewer, wanted: Wanted) -> list[tuple[str, str, int]]:
    """(code, name, count) by name."""
    query = (
        select(Institution.code, Institution.name, func.count(Certificate.id))
        .join(Institution, Institution.id == Certificate.institution_id)
        .where(*_conditions(viewer, replace(wanted, institution="")))
        .group_by(Institution.code, Institution.name)
        .order_by(Institution.name)
    )
    return [(code, name, count) for code, name, count in db.session.execute(query)]


def _count_by(viewer: Viewer, wanted: Wanted, column: Any) -> dict[Any, int]:
    label = column.label("part")
    inner = select(label).where(*_conditions(viewer, wanted)).subquery()
    query = select(inner.c.part, func.count()).group_by(inner.c.part)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [within(viewer, Certificate.institution_id), *_search(wanted.text)]
    if wanted.kind is not None:
        conditions.append(Certificate.kind == wanted.kind)
    if wanted.state is not None:
        conditions.append(_state_on(wanted.day) == wanted.state.value)
    if wanted.term is Term.ENDING:
        conditions += [ends_between(wanted.day, wanted.day + SOON), is_standing()]
    if wanted.term is Term.RENEWED:
        conditions.append(is_renewed())
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(Certificate.issued_on.between(first, last))
    if wanted.institution:
        chosen = select(Institution.id).where(Institution.code == wanted.institution)
        conditions.append(Certificate.institution_id.in_(chosen))
    return conditions


def _search(text: str) -> list[ColumnElement[bool]]:
    """A number is found however it is typed; any other text is part of a printed name."""
    if not text:
        return []
    number = parse_number(text)
    if number is not None:
        return [Certificate.number == number]
    names = [Certificate.facts[key].as_string() for key in ("printed_name", "native_name")]
    return [
        or_(
            Certificate.number.icontains(text, autoescape=True),
            *(name.icontains(text, autoescape=True) for name in names),
        )
    ]


def _state_on(day: date) -> Case[str]:
    """The same answer as `Certificate.state`, for the database."""
    return case(
        (Certificate.revoked_at.is_not(None), CertificateState.REVOKED.value),
        (exists().where(_LATER.replaces_id == Certificate.id), CertificateState.REPLACED.value),
        (Certificate.valid_until < day, CertificateState.EXPIRED.value),
        else_=CertificateState.VALID.value,
    )
