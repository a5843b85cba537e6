"""Figures for programs: the catalogue, every number with its rows, targets, years and what differs since."""

from itertools import islice
from typing import Any

from flask_login import current_user

from gdt.access import Permission, may
from gdt.accounts.token_models import TokenRight
from gdt.api import figure_shapes as shapes
from gdt.api.interface import api, door
from gdt.api.shapes import ScopeShape, scope_of, told_page
from gdt.impact import closing_queries, queries, rows, targets_page, year_pages
from gdt.impact.addresses import home_here
from gdt.impact.explaining import explain, tell_headcount, tell_row
from gdt.impact.measures import Measure, definitions, get_measure
from gdt.impact.targets import Pace
from gdt.impact.telling import tell_figures
from gdt.paging import page_of_list

DIFFERENCES = 100


@api.route("/measures")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.response(200, shapes.MeasuresShape)
def list_measures() -> Any:
    """The catalogue of measures: what each number counts."""
    return {"measures": definitions()}


@api.route("/figures")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(ScopeShape, location="query")
@api.response(200, shapes.FiguresShape)
def get_figures(asked: dict[str, Any]) -> Any:
    """Every number of a scope, as the command gdt impact tells it."""
    return tell_figures(current_user, scope_of(asked))


@api.route("/figures/<measure>")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(ScopeShape, location="query")
@api.response(200, shapes.ExplainedShape)
def explain_figure(asked: dict[str, Any], measure: str) -> Any:
    """What one number is made of, as the command gdt impact explain tells it."""
    return explain(_measure(measure, asked), scope_of(asked), current_user)


@api.route("/figures/<measure>/rows")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(shapes.ScopedPageShape, location="query")
@api.response(200, shapes.CountedRowsShape)
def list_counted_rows(asked: dict[str, Any], measure: str) -> Any:
    """The rows a number counts by name, the newest first."""
    counted, with_names = _measure(measure, asked), may(current_user, Permission.PEOPLE_READ)
    page = _rows_page("names", counted, asked)
    return told_page(page, lambda row: tell_row(counted, row) | (_names(row) if with_names else {}))


@api.route("/figures/<measure>/headcounts")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(shapes.ScopedPageShape, location="query")
@api.response(200, shapes.HeadcountsShape)
def list_counted_headcounts(asked: dict[str, Any], measure: str) -> Any:
    """The numbers institutions reported for a measure, verified and claimed, the newest first."""
    counted = _measure(measure, asked)
    if counted.headcount is None:
        return {"items": [], "next": None}
    return told_page(_rows_page("headcounts", counted, asked), tell_headcount)


def _rows_page(source: str, counted: Measure, asked: dict[str, Any]) -> Any:
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, scope_of(asked))
    return rows.LISTS[source](current_user, network, counted, scope, asked.get("after"))


def _names(row: Any) -> dict[str, Any]:
    if not hasattr(row, "printed_name"):
        return {}
    return {"name": row.printed_name, "native_name": row.native_name}


def _measure(name: str, asked: dict[str, Any]) -> Measure:
    """The measure, written as the catalogue writes it or as an address does."""
    return get_measure(name.replace("_", "-"), asked["gender"].lower() or None)


@api.route("/years")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.response(200, shapes.ClosedYearsShape)
def list_closed_years() -> Any:
    """The years whose figures were published, the newest first."""
    return {
        "years": [
            {
                "year": closed.year,
                "closed_at": closed.closed_at,
                "figures_sha256": closed.publication.facts_sha256,
            }
            for closed in closing_queries.list_closed()
        ]
    }


@api.route("/years/<int:year>/restatements")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(shapes.RestatementsAskedShape, location="query")
@api.response(200, shapes.RestatementsShape)
def list_restatements(asked: dict[str, Any], year: int) -> Any:
    """What differs today from a closed year's figures, and why."""
    found = year_pages.differences_within(closing_queries.get_closed(year), home_here(), by_module=True)
    header, told = year_pages.restatement_table(found)
    page = page_of_list(list(told), asked.get("after"), size=DIFFERENCES)
    return told_page(page, lambda row: dict(zip(header, row, strict=True)))


@api.route("/targets")
@door(Permission.IMPACT_READ, TokenRight.FIGURES)
@api.arguments(shapes.TargetsAskedShape, location="query")
@api.response(200, shapes.TargetsShape)
def get_targets(asked: dict[str, Any]) -> Any:
    """A year's targets and what was reached of them, for a place and the countries or institutions in it."""
    year = asked.get("year", queries.today().year)
    first = asked.get("after", "0")
    at = int(first) if first.isascii() and first.isdecimal() and len(first) < 6 else 0
    page = targets_page.targets_page(current_user, year, asked["by"], at, home_here())
    end = page.first + len(page.rows)
    return {
        "year": page.year,
        "whole": {
            "code": page.home.institution or page.home.country or page.home.region,
            "name": None,
            "paces": _told(page.paces),
        },
        "items": [
            {"code": getattr(row.scope, page.by), "name": row.label, "paces": _told(row.paces)}
            for row in page.rows
        ],
        "not_reported": [place.code for place in islice(page.silent, DIFFERENCES)],
        "next": str(end) if end < page.many else None,
    }


def _told(paces: Any) -> list[dict[str, Any]]:
    return [_pace(pace) for pace in paces]


def _pace(pace: Pace) -> dict[str, Any]:
    return {
        "measure": pace.measure.key,
        "reached": pace.figure.total,
        "target": pace.target,
        "expected": pace.expected,
        "state": pace.state,
        "from_": pace.source.value if pace.source else None,
    }
