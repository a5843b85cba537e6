"""Reading what closing a year freezes, and what was closed."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from gdt import documents
from gdt.access import OFFICE
from gdt.certification.log.publication_models import LogPublication
from gdt.database import db
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK, REGION
from gdt.impact.closed_models import ClosedSummary, ClosedYear
from gdt.impact.counted_models import CountedTotal
from gdt.impact.frozen_figures import Facts, TotalRow, freeze
from gdt.impact.genders import ALL
from gdt.impact.queries import load_network, read_figures
from gdt.impact.scopes import Network, Scope
from gdt.impact.tallies import Figures


def read_figures_to_freeze(year: int) -> tuple[Figures, Facts]:
    """The figures as of now, and the facts that freeze them up to a year."""
    network = load_network(OFFICE)
    figures = read_figures(OFFICE, network, Scope())
    return figures, freeze(figures, _totals(network, year), year)


def _totals(network: Network, until: int) -> Iterator[TotalRow]:
    t = CountedTotal
    codes = _codes(network)
    modules = {module.id: module.code for module in network.modules.values()} | {0: ""}
    statement = select(
        t.fact, t.year, t.level, t.place_id, t.module_id, t.facts, t.people, t.newcomers
    ).where(t.year.between(1, until), t.gender == ALL, t.facts > 0)
    for fact, year, level, place_id, module_id, *counts in db.session.execute(statement):
        if (level, place_id) in codes:
            yield TotalRow(fact, year, level, codes[level, place_id], modules[module_id], *counts)


def _codes(network: Network) -> dict[tuple[int, int], str]:
    codes = {(NETWORK, 0): ""}
    for place in network.institutions.values():
        codes[REGION, place.region_id] = place.region
        codes[COUNTRY, place.country_id] = place.country
        codes[INSTITUTION, place.id] = place.code
    return codes


def _closed() -> Select[ClosedYear]:
    return select(ClosedYear).options(joinedload(ClosedYear.publication))


def find_closed(year: int) -> ClosedYear | None:
    return db.session.scalar(_closed().where(ClosedYear.year == year))


def is_left_open(year: int) -> bool:
    """Whether something was counted in a year that is not closed."""
    t = CountedTotal
    counted = select(t.id).where(t.year == year, t.level == NETWORK, t.gender == ALL, t.facts > 0)
    closed = select(ClosedYear.id).where(ClosedYear.year == year)
    return bool(db.session.scalar(select(counted.exists() & ~closed.exists())))


def get_closed(year: int) -> ClosedYear:
    """A year that was closed; raises RecordNotFound for one that was not."""
    closed = find_closed(year)
    if closed is None:
        raise RecordNotFound
    return closed


def list_closed() -> Sequence[ClosedYear]:
    """Every closed year, the newest first."""
    return db.session.scalars(_closed().order_by(ClosedYear.year.desc())).all()


def first_closed() -> int:
    """The first year that was closed; 0 while none is."""
    return db.session.scalar(select(func.min(ClosedYear.year))) or 0


def read_published(closed: ClosedYear) -> Facts:
    """The facts as they were published; raises DomainError where the file is gone or was changed."""
    return read_facts(closed.publication.facts_key, closed.publication.facts_sha256)


def read_facts(key: str, sha256_of_it: str) -> Facts:
    facts: Facts = json.loads(read_whole(key, sha256_of_it))
    return facts


def read_whole(key: str, sha256_of_it: str) -> bytes:
    """A kept file; raises DomainError where it is gone, or not the one that was kept."""
    try:
        content = documents.read(key)
    except RecordNotFound as error:
        raise DomainError(
            _("The published file is gone from the store. Restore it from a backup.")
        ) from error
    if sha256(content).hexdigest() != sha256_of_it:
        raise DomainError(
            _("The file in the store is not the one that was published. Restore it from a backup.")
        )
    return content


def find_summary(closed: ClosedYear, level: int, place_code: str) -> ClosedSummary | LogPublication | None:
    """The summary of a place as it was drawn; the network's is the publication itself."""
    if level == NETWORK:
        return closed.publication
    s = ClosedSummary
    return db.session.scalar(
        select(s).where(s.closed_year_id == closed.id, s.level == level, s.place_code == place_code)
    )


def count_summaries(closed: ClosedYear) -> int:
    query = select(func.count(ClosedSummary.id)).where(ClosedSummary.closed_year_id == closed.id)
    return db.session.scalar(query) or 0


def drawn_places(closed: ClosedYear) -> set[tuple[int, str]]:
    """The places whose summary is drawn already."""
    s = ClosedSummary
    rows: Any = db.session.execute(select(s.level, s.place_code).where(s.closed_year_id == closed.id))
    return {(level, code) for level, code in rows}
