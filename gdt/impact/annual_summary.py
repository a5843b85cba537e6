"""The annual summary as a document: its pages in order, as PDF bytes."""

from collections.abc import Callable, Sequence
from io import BytesIO

from flask_babel import gettext as _

from gdt.access import OFFICE, Viewer
from gdt.errors import DomainError
from gdt.impact import closing_queries
from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK
from gdt.impact.closed_models import ClosedYear
from gdt.impact.scopes import EVERYWHERE, Scope
from gdt.impact.sheet import Sheet
from gdt.impact.summarising import summary_content
from gdt.impact.summary_closing import data_quality, definitions
from gdt.impact.summary_content import SummaryContent
from gdt.impact.summary_genders import genders
from gdt.impact.summary_goals import restated, targets
from gdt.impact.summary_honours import awards, stories
from gdt.impact.summary_opening import cover, six_numbers, world_map
from gdt.impact.summary_places import countries, institutions, modules, regions
from gdt.impact.summary_story import exams, multiplier, year_on_year

Page = Callable[[Sheet, SummaryContent], None]
TOLD_OF_ALL: tuple[Page, ...] = (
    year_on_year,
    multiplier,
    exams,
    stories,
    awards,
    genders,
    targets,
    data_quality,
    restated,
    definitions,
)


def pages_of(content: SummaryContent) -> Sequence[Page]:
    """The pages of a place: a country has no regions, an institution no institutions."""
    if content.home.institution:
        return (cover, six_numbers, modules, *TOLD_OF_ALL)
    if content.home.country:
        return (cover, six_numbers, institutions, modules, *TOLD_OF_ALL)
    return (cover, six_numbers, world_map, regions, countries, institutions, *TOLD_OF_ALL)


def annual_summary_pdf(year: int, home: Scope = EVERYWHERE, viewer: Viewer = OFFICE) -> bytes:
    """The summary of a place as a PDF: that of a closed year is the one that was kept.

    Raises DomainError for a year that has nothing to show, and for a kept file that was changed.
    """
    closed = closing_queries.find_closed(year)
    return draw_summary(summary_content(year, home, viewer)) if closed is None else _kept(closed, home)


def _kept(closed: ClosedYear, home: Scope) -> bytes:
    level = INSTITUTION if home.institution else COUNTRY if home.country else NETWORK
    summary = closing_queries.find_summary(closed, level, home.institution or home.country or "")
    if summary is None and not closed.is_finished:
        raise DomainError(_("This summary is being drawn. Try again in a minute."))
    if summary is None:
        raise DomainError(_("Nothing was published here for %(year)s.", year=closed.year))
    return closing_queries.read_whole(summary.file_key, summary.file_sha256)


def draw_summary(content: SummaryContent) -> bytes:
    file = BytesIO()
    sheet = Sheet(file, title=content.title, author="GDT Network", running=content.title)
    sheet.canvas.setSubject(_("What the programme reached in %(period)s", period=content.period))
    made_on = f"D:{content.as_of:%Y%m%d}000000+00'00'"  # the same figures make the same bytes on any day
    sheet.canvas.setDateFormatter(lambda *_parts: made_on)
    for draw in pages_of(content):
        draw(sheet, content)
    sheet.canvas.showOutline()
    sheet.finish()
    return file.getvalue()
