"""Figures and their rows as tables to take away: headers and rows for a CSV file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gdt.impact.measures import Measure
from gdt.spreadsheets.writing import Value
from gdt.training.models import Headcount

_PROJECT = ("code", "title", "starts_on", "people_helped", "state", "institution_code", "institution_name")
PLACE_COLUMNS = {
    "institutions": ("institution_code", "institution_name", "native_name", "city", "country"),
    "countries": ("country", "region"),
    "projects": _PROJECT,
    "people_helped": _PROJECT,
}
ROW_COLUMNS = (
    "source",
    "number",
    "year",
    "date",
    "name",
    "native_name",
    "institution_code",
    "institution",
    "for",
    "note",
    "reference",
)


def row_table(
    measure: Measure, rows: Iterable[Any], headcounts: Iterable[Headcount], *, with_names: bool
) -> tuple[Sequence[str], Iterator[Sequence[Value]]]:
    """The rows behind a number; the numbers of all but the claimed rows add up to the total."""
    if measure.key in PLACE_COLUMNS:
        columns = PLACE_COLUMNS[measure.key]
        return columns, ([getattr(row, column) for column in columns] for row in rows)
    return ROW_COLUMNS, _named_and_reported(rows, headcounts, with_names=with_names)


def _named_and_reported(
    rows: Iterable[Any], headcounts: Iterable[Headcount], *, with_names: bool
) -> Iterator[Sequence[Value]]:
    for row in rows:
        names = (row.printed_name, row.native_name) if with_names else (None, None)
        yield (
            "recorded",
            1,
            row.dated_on.year,
            row.dated_on,
            *names,
            row.institution_code,
            row.institution_name,
            row.what,
            None if row.note is None else str(row.note),
            row.reference,
        )
    for headcount in headcounts:
        source = "verified" if headcount.verified_at else "claimed"
        place = (headcount.institution.code, headcount.institution.name)
        yield (
            source,
            headcount.people,
            headcount.year,
            None,
            None,
            None,
            *place,
            headcount.module.title,
            headcount.evidence,
            None,
        )
