"""The pages of the annual summary about people: stories of community projects, and the awards of the year."""

from flask_babel import gettext as _

from gdt.community.models import ProjectKind
from gdt.community.words import KINDS
from gdt.filters import country_name, ngettext, number
from gdt.impact.sheet import MEASURE, SANS, SOFT, Cell, Column, Sheet
from gdt.impact.stories import Honour, Story
from gdt.impact.summary_content import SummaryContent

PICTURE_HEIGHT = 160.0
MOST_PLACES = 4


def stories(sheet: Sheet, content: SummaryContent) -> None:
    """One to three projects that count; without one there is no page."""
    if not content.stories:
        return
    projects, helped = content.of("projects").total, content.of("people_helped").total
    sheet.open_page(_("Stories"), _headline(projects, helped))
    for story in content.stories:
        _tell(sheet, story)
    sheet.close_page()


def _headline(projects: int, helped: int) -> str:
    if not helped:
        return ngettext("%(num)s community project", "%(num)s community projects", projects)
    return ngettext(
        "%(num)s community project helped %(people)s people",
        "%(num)s community projects helped %(people)s people",
        projects,
        people=number(helped),
    )


def _tell(sheet: Sheet, story: Story) -> None:
    sheet.need(300 if story.picture else 140)
    if story.picture is not None:
        sheet.picture(story.picture, PICTURE_HEIGHT)
    sheet.heading(story.title)
    sheet.paragraph(_where(story), style=SANS, size=10.5, ink=SOFT)
    sheet.paragraph(story.text, size=12)
    if story.reached:
        sheet.paragraph(" · ".join(story.reached), style=SANS, size=10.5)


def _where(story: Story) -> str:
    """The kind, the institution, and where it was."""
    names = [name for name, _country in story.places[:MOST_PLACES]]
    if len(story.places) > MOST_PLACES:
        names.append(_("%(n)s more places", n=len(story.places) - MOST_PLACES))
    countries = dict.fromkeys(country_name(country) for _name, country in story.places)
    places = ", ".join([*names, *countries])
    return f"{KINDS[ProjectKind(story.kind)]} · {story.institution_name} · {places}"


def awards(sheet: Sheet, content: SummaryContent) -> None:
    """The awards of the year; without one there is no page."""
    if not content.honours:
        return
    many = len(content.honours)
    title = ngettext("%(num)s award was given", "%(num)s awards were given", many)
    sheet.open_page(_("Awards of %(year)s", year=content.year), title)
    columns = [
        Column(_("Award"), 120, is_number=False),
        Column(_("Given to"), 175, is_number=False),
        Column(_("For"), MEASURE - 295, is_number=False),
    ]
    sheet.table(columns, [[one.category, _whom(one), one.citation] for one in content.honours])
    sheet.paragraph(
        _(
            "People who agreed to be named stand on the honours page, under /honours/%(year)s.",
            year=content.year,
        ),
        size=11,
    )
    sheet.close_page()


def _whom(one: Honour) -> Cell:
    country = country_name(one.country)
    if one.nominee_kind == "institution":
        return Cell(one.institution_name, country)
    who = _("A lecturer") if one.nominee_kind == "lecturer" else _("A student")
    return Cell(who, f"{one.institution_name}, {country}")
