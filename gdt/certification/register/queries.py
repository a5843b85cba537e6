"""The register of certificates: searching, narrowing down and listing it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.numbering import parse_number
from gdt.certification.terms.models import CertificateRenewal
from gdt.certification.terms.queries import ends_between
from gdt.database import db
from gdt.partners.models import Institution

ORDER = (Certificate.issued_on.desc(), Certificate.id.desc())
SOON = timedelta(days=90)
_LATER, _FIRST, _ONE = aliased(Certificate), aliased(Certificate), aliased(Certificate)


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


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [within(viewer, Certificate.institution_id), *search(wanted.text)]
    if wanted.kind is not None:
        conditions.append(Certificate.kind == wanted.kind)
    if wanted.state is not None:
        conditions += _in_state(wanted.state, wanted.day)
    if wanted.term is Term.ENDING:
        conditions += [ends_between(wanted.day, wanted.day + SOON), ~Certificate.id.in_(replaced())]
        conditions += [Certificate.revoked_at.is_(None), ~Certificate.thing_earned.in_(renewed_things())]
    if wanted.term is Term.RENEWED:
        conditions.append(Certificate.thing_earned.in_(renewed_things()))
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(Certificate.issued_on.between(first, last))
    if wanted.institution:
        chosen = select(Institution.id).where(Institution.code == wanted.institution)
        conditions.append(Certificate.institution_id.in_(chosen))
    return conditions


def search(text: str) -> list[ColumnElement[bool]]:
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


def _in_state(state: CertificateState, day: date) -> list[ColumnElement[bool]]:
    """The same answer as `Certificate.state`, so that the few of a rare state are found without the rest."""
    is_revoked, is_replaced = Certificate.id.in_(revoked()), Certificate.id.in_(replaced())
    if state is CertificateState.REVOKED:
        return [is_revoked]
    if state is CertificateState.REPLACED:
        return [is_replaced, Certificate.revoked_at.is_(None)]
    has_ended = Certificate.id.in_(ended_before(day))
    stands = [Certificate.revoked_at.is_(None), ~is_replaced]
    return [has_ended, *stands] if state is CertificateState.EXPIRED else [~has_ended, *stands]


def revoked() -> Select[Any]:
    """The ids of those revoked."""
    return select(_ONE.id).where(_ONE.revoked_at.is_not(None))


def replaced() -> Select[Any]:
    """The ids of those with a later edition."""
    return select(_LATER.replaces_id).where(_LATER.replaces_id.is_not(None))


def ended_before(day: date) -> Select[Any]:
    """The ids of those whose term ended, or will have ended, before a day."""
    return select(_ONE.id).where(_ONE.valid_until < day)


def renewed_things() -> Select[Any]:
    """What was earned by those for which a certificate for the next term was issued."""
    firsts = select(CertificateRenewal.renews_id)  # a join would have SQLite walk every certificate
    return select(_FIRST.thing_earned).where(_FIRST.id.in_(firsts), _FIRST.edition == 1)
