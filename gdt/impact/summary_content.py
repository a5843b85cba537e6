"""What an annual summary says: the year's numbers, read once, and the sentences drawn from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt.errors import DomainError
from gdt.filters import day
from gdt.impact.figures_page import label_of, nothing_here
from gdt.impact.gender_splits import GenderSplit
from gdt.impact.measures import BY_KEY, COUNTED_IN_TABLES, KEY_FIGURES, Measure
from gdt.impact.queries import today
from gdt.impact.report_standing import Standing
from gdt.impact.scopes import EVERYWHERE, InstitutionPlace, Scope, Value
from gdt.impact.stories import Honour, Story
from gdt.impact.tallies import Figure, Figures

_SHARED = ("teachers_certified", "students_trained", "completions", "exams_passed", "certificates_issued")
OF_A_COUNTRY = tuple(BY_KEY[key] for key in (*_SHARED, "institutions"))
OF_AN_INSTITUTION = tuple(BY_KEY[key] for key in (*_SHARED, "exams_taken"))


@dataclass(frozen=True)
class Line:
    """One place, module or year with its figures, in the order of the measures asked for."""

    value: Value
    label: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class YearTarget:
    """What a measure was to reach in a year, who says so, and what it reached (None: not yet begun)."""

    measure: str
    year: int
    target: int
    source: str
    reached: int | None


@dataclass(frozen=True)
class RestatedNote:
    """A published figure of an earlier year that is another one now, and why."""

    year: int
    measure: str
    place: str
    published: int
    now: int
    reason: str


@dataclass(frozen=True)
class SummaryContent:
    """The numbers of one year in a place and those within it, and of every year.

    `home` names the place: a country, an institution, or nothing for the network. `as_of` is the day the
    numbers were read, `is_final` whether the year was closed with them.
    """

    year: int
    as_of: date
    figures: Figures
    home: Scope = EVERYWHERE
    is_final: bool = False
    targets: Sequence[YearTarget] = ()
    restated: Sequence[RestatedNote] = ()
    genders: Sequence[GenderSplit] = ()
    reports: Standing | None = None  # None: the file of the year does not say
    stories: Sequence[Story] = ()
    honours: Sequence[Honour] = ()

    @property
    def scope(self) -> Scope:
        return self.home.but(year=self.year)

    @property
    def place(self) -> str | None:
        """What the place is called; None for the network."""
        names = list(self.home.chosen().items())
        return label_of(self.figures.network, *names[-1]) if names else None

    @property
    def title(self) -> str:
        if self.place is None:
            return str(_("GDT Network annual summary %(year)s", year=self.year))
        return str(_("%(place)s: GDT annual summary %(year)s", place=self.place, year=self.year))

    @property
    def key_figures(self) -> Sequence[Measure]:
        """The six numbers of the place: an institution has no institutions."""
        if self.home.institution:
            return OF_AN_INSTITUTION
        return OF_A_COUNTRY if self.home.country else KEY_FIGURES

    @property
    def is_running(self) -> bool:
        """Whether the year is not over yet, so that its numbers are those so far."""
        return self.year == self.as_of.year

    @property
    def period(self) -> str:
        if self.is_running:
            return str(_("%(year)s, up to %(day)s", year=self.year, day=day(self.as_of)))
        return str(self.year)

    def of(self, key: str, **choices: Value | None) -> Figure:
        """A measure in the year, or in what `choices` says; `year=None` is all years."""
        return self.figures.of(BY_KEY[key], self.scope.but(**choices))

    def reached(self, key: str, until: int) -> int:
        """How many a measure counted up to the end of a year, each once over all years."""
        return self.figures.reached(BY_KEY[key], self.home, until)

    def lines(self, dimension: str, *keys: str, year: int | None = 0) -> list[Line]:
        """The lines of a dimension in the year (0: the summary's own), most of the first measure on top."""
        scope = self.home.but(year=self.year if year == 0 else year)
        found = [self.figures.by(BY_KEY[key], dimension, scope) for key in keys]
        values = {value for by in found for value, figure in by.items() if figure.total or figure.claimed}
        lines = [
            Line(
                value,
                label_of(self.figures.network, dimension, value),
                [by.get(value, Figure()) for by in found],
            )
            for value in values
        ]
        return sorted(lines, key=lambda line: (-line.figures[0].total, line.label))

    def places(self, dimension: str, *keys: str) -> tuple[list[Line], list[Line]]:
        """The countries or institutions that took part, with zeros where one has none; then the others.

        The first are those the measure of places counts, each of them. The others have a number nobody
        verified, or a result or certificate in a year they took no part in.
        """
        present = BY_KEY["countries" if dimension == "country" else "institutions"]
        there = self.figures.by(present, dimension, self.scope)
        lines = self.lines(dimension, *keys)
        known, empty = {line.value for line in lines}, [Figure() for _key in keys]
        idle = [
            Line(value, label_of(self.figures.network, dimension, value), empty)
            for value in there
            if value not in known
        ]
        taking_part = [line for line in lines if line.value in there]
        idle.sort(key=lambda line: line.label)
        return [*taking_part, *idle], [line for line in lines if line.value not in there]

    def years(self, *keys: str) -> list[Line]:
        """Every year from the first with a number to the summary's own, oldest first."""
        lines = {line.value: line for line in self.lines("year", *keys, year=None)}
        first = min((int(year) for year in lines), default=self.year)
        empty = [Figure() for _key in keys]
        every = range(min(first, self.year), self.year + 1)
        return [lines.get(year, Line(year, str(year), empty)) for year in every]

    def institution(self, code: Value) -> InstitutionPlace:
        return self.figures.network.institution(str(code))

    def not_reported(self) -> list[InstitutionPlace]:
        """Institutions that took part in the year and of which nothing was recorded or reported for it."""
        scope = self.scope
        there = set(self.figures.by(BY_KEY["institutions"], "institution", scope))
        heard: set[Value] = set()
        for measure in COUNTED_IN_TABLES:
            heard.update(self.figures.by(measure, "institution", scope))
        return [self.institution(code) for code in sorted(there - heard, key=str)]


def check_has_numbers(figures: Figures, home: Scope, year: int) -> None:
    """Raises DomainError for a year that has not begun or has nothing to show."""
    nothing = nothing_here(home.but(year=year), figures.years(home), today())
    if nothing is not None:
        message = _("%(reason)s There is no annual summary to make.", reason=nothing)
        raise DomainError(str(message), "year")
