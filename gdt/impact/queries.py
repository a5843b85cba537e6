"""Reading the figures: a constant number of statements answers every total and every breakdown."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import extract, func, select

from gdt.access import OFFICE, Viewer, within
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.impact.facts import FACTS, presence
from gdt.impact.measures import BY_KEY, MEASURES, PRESENCE, Measure
from gdt.impact.scopes import InstitutionPlace, ModuleName, Network, RegionName, Scope
from gdt.impact.tallies import Figures, Grain, Reported, Tally
from gdt.partners.models import Agreement, Country, Institution, Region
from gdt.training.models import Cohort, Headcount, Module


def load_network(viewer: Viewer) -> Network:
    """The institutions the viewer may see, in the order of their names, and every module and region."""
    places = db.session.execute(
        select(
            Institution.id,
            Institution.code,
            Institution.name,
            Institution.native_name,
            Country.code.label("country"),
            Region.code.label("region"),
        )
        .join(Country, Institution.country_id == Country.id)
        .join(Region, Country.region_id == Region.id)
        .where(within(viewer, Institution.id))
        .order_by(Institution.name)
    )
    modules = db.session.execute(select(Module.id, Module.code, Module.title).order_by(Module.id))
    regions = db.session.execute(select(Region.code, Region.name).order_by(Region.position, Region.id))
    return Network(
        {place.id: InstitutionPlace(*place) for place in places},
        {module.id: ModuleName(*module) for module in modules},
        [RegionName(*region) for region in regions],
    )


def get_scope(network: Network, scope: Scope) -> Scope:
    """The scope itself, if it names only what the viewer may ask about; else raises RecordNotFound."""
    if not network.knows(scope):
        raise RecordNotFound
    return scope


def institution_ids(viewer: Viewer, network: Network, scope: Scope) -> list[int] | None:
    """The institutions to read, None for all of them: no condition is faster than a long one."""
    chosen = scope.region or scope.country or scope.institution
    if not chosen and not viewer.role.is_of_one_institution:
        return None
    return [place.id for place in network.places(scope)]


def read_figures(
    viewer: Viewer, network: Network, scope: Scope, measures: Sequence[Measure] = MEASURES
) -> Figures:
    """Count the measures in every year and module of the scope's place; narrower scopes ask the answer."""
    ids = institution_ids(viewer, network, scope)
    grains = _Grains(network)
    by_fact = {fact: _count(fact, ids, grains) for fact in {m.fact for m in measures} if fact in FACTS}
    tallies = {m.key: by_fact[m.fact] for m in measures if m.fact in FACTS}
    if any(measure in measures for measure in PRESENCE):
        tallies |= _count_presence(ids, grains)
    return Figures(network, tallies, _list_reported(ids, grains))


def list_years(viewer: Viewer) -> list[int]:
    """Every year from the first with an agreement, a cohort or a headcount to the present one."""
    firsts = (
        select(func.min(extract("year", Agreement.starts_on))).where(
            within(viewer, Agreement.institution_id)
        ),
        select(func.min(extract("year", Cohort.starts_on))).where(within(viewer, Cohort.institution_id)),
        select(func.min(Headcount.year)).where(within(viewer, Headcount.institution_id)),
    )
    found = db.session.execute(select(*(first.scalar_subquery() for first in firsts))).one()
    return list(range(min((int(year) for year in found if year), default=today().year), today().year + 1))


def totals(
    *,
    year: int | None = None,
    region: str | None = None,
    country: str | None = None,
    institution: str | None = None,
    module: str | None = None,
    viewer: Viewer = OFFICE,
) -> dict[str, Any]:
    """Every measure's total in a scope, and the shares it is made of; raises RecordNotFound for a wrong code.

    Codes are taken in any case. Claimed people are in the shares, never in the totals.
    """
    scope = Scope(
        year,
        region.lower() if region else None,
        country.upper() if country else None,
        institution.lower() if institution else None,
        module,
    )
    network = load_network(viewer)
    figures = read_figures(viewer, network, get_scope(network, scope))
    found = {measure.key: figures.of(measure, scope) for measure in BY_KEY.values()}
    return {
        **{name: getattr(scope, name) for name in ("year", "region", "country", "institution", "module")},
        "as_of": now().date().isoformat(),
        **{key: figure.total for key, figure in found.items()},
        "shares": {
            key: {"recorded": f.recorded, "verified": f.verified, "claimed": f.claimed}
            for key, f in found.items()
        },
    }


class _Grains(dict[str, Grain]):
    """The grain each word "2024:7:1.3" names, made once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.codes = {str(module.id): module.code for module in network.modules.values()}

    def __missing__(self, word: str) -> Grain:
        year, institution_id, modules = word.split(":")
        self[word] = grain = self.make(int(year), int(institution_id), filter(None, modules.split(".")))
        return grain

    def make(self, year: int, institution_id: int, module_ids: Iterable[str]) -> Grain:
        place = self.network.institutions[institution_id]
        codes = frozenset(self.codes[module_id] for module_id in module_ids)
        return Grain(year, place.region, place.country, place.code, codes)


def _count(fact: str, ids: Sequence[int] | None, grains: _Grains) -> Tally:
    found = db.session.execute(FACTS[fact]().signatures(ids))
    return Tally([([grains[word] for word in words.split(" ")], keys) for words, keys in found])


def _count_presence(ids: Sequence[int] | None, grains: _Grains) -> dict[str, Tally]:
    """Institutions and countries have few facts, so their signatures are put together here."""
    institutions: dict[str, list[Grain]] = {}
    countries: dict[str, list[Grain]] = {}
    for year, institution_id, module_id in db.session.execute(presence(today(), ids, of_modules=False)):
        grain = grains[f"{year}:{institution_id}:{module_id or ''}"]
        institutions.setdefault(grain.institution, []).append(grain)
        countries.setdefault(grain.country, []).append(grain)
    found = {"institutions": institutions, "countries": countries}
    return {key: Tally([(facts, 1) for facts in of_key.values()]) for key, of_key in found.items()}


def _list_reported(ids: Sequence[int] | None, grains: _Grains) -> list[Reported]:
    statement = select(
        Headcount.measure,
        Headcount.year,
        Headcount.institution_id,
        Headcount.module_id,
        Headcount.people,
        Headcount.verified_at.is_not(None).label("is_verified"),
    )
    if ids is not None:
        statement = statement.where(Headcount.institution_id.in_(ids))
    return [
        Reported(
            row.measure,
            grains[f"{row.year}:{row.institution_id}:{row.module_id}"],
            row.people,
            bool(row.is_verified),
        )
        for row in db.session.execute(statement)
    ]


def today() -> date:
    return now().date()
