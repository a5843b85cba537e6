"""The published figures of a closed year, for the pages that count as of today to show beside theirs."""

from dataclasses import dataclass
from functools import lru_cache

from gdt.access import Viewer
from gdt.impact import closing_queries
from gdt.impact.closed_models import ClosedYear
from gdt.impact.measures import Measure
from gdt.impact.restating import Key, published_figures
from gdt.impact.scopes import Network, Scope
from gdt.impact.tallies import Figure


@dataclass(frozen=True)
class Published:
    """What was published of a closed year in one scope."""

    closed: ClosedYear
    figures: dict[str, Figure]

    def of(self, measure: Measure) -> Figure:
        return self.figures.get(measure.key, Figure())


def find_published(viewer: Viewer, network: Network, scope: Scope) -> Published | None:
    """What was published for a scope; None where its year is not closed, or no year is chosen, or a gender:
    of these only splits are published. Nothing is published for a term either.

    What a partner's people see as everything is their own institution.
    """
    closed = closing_queries.find_closed(scope.year) if scope.year is not None else None
    if closed is None or scope.gender or scope.term:
        return None
    return _published(viewer, network, scope, closed)


def published_by_year(viewer: Viewer, network: Network, scope: Scope) -> dict[int, Published]:
    """What was published for a place in each closed year."""
    return {
        closed.year: _published(viewer, network, scope.but(year=closed.year), closed)
        for closed in closing_queries.list_closed()
    }


def _published(viewer: Viewer, network: Network, scope: Scope, closed: ClosedYear) -> Published:
    publication = closed.publication
    every = _read(publication.facts_key, publication.facts_sha256)
    if viewer.role.is_of_one_institution:
        scope = scope.but(institution=next(iter(network.institutions.values())).code)
    narrowest = scope.narrowest()
    return Published(closed, {key: figure for (key, of), figure in every.items() if of == narrowest})


@lru_cache(maxsize=8)
def _read(key: str, sha256: str) -> dict[Key, Figure]:
    """A published file never changes, so it is read once by each process."""
    return published_figures(closing_queries.read_facts(key, sha256))
