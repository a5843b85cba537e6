"""The annual summary as tables to work with: a CSV file, and a workbook with the definitions beside."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from gdt.impact.genders import WORDS
from gdt.impact.measures import MEASURES, Measure, definitions
from gdt.impact.scopes import Scope
from gdt.impact.summary_content import Line, SummaryContent
from gdt.spreadsheets.writing import Value as Cell
from gdt.spreadsheets.writing import write_workbook

CSV_COLUMNS = (
    "measure",
    "by",
    "code",
    "name",
    "year",
    "total",
    "recorded",
    "verified",
    "claimed",
    "total_year_before",
)


def summary_table(content: SummaryContent) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """Every number of the summary as rows: in total, by place, by module, and in each year."""
    return CSV_COLUMNS, _summary_rows(content)


def _summary_rows(content: SummaryContent) -> Iterator[Sequence[Cell]]:
    lines = {dimension: _lines(content, dimension) for dimension in _dimensions(content.home)}
    for measure in MEASURES:
        yield _cells(content, measure, "", "", "", content.scope)
        for dimension, found in lines.items():
            for line in found:
                scope = content.scope.but(**{dimension: line.value})
                yield _cells(content, measure, dimension, str(line.value), line.label, scope)
        for line in content.years(measure.key):
            yield _cells(
                content, measure, "year", line.label, line.label, content.home.but(year=int(line.value))
            )
        yield from _by_gender(content, measure)


def _by_gender(content: SummaryContent, measure: Measure) -> Iterator[Sequence[Cell]]:
    """One row for each group that may be told; how they are recorded, and the year before, is not."""
    counts = next((s.counts for s in content.genders if s.measure == measure.key), None) or {}
    for choice, people in counts.items():
        name = str(WORDS[choice])
        yield (measure.key, "gender", choice, name, content.year, people, None, None, None, None)


def _lines(content: SummaryContent, dimension: str) -> list[Line]:
    """Every value of a dimension with any number; of places also those that took part and have none."""
    keys = [measure.key for measure in MEASURES]
    if dimension in ("region", "module"):
        return content.lines(dimension, *keys)
    there, others = content.places(dimension, *keys)
    return [*there, *others]


def _dimensions(home: Scope) -> Sequence[str]:
    if home.institution:
        return ("module",)
    return ("institution", "module") if home.country else ("region", "country", "institution", "module")


def _cells(
    content: SummaryContent, measure: Measure, dimension: str, code: str, name: str, scope: Scope
) -> Sequence[Cell]:
    figure = content.figures.of(measure, scope)
    before = content.figures.of(measure, scope.but(year=(scope.year or content.year) - 1))
    made_of = (figure.total, figure.recorded, figure.verified, figure.claimed)
    return (measure.key, dimension, code, name, scope.year, *made_of, before.total)


def summary_book(content: SummaryContent) -> bytes:
    """The same rows as an .xlsx file, with what each measure counts on its second sheet."""
    header, body = summary_table(content)
    return write_workbook([(_("Figures"), header, body), (_("Definitions"), *definition_table())])


def definition_table() -> tuple[Sequence[str], list[list[str]]]:
    """The catalogue of measures as a header and its rows."""
    catalogue = definitions()
    return list(catalogue[0]), [list(entry.values()) for entry in catalogue]
