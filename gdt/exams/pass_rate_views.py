"""How many of those who took exams passed, narrowed as one likes, down to the sittings behind a number."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.exams import pass_rate_queries as queries
from gdt.exams.blueprint import exams
from gdt.exams.pass_rate_queries import By, WantedRates
from gdt.facets import Group, Option, chosen, facet
from gdt.filters import url_with
from gdt.paging import page_of

ALL = "all"
ROWS = 20


@exams.get("/pass-rates")
@requires(Permission.IMPACT_READ)
def pass_rates() -> ResponseReturnValue:
    years = queries.list_years(current_user)
    wanted, groups = _wanted(years), _groups(years)
    by = next((one for one in By if one.value == request.args.get("by")), By.EXAM)
    return render_template(
        "exams/pass_rates.html",
        rates=queries.list_rates(current_user, wanted, by),
        whole=queries.get_rate(current_user, wanted),
        by=by,
        heads=_heads(),
        wanted=wanted,
        groups=groups,
        narrowed=chosen(groups),
        year=_year_said(years),
    )


@exams.get("/pass-rates/sittings")
@requires(Permission.IMPACT_READ)
def pass_rate_sittings() -> ResponseReturnValue:
    years = queries.list_years(current_user)
    wanted, groups = _wanted(years), _groups(years)
    statement, after = queries.select_sittings(current_user, wanted), request.args.get("after")
    page = page_of(db.session, statement, order=queries.SITTING_ORDER, after=after, size=ROWS)
    return render_template(
        "exams/pass_rate_sittings.html",
        page=page,
        counts=queries.count_by_sitting(page.items),
        whole=queries.get_rate(current_user, wanted),
        groups=groups,
        narrowed=chosen(groups),
        year=_year_said(years),
    )


def _year_said(years: list[int]) -> str:
    """The year as the address says it: the latest one with exams, unless another or all are asked for."""
    said = request.args.get("year", "")
    if said == ALL or said in map(str, years):
        return said
    return str(years[0]) if years else ALL


def _wanted(years: list[int]) -> WantedRates:
    asked, year = request.args, _year_said(years)
    return WantedRates(
        year=None if year == ALL else int(year),
        exam=asked.get("exam", ""),
        module=asked.get("module", ""),
        institution=asked.get("institution", ""),
    )


def _groups(years: list[int]) -> list[Group]:
    choices, heads = queries.list_choices(current_user), _heads()
    kinds = [by for by in By if len(choices[by]) > 1]
    return [
        _year_group(years),
        *(facet(heads[by], by.value, [(code, name, None) for code, name in choices[by]]) for by in kinds),
    ]


def _year_group(years: list[int]) -> Group:
    """The latest year stands first, for it is shown where none is asked for."""
    said = _year_said(years)
    choices = [*((str(year), str(year)) for year in years), (ALL, _("All years"))]
    options = [Option(label, url_with(year=value, after=None), value == said) for value, label in choices]
    return Group(_("Year"), "year", options)


def _heads() -> dict[By, str]:
    return {By.EXAM: _("Exam"), By.MODULE: _("Module"), By.INSTITUTION: _("Institution")}
