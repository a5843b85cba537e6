"""Certificates that end soon or ended lately: listing them, counting them by month and institution."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate
from gdt.certification.terms.queries import ends_between, is_standing
from gdt.database import db
from gdt.partners.models import Institution

AHEAD, BEHIND = timedelta(days=180), timedelta(days=90)
ORDER = (Certificate.valid_until, Certificate.id)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the list is narrowed to: `month` as 2026-12, an institution's code; "" narrows nothing."""

    day: date
    month: str = ""
    institution: str = ""


def list_ending(viewer: Viewer, wanted: Ending) -> Select[Any]:
    """Standing certificates that nothing renews, whose last day is near, to be paged in ORDER."""
    return (
        select(Certificate)
        .where(*_conditions(viewer, wanted))
        .options(
            joinedload(Certificate.institution),
            joinedload(Certificate.course),
            selectinload(Certificate.replaced_by),
        )
    )


def every_ending(viewer: Viewer, wanted: Ending) -> Iterator[Certificate]:
    """The rows of the download, the nearest end first."""
    statement = list_ending(viewer, wanted).order_by(*ORDER)
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def count_ending(viewer: Viewer, wanted: Ending) -> int:
    return db.session.scalar(select(func.count(Certificate.id)).where(*_conditions(viewer, wanted))) or 0


def count_by_month(viewer: Viewer, wanted: Ending) -> dict[str, int]:
    """By the month of the last day, first ones first."""
    inner = select(_month().label("month")).where(*_conditions(viewer, replace(wanted, month=""))).subquery()
    query = select(inner.c.month, func.count()).group_by(inner.c.month).order_by(inner.c.month)
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_by_institution(viewer: Viewer, wanted: Ending) -> list[tuple[str, str, int]]:
    """(code, name, count) by name."""
    query = (
        select(Institution.code, Institution.name, func.count(Certificate.id))
        .join(Institution, Institution.id == Certificate.institution_id)
        .where(*_conditions(viewer, replace(wanted, institution="")))
        .group_by(Institution.code, Institution.name)
        .order_by(Institution.name)
    )
    return [(code, name, count) for code, name, count in db.session.execute(query)]


def _conditions(viewer: Viewer, wanted: Ending) -> list[ColumnElement[bool]]:
    chosen = select(Institution.id).where(Institution.code == wanted.institution)
    return [
        within(viewer, Certificate.institution_id),
        ends_between(wanted.day - BEHIND, wanted.day + AHEAD),
        is_standing(),
        _month() == wanted.month if wanted.month else true(),
        Certificate.institution_id.in_(chosen) if wanted.institution else true(),
    ]


def _month() -> ColumnElement[str]:
    return func.substr(cast(Certificate.valid_until, String), 1, 7)
