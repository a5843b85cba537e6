"""How many certificates each narrowing of the register would leave, read from the database once for all."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Case, ColumnElement, Select, case, exists, func, null, select, union_all
from sqlalchemy.orm import aliased

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.register import queries
from gdt.certification.register.queries import SOON, Term, Wanted
from gdt.certification.terms.queries import ends_between
from gdt.database import db
from gdt.partners.models import Institution

_LATER, _OTHER = aliased(Certificate), aliased(Certificate)


@dataclass(frozen=True)
class Cell:
    """What the certificates that are counted together have in common."""

    institution_id: int
    kind: CertificateKind
    year: int
    state: CertificateState = CertificateState.VALID
    term: Term | None = None


@dataclass(frozen=True)
class Counts:
    """The certificates the viewer may see and the text finds, by cell; `names` are (code, name) in order."""

    wanted: Wanted
    cells: Counter[Cell]
    names: dict[int, tuple[str, str]]

    def total(self) -> int:
        return sum(self._by(lambda _cell: None).values())

    def by_kind(self) -> dict[CertificateKind, int]:
        return _sorted(self._by(lambda cell: cell.kind, kind=None))

    def by_state(self) -> dict[CertificateState, int]:
        return _sorted(self._by(lambda cell: cell.state, state=None))

    def by_term(self) -> dict[Term, int]:
        """How many the narrowing to each term would leave."""
        found = self._by(lambda cell: cell.term, term=None)
        return {term: found[term] for term in Term}

    def by_year(self) -> dict[int, int]:
        """By the year of issue, latest first."""
        found = self._by(lambda cell: cell.year, year=None)
        return {year: found[year] for year in sorted(found, reverse=True)}

    def by_institution(self) -> list[tuple[str, str, int]]:
        """(code, name, count) by name."""
        found = self._by(lambda cell: cell.institution_id, institution="")
        return [(*said, found[key]) for key, said in self.names.items() if key in found]

    def _by(self, part: Callable[[Cell], Hashable], **free: Any) -> Counter[Any]:
        """How many there are of each part, as far as the rest of what is wanted leaves them."""
        wanted, found = replace(self.wanted, **free), Counter[Any]()
        for cell, count in self.cells.items():
            if count and self._fits(cell, wanted):
                found[part(cell)] += count
        return found

    def _fits(self, cell: Cell, wanted: Wanted) -> bool:
        return (
            wanted.kind in (None, cell.kind)
            and wanted.state in (None, cell.state)
            and wanted.term in (None, cell.term)
            and wanted.year in (None, cell.year)
            and wanted.institution in ("", self.names[cell.institution_id][0])
        )


def count(viewer: Viewer, wanted: Wanted) -> Counts:
    """Everything counted by what one index holds, as valid; then the few that are not, from their rows."""
    seen = [within(viewer, Certificate.institution_id), *queries.search(wanted.text)]
    cells = Counter[Cell]()
    for place, kind, day, number in db.session.execute(_by_index(seen)):
        cells[Cell(place, kind, day.year)] += number
    for place, kind, day, state, term, number in db.session.execute(_by_row(seen, wanted.day)):
        cell = Cell(place, kind, day.year)
        cells[cell] -= number
        cells[replace(cell, state=CertificateState(state), term=Term(term) if term else None)] += number
    ids = {cell.institution_id for cell in cells}
    named = select(Institution.id, Institution.code, Institution.name).where(Institution.id.in_(ids))
    found = db.session.execute(named.order_by(Institution.name))
    return Counts(wanted, cells, {key: (code, name) for key, code, name in found})


def _by_index(seen: list[ColumnElement[bool]]) -> Select[Any]:
    columns: tuple[Any, ...] = (Certificate.institution_id, Certificate.kind, Certificate.issued_on)
    return select(*columns, func.count()).where(*seen).group_by(*columns)


def _by_row(seen: list[ColumnElement[bool]], day: date) -> Select[Any]:
    """Those revoked, replaced, renewed or with an end that is near or past."""
    renewed = select(_OTHER.id).where(_OTHER.thing_earned.in_(queries.renewed_things()))
    ending = queries.ended_before(day + SOON + timedelta(days=1))
    special = union_all(queries.revoked(), queries.replaced(), renewed, ending)
    state = _state_on(day)
    rows = (
        select(
            Certificate.institution_id,
            Certificate.kind,
            Certificate.issued_on,
            state.label("state"),
            case(
                (Certificate.id.in_(renewed), Term.RENEWED.value),
                (
                    (state == CertificateState.VALID.value) & ends_between(day, day + SOON),
                    Term.ENDING.value,
                ),
                else_=null(),
            ).label("term"),
        )
        .where(*seen, Certificate.id.in_(special))
        .subquery()
    )
    return select(*rows.c, func.count()).group_by(*rows.c)


def _state_on(day: date) -> Case[str]:
    """The same answer as `Certificate.state`, for the database."""
    return case(
        (Certificate.revoked_at.is_not(None), CertificateState.REVOKED.value),
        (exists().where(_LATER.replaces_id == Certificate.id), CertificateState.REPLACED.value),
        (Certificate.valid_until < day, CertificateState.EXPIRED.value),
        else_=CertificateState.VALID.value,
    )


def _sorted(found: Counter[Any]) -> dict[Any, int]:
    return {part: found[part] for part in sorted(found)}
