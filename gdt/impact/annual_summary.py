"""The annual summary as a document: its pages in order, as PDF bytes."""

from collections.abc import Callable
from io import BytesIO

from flask_babel import gettext as _

from gdt.impact.sheet import Sheet
from gdt.impact.summary_closing import data_quality, definitions
from gdt.impact.summary_content import SummaryContent, summary_content
from gdt.impact.summary_opening import cover, six_numbers, world_map
from gdt.impact.summary_places import countries, institutions, regions
from gdt.impact.summary_story import exams, multiplier, year_on_year

PAGES: tuple[Callable[[Sheet, SummaryContent], None], ...] = (
    cover,
    six_numbers,
    world_map,
    regions,
    countries,
    institutions,
    year_on_year,
    multiplier,
    exams,
    data_quality,
    definitions,
)


def annual_summary_pdf(year: int) -> bytes:
    """The summary of a year as a PDF; raises DomainError for a year that has nothing to show."""
    return draw_summary(summary_content(year))


def draw_summary(content: SummaryContent) -> bytes:
    file = BytesIO()
    title = _("GDT Network annual summary %(year)s", year=content.year)
    sheet = Sheet(file, title=title, author="GDT Network", running=title)
    sheet.canvas.setSubject(_("What the programme reached in %(period)s", period=content.period))
    for draw in PAGES:
        draw(sheet, content)
    sheet.canvas.showOutline()
    sheet.finish()
    return file.getvalue()
