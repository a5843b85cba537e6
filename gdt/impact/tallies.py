"""Counting people once in every scope at the same time, from one reading of the facts.

The database groups each person's facts into a signature, the grains (year, institution, modules) she has
facts in, and counts the people of each signature. There are few signatures and each says which scopes its
people belong to, so one short list answers every total and every breakdown, and each is exact.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gdt.impact.measures import Measure
from gdt.impact.scopes import Network, Scope, Value
from gdt.training.models import HeadcountMeasure


@dataclass(frozen=True, eq=False)
class Grain:
    """The finest place a fact is counted in: its value in every dimension, several modules at most.

    One object stands for one place (compared by identity), because each is looked up a million times.
    """

    year: int
    region: str
    country: str
    institution: str
    modules: frozenset[str]

    def is_in(self, scope: Scope) -> bool:
        return (
            scope.year in (None, self.year)
            and scope.region in (None, self.region)
            and scope.country in (None, self.country)
            and scope.institution in (None, self.institution)
            and (scope.module is None or scope.module in self.modules)
        )

    def values(self, dimension: str, scope: Scope) -> Iterable[Value]:
        """The values of a dimension this grain adds to; a chosen module leaves out the others."""
        if dimension == "module":
            return self.modules if scope.module is None else (scope.module,)
        return (getattr(self, dimension),)


@dataclass(frozen=True)
class Reported:
    """One headcount: a number of people a partner reported without names."""

    measure: HeadcountMeasure
    grain: Grain
    people: int
    is_verified: bool


@dataclass
class Figure:
    """A number and what it is made of. Claimed people stand beside the total, never in it."""

    recorded: int = 0
    verified: int = 0
    claimed: int = 0

    @property
    def total(self) -> int:
        return self.recorded + self.verified


Signature = tuple[Sequence[Grain], int]


@dataclass(frozen=True)
class Tally:
    """The signatures of one kind of fact, each with the number of people (or other keys) that have it."""

    signatures: Sequence[Signature]

    def count(self, scope: Scope, *, is_distinct: bool) -> int:
        total = 0
        inside = _Membership(scope)
        for grains, keys in self.signatures:
            facts = sum(1 for grain in grains if inside[grain])
            total += keys * (min(facts, 1) if is_distinct else facts)
        return total

    def count_by(self, dimension: str, scope: Scope, *, is_distinct: bool) -> Counter[Value]:
        """The number in each value of a dimension; people are counted once in each."""
        counts: Counter[Value] = Counter()
        inside = _Membership(scope)
        for grains, keys in self.signatures:
            values = [value for g in grains if inside[g] for value in g.values(dimension, scope)]
            for value in set(values) if is_distinct else values:
                counts[value] += keys
        return counts

    def count_new(self, scope: Scope) -> Counter[int]:
        """For each year the keys whose first fact in the scope's place is of that year."""
        counts: Counter[int] = Counter()
        inside = _Membership(scope)
        for grains, keys in self.signatures:
            years = [grain.year for grain in grains if inside[grain]]
            if years:
                counts[min(years)] += keys
        return counts


class _Membership(dict[Grain, bool]):
    """Remembers which grains are in a scope: there are few, and each stands in many signatures."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __missing__(self, grain: Grain) -> bool:
        self[grain] = is_in = grain.is_in(self.scope)
        return is_in


@dataclass(frozen=True)
class Figures:
    """Every number of the programme within what was read, by whatever scope and dimension is asked."""

    network: Network
    tallies: dict[str, Tally]
    headcounts: Sequence[Reported]

    def of(self, measure: Measure, scope: Scope) -> Figure:
        recorded = self.tallies[measure.key].count(scope, is_distinct=measure.is_distinct)
        figure = Figure(recorded)
        for reported in self._reported(measure, scope):
            _add(figure, reported)
        return figure

    def by(self, measure: Measure, dimension: str, scope: Scope) -> dict[Value, Figure]:
        """The figure for each value of a dimension that has one."""
        counts = self.tallies[measure.key].count_by(dimension, scope, is_distinct=measure.is_distinct)
        figures = {value: Figure(recorded) for value, recorded in counts.items()}
        for reported in self._reported(measure, scope):
            for value in reported.grain.values(dimension, scope):
                _add(figures.setdefault(value, Figure()), reported)
        return figures

    def reached(self, measure: Measure, scope: Scope, until: int) -> int:
        """How many people (or other keys) were counted up to the end of a year, each once over all years."""
        every = scope.but(year=None)
        new = self.tallies[measure.key].count_new(every)
        reported = [r for r in self._reported(measure, every) if r.is_verified and r.grain.year <= until]
        return sum(keys for year, keys in new.items() if year <= until) + sum(r.people for r in reported)

    def years(self, scope: Scope) -> list[int]:
        """The years with anything counted or reported in the scope, whatever year it names, oldest first."""
        every = scope.but(year=None)
        found = {r.grain.year for r in self.headcounts if r.grain.is_in(every)}
        for tally in self.tallies.values():
            found.update(g.year for grains, _ in tally.signatures for g in grains if g.is_in(every))
        return sorted(found)

    def _reported(self, measure: Measure, scope: Scope) -> list[Reported]:
        if measure.headcount is None:
            return []
        return [r for r in self.headcounts if r.measure is measure.headcount and r.grain.is_in(scope)]


def _add(figure: Figure, reported: Reported) -> None:
    if reported.is_verified:
        figure.verified += reported.people
    else:
        figure.claimed += reported.people
