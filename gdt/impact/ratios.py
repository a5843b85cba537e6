"""Two numbers made of two measures: students for each teacher, and the share of exams that were passed."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt.filters import number
from gdt.impact.measures import BY_KEY, Measure
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figures


@dataclass(frozen=True)
class Ratio:
    """A number, what it says, and the two it was made of: `made_of` has places for %(one)s and %(other)s.

    Their rows can be opened unless they are of all years up to one, which no list of rows holds together.
    """

    value: str
    sentence: str
    made_of: str
    one: tuple[Measure, int]
    other: tuple[Measure, int]
    can_open: bool


def ratios(figures: Figures, scope: Scope, today: date) -> list[Ratio]:
    """Those that have something to divide by. A teacher teaches for years, so the first counts all years."""
    return [ratio for ratio in (_multiplier(figures, scope, today), _pass_rate(figures, scope)) if ratio]


def _multiplier(figures: Figures, scope: Scope, today: date) -> Ratio | None:
    until = min(scope.year or today.year, today.year)
    trained, certified = BY_KEY["students_trained"], BY_KEY["teachers_certified"]
    students, teachers = (figures.reached(measure, scope, until) for measure in (trained, certified))
    if not teachers:
        return None
    return Ratio(
        number(round(students / teachers, 1)),
        _("students for each teacher certified, up to the end of %(year)s", year=until)
        if scope.year
        else _("students for each teacher certified"),
        _("%(one)s students for %(other)s teachers"),
        (trained, students),
        (certified, teachers),
        can_open=scope.year is None,
    )


def _pass_rate(figures: Figures, scope: Scope) -> Ratio | None:
    taken = figures.of(BY_KEY["exams_taken"], scope).total
    passed = figures.of(BY_KEY["exams_passed"], scope).total
    if not taken:
        return None
    return Ratio(
        _("%(share)s %%", share=number(round(100 * passed / taken))),
        _("of the exams taken were passed"),
        _("%(one)s of %(other)s exams"),
        (BY_KEY["exams_passed"], passed),
        (BY_KEY["exams_taken"], taken),
        can_open=True,
    )
