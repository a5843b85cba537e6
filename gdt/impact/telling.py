"""The figures of a scope as one plain object: the API and the command line tell programs the same."""

from typing import Any

from gdt.access import Viewer
from gdt.impact.genders import CHOICES
from gdt.impact.measures import COUNTED_IN_TABLES, MEASURES
from gdt.impact.published_figures import find_published
from gdt.impact.queries import get_scope, load_network, read_figures, totals
from gdt.impact.scopes import Scope


def tell_figures(viewer: Viewer, scope: Scope) -> dict[str, Any]:
    """Every measure's total today with the shares it is made of; of a closed year also what was published.

    Who sees people is told the totals by gender, too.
    Raises RecordNotFound for a code the viewer may not ask about.
    """
    network = load_network(viewer)
    scope = get_scope(network, scope)
    told = totals(
        viewer=viewer,
        year=scope.year,
        region=scope.region,
        country=scope.country,
        institution=scope.institution,
        module=scope.module,
        gender=scope.gender,
    )
    if network.sees_people and not scope.gender:
        figures = read_figures(viewer, network, scope)
        told["by_gender"] = {
            measure.key: {gender: figures.of(measure, scope.but(gender=gender)).total for gender in CHOICES}
            for measure in COUNTED_IN_TABLES
        }
    published = find_published(viewer, network, scope)
    if published is not None:
        told["published"] = {measure.key: published.of(measure).total for measure in MEASURES}
    return told
