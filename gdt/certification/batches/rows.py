"""The rows of a batch as its page shows them: narrowed, searched, counted by reason, listed for download."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.eligibility.rules import Rule
from gdt.database import any_contains, db
from gdt.partners.models import Institution
from gdt.people.models import Person

ORDER = (CertificateBatchRow.position,)


@dataclass(frozen=True)
class RowsWanted:
    """What the rows are narrowed to; None and "" narrow nothing."""

    state: BatchRowState | None = None
    rule: Rule | None = None
    institution: str = ""
    text: str = ""


def list_rows(batch: CertificateBatch, wanted: RowsWanted) -> Select[Any]:
    """The rows of a batch with all its page says of them, to be paged in ORDER."""
    row = CertificateBatchRow
    loaded = (row.person, row.certificate, row.cohort, row.institution)
    statement = select(row).where(*_conditions(batch, wanted))
    return statement.options(*(joinedload(related) for related in loaded))


def every_row(batch: CertificateBatch, wanted: RowsWanted) -> Iterator[CertificateBatchRow]:
    """The rows of the download, in order, a thousand at a time."""
    statement = list_rows(batch, wanted).order_by(*ORDER)
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def count_by_state(batch: CertificateBatch, wanted: RowsWanted) -> dict[BatchRowState, int]:
    counts = _count(batch, replace(wanted, state=None, rule=None), CertificateBatchRow.state)
    return {state: counts.get(state, 0) for state in BatchRowState}


def count_by_rule(batch: CertificateBatch, wanted: RowsWanted) -> dict[Rule, int]:
    """How many rows were refused by each rule, the ones that settle the matter first."""
    counts = _count(batch, replace(wanted, state=None, rule=None), CertificateBatchRow.rule)
    return {rule: counts[rule] for rule in Rule if rule in counts}


def count_by_institution(batch: CertificateBatch, wanted: RowsWanted) -> list[tuple[str, str, int]]:
    """(code, name, count) by name."""
    query = (
        select(Institution.code, Institution.name, func.count())
        .join(CertificateBatchRow, CertificateBatchRow.institution_id == Institution.id)
        .where(*_conditions(batch, replace(wanted, institution="")))
        .group_by(Institution.code, Institution.name)
        .order_by(Institution.name)
    )
    return [(code, name, count) for code, name, count in db.session.execute(query)]


def _count(batch: CertificateBatch, wanted: RowsWanted, column: Any) -> dict[Any, int]:
    query = select(column, func.count()).where(*_conditions(batch, wanted)).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _conditions(batch: CertificateBatch, wanted: RowsWanted) -> list[ColumnElement[bool]]:
    row = CertificateBatchRow
    conditions = [row.batch_id == batch.id]
    if wanted.state is not None:
        conditions.append(row.state == wanted.state)
    if wanted.rule is not None:
        conditions.append(row.rule == wanted.rule)
    if wanted.institution:
        mine = select(Institution.id).where(Institution.code == wanted.institution)
        conditions.append(row.institution_id.in_(mine))
    if wanted.text:
        names = (Person.printed_name, Person.native_name)
        found = any_contains(names, wanted.text)
        people = select(Person.id).where(found)
        conditions.append(row.person_id.in_(people))
    return conditions
