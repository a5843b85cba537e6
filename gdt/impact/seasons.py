"""Counting once a day how earlier years grew month by month, for the forecasts to be drawn from."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, extract, func, insert, select

from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db, reading, unit_of_work
from gdt.impact.forecast import EARLIER_YEARS
from gdt.impact.queries import today
from gdt.impact.target_models import SeasonMonth
from gdt.impact.words import stands
from gdt.routines import routine
from gdt.training.models import Cohort, Enrolment

Months = dict[tuple[int, int, int], list[int]]  # (institution, year, month): teachers, students


@routine
def count_seasons_daily() -> None:
    """Count once a day, by whichever worker comes first."""
    with reading():
        is_done = db.session.scalar(select(func.max(SeasonMonth.counted_on))) == today()
    if not is_done:
        count_seasons()


def count_seasons() -> int:
    """Count the months of the earlier years from the rows; returns how many months there are."""
    day = today()
    with reading():
        months = _read_months(day)
    rows = [
        dict(zip(("institution_id", "year", "month", "teachers", "students"), (*key, *counts), strict=True))
        | {"counted_on": day}
        for key, counts in months.items()
    ]
    with unit_of_work():
        db.session.execute(delete(SeasonMonth))
        if rows:
            db.session.execute(insert(SeasonMonth), rows)
    return len(rows)


def _read_months(day: date) -> Months:
    months: Months = defaultdict(lambda: [0, 0])
    for at, firsts in enumerate((_first_certificates(), _first_completions())):
        for institution_id, year, month, count in db.session.execute(_by_month(firsts, day)):
            months[institution_id, int(year), int(month)][at] = count
    return months


def _by_month(firsts: Any, day: date) -> Any:
    """(institution, year, month, how many) of the first days that lie in the earlier years."""
    first = firsts.subquery()
    spread = (first.c.institution_id, extract("year", first.c.day), extract("month", first.c.day))
    last_years = first.c.day.between(date(day.year - EARLIER_YEARS, 1, 1), date(day.year - 1, 12, 31))
    return select(*spread, func.count()).where(last_years).group_by(*spread)


def _first_certificates() -> Select[int, date]:
    """A teacher counts in the month of the first certificate an institution has of her."""
    return (
        select(Certificate.institution_id, func.min(Certificate.issued_on).label("day"))
        .where(Certificate.kind == CertificateKind.TEACHER, Certificate.edition == 1, stands(Certificate))
        .group_by(Certificate.institution_id, Certificate.person_id)
    )


def _first_completions() -> Select[int, date | None]:
    """A student counts in the month of her first completion in a year."""
    return (
        select(Cohort.institution_id, func.min(Enrolment.completed_on).label("day"))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.completed_on.is_not(None))
        .group_by(Cohort.institution_id, Enrolment.person_id, extract("year", Enrolment.completed_on))
    )
