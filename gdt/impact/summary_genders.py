"""The annual summary's page of the year by gender."""

from collections.abc import Mapping

from flask_babel import gettext as _

from gdt.charts import BarChart
from gdt.filters import number, percent
from gdt.impact.genders import FOLDED, NOT_GIVEN, WORDS
from gdt.impact.measures import BY_KEY
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.impact.summary_content import SummaryContent

FEMALE, MALE = "female", "male"


def genders(sheet: Sheet, content: SummaryContent) -> None:
    """As people said it of themselves; a summary whose file has no splits has no such page."""
    if not content.genders:
        return
    sheet.open_page(_("Gender"), _headline(content))
    sheet.paragraph(
        _(
            "As people said it of themselves. Whoever said nothing, and every headcount, is under “not"
            " given”. A split is left out where a group has fewer than five people, so that nobody can be"
            " found in it."
        )
    )
    told = {split.measure: split.counts for split in content.genders if split.counts is not None}
    if "students_trained" in told:
        sheet.chart(_chart(told["students_trained"]))
    heads = [FEMALE, MALE, "other", NOT_GIVEN]
    columns = [Column(_("Measure"), MEASURE - 84 * len(heads), is_number=False)]
    columns += [Column(str(WORDS[choice]), 84) for choice in heads]
    sheet.table(columns, [_row(split.measure, split.counts, heads) for split in content.genders])
    sheet.close_page()


def _headline(content: SummaryContent) -> str:
    counts = next((s.counts for s in content.genders if s.measure == "students_trained"), None)
    known = counts.get(FEMALE, 0) + counts.get(MALE, 0) if counts else 0
    if not counts or not known:
        return str(_("The year by gender"))
    share = percent(counts[FEMALE] / sum(counts.values()))
    return str(_("%(share)s of the students said that they are women", share=share))


def _chart(counts: Mapping[str, int]) -> BarChart:
    return BarChart(
        title=_("Students trained by gender"),
        by=_("Gender"),
        unit=str(BY_KEY["students_trained"].name),
        number=number,
        rows=[(str(WORDS[choice]), people) for choice, people in counts.items()],
    )


def _row(measure: str, counts: Mapping[str, int] | None, heads: list[str]) -> list[Cell | str]:
    name = Cell(str(BY_KEY[measure].name), str(BY_KEY[measure].unit))
    if counts is None:
        return [Cell(name.text, _("A group is too small to be shown.")), *["–"] * len(heads)]
    if FOLDED in counts:
        folded = Cell(number(counts[FOLDED]), _("with other"))
        return [name, number(counts[FEMALE]), number(counts[MALE]), "–", folded]
    return [name, *(number(counts[choice]) for choice in heads)]
