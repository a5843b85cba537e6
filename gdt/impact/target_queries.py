"""Reading targets, and how earlier years grew month by month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from gdt.access import Viewer, sees_all, within
from gdt.database import db
from gdt.impact.cells import COUNTRY, INSTITUTION
from gdt.impact.forecast import EARLIER_YEARS
from gdt.impact.goals import WITH_TARGETS, Goals
from gdt.impact.queries import institution_ids, today
from gdt.impact.scopes import Network, Scope
from gdt.impact.target_models import SeasonMonth, Target
from gdt.partners.models import Agreement

Seasons = Mapping[str, Mapping[int, Sequence[int]]]


def read_goals(viewer: Viewer, network: Network) -> Goals:
    """Every target the viewer may see: a partner's people see that of their institution alone, an officer of
    some regions those of the places in them.
    """
    seen = select(Target)
    if not sees_all(viewer):
        of_places = (Target.level == INSTITUTION) & within(viewer, Target.place_id)
        countries = {place.country_id for place in network.institutions.values()} if network.is_part else ()
        seen = seen.where(of_places | ((Target.level == COUNTRY) & Target.place_id.in_(countries)))
    found = db.session.scalars(seen).all()
    typed = {(t.year, t.level, t.place_id): (t.teachers, t.students) for t in found}
    listed = frozenset((t.year, t.level, t.place_id) for t in found if t.is_imported)
    agreements: dict[int, list[Agreement]] = defaultdict(list)
    for agreement in db.session.scalars(
        select(Agreement).where(within(viewer, Agreement.institution_id)).order_by(Agreement.starts_on)
    ):
        agreements[agreement.institution_id].append(agreement)
    return Goals(network, typed, agreements, listed)


def find_target(year: int, level: int, place_id: int) -> Target | None:
    """What the office set for a place, whoever looks: only the office's own pages ask."""
    return db.session.scalar(
        select(Target).where(Target.year == year, Target.level == level, Target.place_id == place_id)
    )


def list_targets() -> Sequence[Target]:
    """Everything the office set, for its own lists."""
    return db.session.scalars(select(Target).order_by(Target.year, Target.level, Target.place_id)).all()


def read_seasons(viewer: Viewer, network: Network, scope: Scope) -> Seasons:
    """By measure and earlier year, the twelve monthly numbers of a place."""
    s = SeasonMonth
    statement = (
        select(s.year, s.month, func.sum(s.teachers), func.sum(s.students))
        .where(within(viewer, s.institution_id), s.year >= today().year - EARLIER_YEARS)
        .group_by(s.year, s.month)
    )
    ids = institution_ids(viewer, network, scope)
    if ids is not None:
        statement = statement.where(s.institution_id.in_(ids))
    seasons: dict[str, dict[int, list[int]]] = {key: defaultdict(lambda: [0] * 12) for key in WITH_TARGETS}
    for year, month, *counts in db.session.execute(statement):
        for key, count in zip(WITH_TARGETS, counts, strict=True):
            seasons[key][year][month - 1] = int(count)
    return seasons
