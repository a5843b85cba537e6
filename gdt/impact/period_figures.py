"""The numbers of a part of a year, counted from the rows: there are as many as it says.

The totals are kept by year; who reports a term asks about one place, whose rows are few.
"""

from collections.abc import Sequence
from contextlib import nullcontext

from gdt.access import OFFICE, Viewer
from gdt.impact.measures import COUNTED_IN_TABLES, Measure
from gdt.impact.queries import read_figures
from gdt.impact.rows import count_rows
from gdt.impact.scopes import Network, Scope
from gdt.impact.tallies import Figure
from gdt.row_security import everything


def figures_within(
    viewer: Viewer, network: Network, scope: Scope, measures: Sequence[Measure] = COUNTED_IN_TABLES
) -> dict[str, Figure]:
    """Each measure of the scope's term, by key; a year's headcounts stand in the term that ends it."""
    period = scope.period
    if period is None:
        raise ValueError("a term is asked for")
    kept, year = read_figures(viewer, network, scope, measures), scope.but(term=None)
    found = {}
    with everything() if viewer is OFFICE else nullcontext():
        for measure in measures:
            reported = kept.of(measure, year) if period.ends_the_year else Figure()
            recorded = count_rows(viewer, network, measure, scope)
            found[measure.key] = Figure(recorded, reported.verified, reported.claimed)
    return found


def figure_of_rows(viewer: Viewer, network: Network, scope: Scope, measure: Measure) -> Figure:
    """The number above a list of rows: kept, or of a term counted."""
    if scope.term:
        return figures_within(viewer, network, scope, (measure,))[measure.key]
    return read_figures(viewer, network, scope, (measure,)).of(measure, scope)
