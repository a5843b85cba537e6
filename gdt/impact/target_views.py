"""Targets: what a year is to reach, how far it is, and setting them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.histories import history_of_kind
from gdt.impact import narrowing, queries, target_queries, targets_page
from gdt.impact.addresses import home_here, own_regions
from gdt.impact.blueprint import impact
from gdt.impact.figures_page import label_of
from gdt.impact.forms import TargetForm
from gdt.impact.goals import WITH_TARGETS
from gdt.impact.scopes import EVERYWHERE, Scope
from gdt.impact.tallies import spot_of
from gdt.impact.target_models import Target
from gdt.impact.targeting import check_year, set_target
from gdt.impact.targets_kind import TARGETS, the_targets
from gdt.imports.upload_pages import template_file, upload_page


@impact.get("/impact/targets")
@requires(Permission.IMPACT_READ)
def targets() -> ResponseReturnValue:
    year = narrowing.scope_from(request.args).year or queries.today().year
    by, first = request.args.get("by", ""), request.args.get("first", 0, int)
    home, regions = _home_or_region(), own_regions()
    page, lists = targets_page.targets_page(current_user, year, by, first, home), targets_page.LISTS
    past = history_of_kind(Target) if may(current_user, Permission.TARGETS_MANAGE) else None
    return render_template(
        "impact/targets.html",
        page=page,
        home=home,
        lists=lists,
        regions=regions,
        past=past,
        chosen_filters=narrowing.chosen(queries.load_network(current_user), home),
    )


def _home_or_region() -> Scope:
    """The place whose targets are shown; a region has none of its own, but places that have."""
    home = home_here()
    if home != EVERYWHERE:
        return home
    region = narrowing.scope_from(request.args).region
    return queries.get_scope(queries.load_network(current_user), Scope(region=region))


@impact.route("/impact/targets/set", methods=["GET", "POST"])
@requires(Permission.TARGETS_MANAGE)
def set_targets() -> ResponseReturnValue:
    """The targets of the year and place the address names."""
    network, home = queries.load_network(current_user), home_here()
    year = narrowing.scope_from(request.args).year or queries.today().year
    scope = home.but(year=year)
    place = label_of(network, *next(iter(home.chosen().items()))) if home.chosen() else _("the network")
    known = target_queries.find_target(year, *(spot_of(network, scope) or (0, 0)))
    form = TargetForm(request.form, obj=known)
    try:
        check_year(year)
        if request.method == "POST" and form.validate():
            set_target(actor=current_user, network=network, scope=scope, place=place, **form.values())
            flash(_("The targets of %(place)s for %(year)s are kept.", place=place, year=year))
            return redirect(url_for(".targets", year=year))
    except DomainError as error:
        form.reject(error)
    goals = target_queries.read_goals(current_user, network)
    agreed = [(key, goals.without(scope).of(key, scope)) for key in WITH_TARGETS]
    return form_page("impact/set_targets.html", form, scope=scope, place=place, agreed=agreed)


@impact.route("/impact/targets/upload", methods=["GET", "POST"])
@requires(Permission.TARGETS_MANAGE)
def upload_targets() -> ResponseReturnValue:
    return upload_page(TARGETS, the_targets())


@impact.get("/impact/targets-template.xlsx")
@requires(Permission.TARGETS_MANAGE)
def targets_template() -> ResponseReturnValue:
    return template_file(TARGETS, the_targets())
