"""The figures of a scope as one plain object: the API and the command line tell programs the same."""

from typing import Any

from gdt.access import Viewer
from gdt.impact.measures import MEASURES
from gdt.impact.published_figures import find_published
from gdt.impact.queries import get_scope, load_network, totals
from gdt.impact.scopes import Scope


def tell_figures(viewer: Viewer, scope: Scope) -> dict[str, Any]:
    """Every measure's total today with the shares it is made of; of a closed year also what was published.

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
    )
    published = find_published(viewer, network, scope)
    if published is not None:
        told["published"] = {measure.key: published.of(measure).total for measure in MEASURES}
    return told
