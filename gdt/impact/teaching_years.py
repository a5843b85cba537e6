"""From which year to which an institution taught what: kept as its cohorts change."""

from datetime import date
from typing import Any

from sqlalchemy import Select, delete, extract, func, insert, literal, select, union_all

from gdt.database import db
from gdt.impact.counted_models import CountedTeaching
from gdt.training.models import Cohort, CohortModule

COLUMNS = ("institution_id", "module_id", "first_year", "last_year", "first_on")


def settle_teaching(institutions: Select[Any]) -> None:
    """Read the cohorts of these institutions again."""
    ids = list(db.session.scalars(institutions.distinct()))
    for n in range(0, len(ids), 500):
        portion = ids[n : n + 500]
        db.session.execute(delete(CountedTeaching).where(CountedTeaching.institution_id.in_(portion)))
        found = teaching().where(Cohort.institution_id.in_(portion))
        db.session.execute(insert(CountedTeaching).from_select(COLUMNS, _flat(found, portion)))


def _flat(found: Select[int, int, int, int, date], portion: list[int]) -> Any:
    of_any = teaching(is_of_module=False).where(Cohort.institution_id.in_(portion))
    return union_all(of_any, found)


def teaching(*, is_of_module: bool = True) -> Select[int, int, int, int, date]:
    """What `counted_teaching` keeps, from the cohorts: by module, or of anything at all (module 0)."""
    module = CohortModule.module_id if is_of_module else literal(0)
    years = (extract("year", Cohort.starts_on), extract("year", Cohort.ends_on))
    statement = select(Cohort.institution_id, module, *years, func.min(Cohort.starts_on))
    if is_of_module:
        statement = statement.join(CohortModule, CohortModule.cohort_id == Cohort.id)
        return statement.group_by(Cohort.institution_id, module, *years)
    return statement.group_by(Cohort.institution_id, *years)
