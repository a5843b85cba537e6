"""Reading the figures: a constant number of statements answers every total, however many rows there are."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, extract, func, select

from gdt.access import OFFICE, Permission, Viewer, may, sees_all, within
from gdt.community.models import Project
from gdt.community.states import WAITING, ProjectState
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.impact.cells import Count, rest_of
from gdt.impact.counted_models import CountedTeaching, CountedTotal
from gdt.impact.facts import presence
from gdt.impact.genders import ALL, CODES, NOT_GIVEN
from gdt.impact.measures import BY_KEY, MEASURES, PRESENCE, Measure, ProjectMeasure
from gdt.impact.presence import Grain, presence_of
from gdt.impact.scopes import DIMENSIONS, InstitutionPlace, ModuleName, Network, RegionName, Scope
from gdt.impact.settling import is_unsettled, settle
from gdt.impact.tallies import Figures, Reported, Spot, spot_of
from gdt.partners.models import Agreement, Country, Institution, Region
from gdt.row_security import everything
from gdt.training.models import Headcount, Module


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
            Country.id.label("country_id"),
            Region.id.label("region_id"),
        )
        .join(Country, Institution.country_id == Country.id)
        .join(Region, Country.region_id == Region.id)
        .where(within(viewer, Institution.id))
        .order_by(Institution.name)
    )
    modules = db.session.execute(select(Module.id, Module.code, Module.title).order_by(Module.id))
    regions = select(Region.code, Region.name).order_by(Region.position, Region.id)
    is_part = bool(viewer.region_ids)
    if is_part:
        regions = regions.where(Region.id.in_(viewer.region_ids))
    return Network(
        {place.id: InstitutionPlace(*place) for place in places},
        {module.id: ModuleName(*module) for module in modules},
        [RegionName(*region) for region in db.session.execute(regions)],
        sees_people=may(viewer, Permission.PEOPLE_READ),
        is_part=is_part,
    )


def get_scope(network: Network, scope: Scope) -> Scope:
    """The scope, if it names only what the viewer may ask about; else raises RecordNotFound.

    Without a place it is everything the viewer sees, or the first of the regions she is limited to.
    """
    if not network.knows(scope):
        raise RecordNotFound
    return network.home(scope)


def institution_ids(viewer: Viewer, network: Network, scope: Scope) -> list[int] | None:
    """The institutions to read, None for all of them: no condition is faster than a long one."""
    chosen = scope.region or scope.country or scope.institution
    if not chosen and sees_all(viewer):
        return None
    return [place.id for place in network.places(scope)]


def read_figures(
    viewer: Viewer, network: Network, scope: Scope, measures: Sequence[Measure] = MEASURES
) -> Figures:
    """The numbers of the scope's place, from the totals kept; narrower scopes ask the answer.

    What was written without a settling transaction is counted first, so that no page shows less. Figures read
    for the office, such as a median, are of all institutions, whoever asks.
    """
    if is_unsettled():
        with everything():
            settle()
    if viewer is OFFICE:
        with everything():
            return _read_figures(viewer, network, scope, measures)
    return _read_figures(viewer, network, scope, measures)


def _read_figures(viewer: Viewer, network: Network, scope: Scope, measures: Sequence[Measure]) -> Figures:
    ids = institution_ids(viewer, network, scope)
    is_there = any(measure in measures for measure in PRESENCE)
    return Figures(
        network,
        spot_of(network, scope),
        KeptTotals({measure.fact for measure in measures}),
        presence_of(_list_presence(network, ids)) if is_there else {},
        [*_list_reported(network, ids), *_list_told_by_projects(network, ids)],
    )


class KeptTotals:
    """Reads the totals of some facts, each part of them once."""

    def __init__(self, facts: set[str]) -> None:
        self.facts = facts
        self.at = cache(self._at)
        self.across = cache(self._across)

    def _at(self, spot: Spot, gender: str | None = None) -> dict[tuple[str, int, int], Count]:
        if gender == NOT_GIVEN:
            return rest_of(self.at(spot), [self.at(spot, given) for given in CODES])
        t = CountedTotal
        here = self._of(gender, t.year, t.module_id).where(t.level == spot[0], t.place_id == spot[1])
        return {(row[0], row[1], row[2]): Count(*row[3:]) for row in db.session.execute(here)}

    def _across(
        self, level: int, year: int, module_id: int, gender: str | None = None
    ) -> dict[tuple[str, int], Count]:
        if gender == NOT_GIVEN:
            asked = level, year, module_id
            return rest_of(self.across(*asked), [self.across(*asked, given) for given in CODES])
        t = CountedTotal
        there = self._of(gender, t.place_id).where(t.level == level, t.year == year, t.module_id == module_id)
        return {(row[0], row[1]): Count(*row[2:]) for row in db.session.execute(there)}

    def _of(self, gender: str | None, *columns: Any) -> Select[Any]:
        t = CountedTotal
        statement = select(t.fact, *columns, t.facts, t.people, t.newcomers)
        return statement.where(t.gender == CODES.get(gender or "", ALL), t.fact.in_(sorted(self.facts)))


def list_years(viewer: Viewer) -> list[int]:
    """Every year from the first with an agreement, a cohort or a headcount to the present one."""
    firsts = (
        select(func.min(extract("year", Agreement.starts_on))).where(
            within(viewer, Agreement.institution_id)
        ),
        select(func.min(CountedTeaching.first_year)).where(within(viewer, CountedTeaching.institution_id)),
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
    gender: str | None = None,
    viewer: Viewer = OFFICE,
) -> dict[str, Any]:
    """Every measure's total in a scope, and the shares it is made of; raises RecordNotFound for a wrong code.

    Codes are taken in any case. Claimed people are in the shares, never in the totals. By gender, there are
    no numbers of places.
    """
    scope = Scope(
        year,
        region.lower() if region else None,
        country.upper() if country else None,
        institution.lower() if institution else None,
        module,
        gender,
    )
    network = load_network(viewer)
    scope = get_scope(network, scope)
    figures = read_figures(viewer, network, scope)
    found = {m.key: figures.of(m, scope) for m in BY_KEY.values() if m.is_of_people or not scope.gender}
    return {
        **{name: getattr(scope, name) for name in DIMENSIONS},
        "as_of": now().date().isoformat(),
        **{key: figure.total for key, figure in found.items()},
        "shares": {
            key: {"recorded": f.recorded, "verified": f.verified, "claimed": f.claimed}
            for key, f in found.items()
        },
    }


def _list_presence(network: Network, ids: Sequence[int] | None) -> list[Grain]:
    return [
        _grain(network, year, institution_id, module_id)
        for year, institution_id, module_id in db.session.execute(presence(today(), ids, of_modules=False))
    ]


def _grain(network: Network, year: int, institution_id: int, module_id: int | None) -> Grain:
    place = network.institutions[institution_id]
    module = network.modules[module_id].code if module_id else None
    return Grain(year, place.region, place.country, place.code, module)


def _list_reported(network: Network, ids: Sequence[int] | None) -> list[Reported]:
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
            _grain(network, row.year, row.institution_id, row.module_id),
            row.people,
            bool(row.is_verified),
        )
        for row in db.session.execute(statement)
    ]


def _list_told_by_projects(network: Network, ids: Sequence[int] | None) -> list[Reported]:
    """What each project adds to the numbers: verified if it is counted, claimed while it waits."""
    year = extract("year", Project.starts_on)
    statement = select(year, Project.institution_id, Project.state, Project.people_helped).where(
        Project.state.in_([ProjectState.COUNTED, *WAITING])
    )
    if ids is not None:
        statement = statement.where(Project.institution_id.in_(ids))
    found = []
    for began, institution_id, state, people in db.session.execute(statement):
        grain, is_counted = _grain(network, int(began), institution_id, None), state is ProjectState.COUNTED
        found.append(Reported(ProjectMeasure.PROJECTS, grain, 1, is_counted))
        found.append(Reported(ProjectMeasure.PEOPLE_HELPED, grain, people, is_counted))
    return found


def today() -> date:
    return now().date()
