"""The figures, opened down to the rows behind them."""

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.exports import hands_out
from gdt.impact import (
    closing_views,
    comparison_views,
    digest_views,  # noqa: F401  (the weekly mail)
    exam_steps,  # noqa: F401  (what home pages say of exams and events)
    figures_page,
    home_views,
    honour_steps,  # noqa: F401  (what home pages say of projects and awards)
    narrowing,
    period_figures,
    project_map_views,  # noqa: F401  (the map of the showcase)
    published_figures,
    queries,
    rows,
    summary_views,
    takeaway,
    target_queries,
    target_views,
    targets,
    targets_page,
    training_steps,  # noqa: F401  (and of teacher trainings)
)
from gdt.impact.addresses import csv_file
from gdt.impact.agreement_state import agreement_state
from gdt.impact.blueprint import impact
from gdt.impact.measures import MEASURES, get_measure
from gdt.impact.published_figures import published_by_year
from gdt.impact.scopes import Network, Scope
from gdt.impact.summary_tables import definition_table
from gdt.impact.tallies import Figures
from gdt.impact.telling import tell_figures
from gdt.partners.queries import get_institution
from gdt.spreadsheets.writing import write_csv

__all__ = ["closing_views", "comparison_views", "home_views", "impact", "summary_views", "target_views"]


@impact.get("/impact")
@requires(Permission.IMPACT_READ)
def figures() -> ResponseReturnValue:
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.scope_from(request.args))
    found = queries.read_figures(current_user, network, scope)
    by, today = request.args.get("by", ""), queries.today()
    published = published_figures.find_published(current_user, network, scope)
    page = figures_page.figures_page(found, scope, by, request.args.get("first", 0, int), today)
    return render_template(
        "impact/figures.html",
        page=figures_page.counted_today(page) if published else page,
        published=published,
        paces=[] if scope.module or scope.gender else place_paces(network, found, scope),
        silent=_silent(found, scope),
        groups=narrowing.groups(network, scope, found.years(scope), today),
        chosen_filters=narrowing.chosen(network, scope),
        table_measures=figures_page.TABLE_MEASURES,
        is_part=network.is_part,
    )


def place_paces(network: Network, found: Figures, scope: Scope) -> list[targets.Pace]:
    """The scope's place against the targets of its year, or of the present one; a closed one as published."""
    here = scope.but(year=scope.year or queries.today().year)
    goals = target_queries.read_goals(current_user, network)
    seasons = target_queries.read_seasons(current_user, network, here)
    paces = targets.paces(found, here, goals, queries.today(), seasons)
    published = published_figures.find_published(current_user, network, here)
    return [replace(pace, figure=published.of(pace.measure)) for pace in paces] if published else paces


def _silent(found: Figures, scope: Scope) -> targets_page.Silent | None:
    """Who of the places on the page has not reported the year, or the present one."""
    is_one = scope.institution or len(found.network.institutions) == 1
    return None if is_one or scope.module or scope.gender else targets_page.silent_in(found, scope)


@impact.get("/impact/figures.json")
@requires(Permission.IMPACT_READ)
def figures_json() -> ResponseReturnValue:
    return tell_figures(current_user, narrowing.scope_from(request.args))


@impact.get("/impact/definitions")
@requires(Permission.IMPACT_READ)
def measure_definitions() -> ResponseReturnValue:
    return render_template("impact/measure_definitions.html", measures=MEASURES)


@impact.get("/impact/definitions.csv")
@requires(Permission.IMPACT_READ)
def measure_definitions_csv() -> ResponseReturnValue:
    return csv_file(write_csv(*definition_table()), "gdt-definitions.csv")


@impact.get("/impact/<measure>")
@requires(Permission.IMPACT_READ)
def measure_rows(measure: str) -> ResponseReturnValue:
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.rows_scope_from(request.args))
    counted = get_measure(measure, scope.gender, scope.term)
    source = "headcounts" if counted.headcount and request.args.get("source") == "headcounts" else "names"
    return render_template(
        "impact/measure_rows.html",
        measure=counted,
        figure=period_figures.figure_of_rows(current_user, network, scope, counted),
        published=published_figures.find_published(current_user, network, scope),
        page=rows.LISTS[source](current_user, network, counted, scope, request.args.get("after")),
        is_headcounts=source == "headcounts",
        scope=scope,
        sentence=figures_page.scope_sentence(network, scope),
        groups=narrowing.groups(network, scope, queries.list_years(current_user), queries.today()),
        chosen_filters=narrowing.chosen(network, scope),
    )


@impact.get("/impact/<measure>.csv")
@requires(Permission.IMPACT_READ)
@hands_out(lazy_gettext("the rows behind a figure"))
def measure_csv(measure: str) -> ResponseReturnValue:
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.rows_scope_from(request.args))
    counted = get_measure(measure, scope.gender, scope.term)
    header, body = takeaway.row_table(
        counted,
        rows.iterate_rows(current_user, network, counted, scope),
        rows.iterate_headcounts(current_user, counted, scope),
        with_names=may(current_user, Permission.PEOPLE_READ),
    )
    return csv_file(write_csv(header, body), f"{counted.slug}.csv")


@impact.get("/institutions/<code>/figures")
@requires(Permission.IMPACT_READ)
def institution_figures(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    network = queries.load_network(current_user)
    scope = Scope(year=narrowing.scope_from(request.args).year, institution=institution.code)
    found = queries.read_figures(current_user, network, scope, targets.COLUMNS)
    today, goals = queries.today(), target_queries.read_goals(current_user, network)
    return render_template(
        "impact/institution_figures.html",
        institution=institution,
        agreement=agreement_state(institution, today),
        paces=place_paces(network, found, scope),
        chart=targets.students_chart(found, scope, goals, today),
        rows=targets.year_rows(found, scope, goals, today),
        columns=targets.COLUMNS,
        published=published_by_year(current_user, network, scope),
        comparison=comparison_views.beside_all(institution.code, scope.year or today.year),
        scope=scope.but(year=scope.year or today.year),
        by_gender=figures_page.by_gender(found, scope.but(year=scope.year or today.year)),
        table_measures=figures_page.TABLE_MEASURES,
        today=today,
    )
