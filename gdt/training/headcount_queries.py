"""Reading headcounts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.training.models import Headcount, HeadcountMeasure


def list_headcounts(institution: Institution) -> Sequence[Headcount]:
    """What an institution has reported as numbers, the latest year first."""
    return db.session.scalars(
        select(Headcount)
        .where(Headcount.institution_id == institution.id)
        .options(joinedload(Headcount.module))
        .order_by(Headcount.year.desc(), Headcount.measure, Headcount.module_id)
    ).all()


def get_headcount(institution: Institution, headcount_id: int) -> Headcount:
    headcount = db.session.scalar(
        select(Headcount).where(Headcount.id == headcount_id, Headcount.institution_id == institution.id)
    )
    if headcount is None:
        raise RecordNotFound
    return headcount


def find_headcount(
    institution: Institution, module_id: int, year: int, measure: HeadcountMeasure
) -> Headcount | None:
    """The number for this module, year and measure, held until the transaction ends."""
    return db.session.scalar(
        select(Headcount)
        .where(
            Headcount.institution_id == institution.id,
            Headcount.module_id == module_id,
            Headcount.year == year,
            Headcount.measure == measure,
        )
        .with_for_update(of=Headcount)
    )
