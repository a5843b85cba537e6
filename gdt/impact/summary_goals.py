"""The pages of the annual summary about what was promised: targets, and published figures that changed."""

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.charts import BarChart, ColumnChart
from gdt.filters import day, number, percent
from gdt.impact.goals import Source
from gdt.impact.measures import BY_KEY
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.impact.summary_content import SummaryContent, YearTarget

MOST_RESTATED = 60


def targets(sheet: Sheet, content: SummaryContent) -> None:
    mine = [target for target in content.targets if target.year == content.year]
    coming = [target for target in content.targets if target.year > content.year]
    sheet.open_page(_("Targets"), _headline(content, mine))
    if not content.targets:
        sheet.paragraph(_("No target was set or agreed for this year or the next."))
        sheet.close_page()
        return
    if mine:
        for target in mine:
            sheet.chart(_beside_its_target(content, target))
        _table(sheet, mine)
    sheet.heading(_("The next year, %(year)s", year=content.year + 1))
    if coming:
        _table(sheet, coming)
        _way_to(sheet, content, coming)
    else:
        sheet.paragraph(_("No target was set or agreed yet."), size=12)
    sheet.close_page()


def _way_to(sheet: Sheet, content: SummaryContent, coming: list[YearTarget]) -> None:
    """What the years reached, and beside them what the next one is to reach."""
    told = next((target for target in coming if target.measure == "students_trained"), None)
    lines = content.years("students_trained")
    if told is None or not any(line.figures[0].total for line in lines):
        return
    rows = [(line.label, line.figures[0].total) for line in lines]
    chart = ColumnChart(
        title=_("%(measure)s in each year, and the target of %(year)s", measure=_name(told), year=told.year),
        by=_("Year"),
        unit=_name(told),
        number=number,
        rows=[*rows, (str(told.year), told.target)],
        highlight=str(told.year),
        height=300,
    )
    sheet.chart(chart)


def _beside_its_target(content: SummaryContent, target: YearTarget) -> BarChart:
    """One measure alone: teachers and students are not told on one scale."""
    return BarChart(
        title=_("%(measure)s, and the target", measure=_name(target)),
        by=_("Year"),
        unit=_name(target),
        number=number,
        rows=[(content.period, target.reached or 0)],
        targets=[target.target],
        target_label=_("of %s"),
    )


def _headline(content: SummaryContent, mine: list[YearTarget]) -> str:
    if not mine:
        return str(_("No target for %(year)s", year=content.year))
    reached = sum(1 for target in mine if (target.reached or 0) >= target.target)
    if content.is_running:
        return str(_("What %(year)s is to reach", year=content.year))
    return str(
        ngettext(
            "%(reached)s of %(num)s target reached",
            "%(reached)s of %(num)s targets reached",
            len(mine),
            reached=reached,
        )
    )


def _name(target: YearTarget) -> str:
    return str(BY_KEY[target.measure].name)


def _table(sheet: Sheet, found: list[YearTarget]) -> None:
    columns = [
        Column(_("Measure"), MEASURE - 240, is_number=False),
        Column(_("Target"), 80),
        Column(_("Reached"), 80),
        Column(_("Share"), 80),
    ]
    sheet.table(columns, [_row(target) for target in found])


def _row(target: YearTarget) -> list[Cell | str]:
    reached = target.reached
    name = Cell(_name(target), Source(target.source).words)
    if reached is None:
        return [name, number(target.target), "–", "–"]
    return [name, number(target.target), number(reached), percent(reached / target.target)]


def _restated_headline(content: SummaryContent) -> str:
    notes = content.restated
    if not notes:
        return str(_("No earlier year’s published figure had changed"))
    many, of = len(notes), ", ".join(str(year) for year in sorted({note.year for note in notes}))
    title = ngettext(
        "%(num)s published figure of %(of)s is restated",
        "%(num)s published figures of %(of)s are restated",
        many,
        of=of,
    )
    return str(title)


def _as_it_was(content: SummaryContent) -> str:
    """On which day this was so."""
    if not content.is_final:
        return str(_("This is so as of %(day)s.", day=day(content.as_of)))
    return str(
        _(
            "This was so when this was published, on %(day)s. What has changed since, in this year or an"
            " earlier one, stands on the page of the year.",
            day=day(content.as_of),
        )
    )


def restated(sheet: Sheet, content: SummaryContent) -> None:
    """The figures of earlier summaries that were other ones on the summary's day, and that alone."""
    notes = content.restated
    needs = 120.0 + 46 * len(notes)
    sheet.open_page(_("Restatements"), _restated_headline(content), needs=needs)
    sheet.paragraph(
        _(
            "A closed year’s summary never changes. Where the figures of an earlier year differ from the"
            " records, the difference stands here with its reason."
        )
    )
    sheet.paragraph(_as_it_was(content))
    sheet.point_to_changes()
    if notes:
        columns = [
            Column(_("Figure"), 150, is_number=False),
            Column(_("Published"), 62),
            Column(_("Now"), 62),
            Column("", 14),
            Column(_("Why"), MEASURE - 288, is_number=False),
        ]
        rows: list[list[Cell | str]] = [
            [
                Cell(f"{note.year}: {BY_KEY[note.measure].name}", note.place or _("The network")),
                number(note.published),
                number(note.now),
                "",
                note.reason or _("Not known yet"),
            ]
            for note in notes[:MOST_RESTATED]
        ]
        sheet.table(columns, rows)
    if len(notes) > MOST_RESTATED:
        sheet.paragraph(_("%(n)s more stand in the file of figures.", n=number(len(notes) - MOST_RESTATED)))
    sheet.close_page()
