"""Figures in which the earlier years that were closed stand as they were published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gdt.impact.measures import Measure
from gdt.impact.restating import Key, Restatement
from gdt.impact.scopes import Scope, Value
from gdt.impact.tallies import Figure, Figures


@dataclass(frozen=True)
class AsPublished(Figures):
    """`said` holds what was published where the records say something else now; the rest is the same."""

    said: Mapping[Key, Figure] = field(default_factory=dict)

    def of(self, measure: Measure, scope: Scope) -> Figure:
        said = self.said.get((measure.key, scope.narrowest()))
        return super().of(measure, scope) if said is None else said

    def by(self, measure: Measure, dimension: str, scope: Scope) -> dict[Value, Figure]:
        found = super().by(measure, dimension, scope)
        standing = {place.code for place in self.network.places(scope)}
        for (key, at), figure in self.said.items():
            value = getattr(at, dimension)
            if key != measure.key or value is None or getattr(scope, dimension) not in (None, value):
                continue
            if scope.but(**{dimension: value}).narrowest() == at and at.institution in (None, *standing):
                found[value] = figure
        return found


def as_published(figures: Figures, said: Mapping[Key, Figure]) -> Figures:
    """The same figures, with what was published in earlier years."""
    if not said:
        return figures
    kept = (figures.network, figures.home, figures.kept, figures.presence, figures.headcounts)
    return AsPublished(*kept, said)


def said_in(restated: Iterable[Restatement]) -> dict[Key, Figure]:
    """What was published of every figure that is another one now."""
    return {(one.measure.key, one.scope): one.published for one in restated}


def said_as_rows(restated: Iterable[Restatement]) -> list[dict[str, Any]]:
    """The same for the file of a year, which is closed later."""
    return [
        {
            "measure": key,
            **scope.chosen(),
            "recorded": figure.recorded,
            "verified": figure.verified,
            "claimed": figure.claimed,
        }
        for (key, scope), figure in said_in(restated).items()
    ]


def said_in_file(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Figure]:
    """What a file kept of them."""
    shares = ("recorded", "verified", "claimed")
    return {
        (row["measure"], Scope(**{n: v for n, v in row.items() if n not in ("measure", *shares)})): Figure(
            *(row[share] for share in shares)
        )
        for row in rows
    }
