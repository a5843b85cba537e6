"""What one number is made of: its parts, its headcounts and its rows, as command line and API tell it."""

from collections.abc import Iterator
from typing import Any

from gdt.access import OFFICE, Viewer
from gdt.impact.measures import Measure
from gdt.impact.published_figures import find_published
from gdt.impact.queries import get_scope, load_network, read_figures, today
from gdt.impact.rows import iterate_headcounts, iterate_rows
from gdt.impact.scopes import DIMENSIONS, Network, Scope
from gdt.training.models import Headcount


def explain(measure: Measure, scope: Scope, viewer: Viewer = OFFICE) -> dict[str, Any]:
    """The number as counted today, its definition and its parts; of a closed year also what was published.

    Raises RecordNotFound for a code that is none.
    People are counted once in each part, so the parts may add up to more than the total.
    """
    network = load_network(viewer)
    scope = get_scope(network, scope)
    figures = read_figures(viewer, network, scope, (measure,))
    figure = figures.of(measure, scope)
    published = find_published(viewer, network, scope)
    return {
        "measure": measure.key,
        "name": str(measure.name),
        "unit": str(measure.unit),
        "definition": f"{measure.definition} {measure.rows}",
        "year_is_that_of": str(measure.dated_by),
        "scope": scope.chosen(),
        "as_of": today().isoformat(),
        **({"published": published.of(measure).total} if published else {}),
        "total": figure.total,
        "recorded": figure.recorded,
        "verified": figure.verified,
        "claimed": figure.claimed,
        "parts": {
            dimension: {
                str(value): part.total
                for value, part in sorted(figures.by(measure, dimension, scope).items(), key=str)
            }
            for dimension in DIMENSIONS
            if dimension != "gender" or network.sees_people
        },
    }


def headcounts_behind(measure: Measure, scope: Scope) -> Iterator[dict[str, Any]]:
    """Every reported number, verified or claimed."""
    yield from map(tell_headcount, iterate_headcounts(OFFICE, measure, scope))


def rows_behind(measure: Measure, scope: Scope) -> Iterator[dict[str, Any]]:
    """Every row that was counted, without names: the ids and references lead to them."""
    network: Network = load_network(OFFICE)
    for row in iterate_rows(OFFICE, network, measure, scope):
        yield tell_row(measure, row)


def tell_headcount(headcount: Headcount) -> dict[str, Any]:
    """A reported number, and whether the office put its name to it."""
    return {
        "institution": headcount.institution.code,
        "module": headcount.module.code,
        "year": headcount.year,
        "people": headcount.people,
        "state": "verified" if headcount.verified_at else "claimed",
        "evidence": headcount.evidence,
    }


def tell_row(measure: Measure, row: Any) -> dict[str, Any]:
    """A row that was counted: a place, a project, or what a person did, without her name."""
    if measure.told_by is not None:
        return {
            "project": row.code,
            "on": row.starts_on.isoformat(),
            "institution": row.institution_code,
            "people_helped": row.people_helped,
            "state": row.state.value,
        }
    if measure.fact == "presence":
        return {"place": getattr(row, "institution_code", row.country)}
    return {
        "id": row.id,
        "person": row.person_id,
        "on": row.dated_on.isoformat(),
        "institution": row.institution_code,
        "reference": row.reference,
    }
