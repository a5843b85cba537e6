"""What differs between the figures that were published for a year and those of today, and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gdt.impact import restatement_queries as queries
from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK, REGION
from gdt.impact.closed_models import ClosedYear
from gdt.impact.frozen_figures import Facts, every_figure
from gdt.impact.measures import BY_KEY, Measure
from gdt.impact.restatement_queries import Happened
from gdt.impact.restatement_reasons import Cause, causes_at
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure, Figures

Key = tuple[str, Scope]
Stands = Mapping[str, tuple[str, str]]  # by an institution's code: its country and region
LEVELS = {None: NETWORK, "region": REGION, "country": COUNTRY, "institution": INSTITUTION}


@dataclass(frozen=True)
class Restatement:
    """One published figure that is another one today.

    `written` is what the office says about it; `is_open` that it, or a part of it, has no reason yet.
    """

    measure: Measure
    scope: Scope
    published: Figure
    now: Figure
    causes: tuple[Cause, ...]
    written: tuple[str, ...]
    is_open: bool

    @property
    def difference(self) -> int:
        return self.now.total - self.published.total

    @property
    def level(self) -> int:
        return LEVELS[self.dimension]

    @property
    def dimension(self) -> str | None:
        chosen = self.scope.but(year=None, module=None).chosen()
        return next(iter(chosen), None)

    @property
    def place_code(self) -> str:
        return str(getattr(self.scope, self.dimension)) if self.dimension else ""

    @property
    def reasons(self) -> list[str]:
        """The reasons in words, what the office wrote first."""
        return [*(text.rstrip(" .") for text in self.written), *(str(cause) for cause in self.causes)]

    @property
    def key(self) -> str:
        """The figure by its measure and place."""
        return f"{self.measure.key}:{self.dimension or ''}:{self.place_code}"


def published_figures(facts: Facts) -> dict[Key, Figure]:
    """Every published figure of the year by measure and scope; what is not there was 0."""
    found = {}
    for entry in facts["measures"]:
        places = {name: entry.get(name) for name in ("region", "country", "institution", "module")}
        shares = Figure(entry["recorded"], entry["verified"], entry["claimed"])
        found[entry["measure"], Scope(year=facts["year"], **places)] = shares
    return found


def restatements(closed: ClosedYear, facts: Facts, figures: Figures) -> list[Restatement]:
    """Every difference, the network's first, then places and modules; empty while nothing has changed."""
    published, now = published_figures(facts), every_figure(figures, closed.year)
    differing = [
        key for key in {**published, **now} if published.get(key, Figure()) != now.get(key, Figure())
    ]
    if not differing:
        return []
    stood = {row[0]: (row[3], row[4]) for row in facts["institutions"]}
    stands = {place.code: (place.country, place.region) for place in figures.network.institutions.values()}
    causes = _causes(queries.what_happened(closed, facts, figures), stood, stands, differing)
    written = queries.written_reasons(closed)
    found = [
        Restatement(
            BY_KEY[key],
            scope,
            published.get((key, scope), Figure()),
            now.get((key, scope), Figure()),
            causes[key, scope],
            _written(written, key, scope, _institutions_of(scope, stood, stands)),
            is_open=False,
        )
        for key, scope in differing
    ]
    opened = {
        (one.measure, one.scope.module, one.scope.institution)
        for one in found
        if one.scope.institution and not one.reasons
    }
    found = [replace(one, is_open=_is_open(one, opened, stood, stands)) for one in found]
    return sorted(found, key=lambda one: (one.scope.module or "", one.level, one.place_code, one.measure.key))


def _is_open(
    one: Restatement,
    opened: Collection[tuple[Measure, str | None, str | None]],
    stood: Stands,
    stands: Stands,
) -> bool:
    """Whether nothing says why, here or at one of the institutions within."""
    if not one.reasons:
        return True
    if one.scope.institution:
        return False
    within = _institutions_of(one.scope, stood, stands)
    return any((one.measure, one.scope.module, code) in opened for code in within)


def of_places(found: Iterable[Restatement]) -> list[Restatement]:
    """Those in all modules together, which is what a page shows."""
    return [one for one in found if one.scope.module is None]


def _causes(
    happened: Happened, stood: Stands, stands: Stands, differing: Sequence[Key]
) -> dict[Key, tuple[Cause, ...]]:
    """An institution's causes are found in its records; those of a place around it are those within it."""
    found: dict[Key, tuple[Cause, ...]] = {}
    for key, scope in sorted(differing, key=lambda one: one[1].institution is None):
        if scope.institution:
            at = causes_at(key, happened.get(scope.institution, ()))
            found[key, scope] = at
            continue
        within = _institutions_of(scope, stood, stands)
        inner = {
            cause
            for (measure, inside), causes in found.items()
            if measure == key and inside.module == scope.module and inside.institution in within
            for cause in causes
        }
        moved = {code for code in within if stood.get(code) not in (None, stands.get(code))}
        if moved and (scope.country or scope.region or key == "countries"):
            inner.add(Cause.MOVED)
        if not inner:
            inner = set(causes_at(key, happened.get(None, ())))
        found[key, scope] = tuple(sorted(inner))
    return found


def _institutions_of(scope: Scope, *times: Stands) -> set[str]:
    """The institutions that stood, or stand, in a country, a region or anywhere."""
    return {
        code
        for places in times
        for code, (country, region) in places.items()
        if scope.country in (None, country) and scope.region in (None, region)
    }


def _written(
    written: Mapping[tuple[str, int, str], str], key: str, scope: Scope, within: Iterable[str]
) -> tuple[str, ...]:
    """What the office wrote about a figure, in any module; of a wider place, also about those within."""
    dimension, code = next(iter(scope.but(year=None, module=None).chosen().items()), (None, ""))
    own = written.get((key, LEVELS[dimension], str(code)))
    if own or dimension == "institution":
        return (own,) if own else ()
    inner = {written.get((key, INSTITUTION, institution)) for institution in within}
    return tuple(sorted(text for text in inner if text))
