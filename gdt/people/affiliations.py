"""Where a person belongs, as something that moves when two entries become one."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, Table, select

from gdt.database import db
from gdt.partners.models import Institution
from gdt.people.belongings import Belonging, Row, register
from gdt.people.models import Affiliation
from gdt.people.words import ROLES


def _tell(rows: Sequence[Row]) -> dict[int, str]:
    query = select(Institution.id, Institution.name).where(
        Institution.id.in_({row["institution_id"] for row in rows})
    )
    names = dict(db.session.execute(query).all())
    return {row["id"]: _told(row, names[row["institution_id"]]) for row in rows}


def _told(row: Row, place: str) -> str:
    words = {"role": str(ROLES[row["role"]]), "place": place, "number": row["own_number"]}
    if row["own_number"]:
        return _("%(role)s at %(place)s, number %(number)s", **words)
    return _("%(role)s at %(place)s, without a number", **words)


def _places(person_ids: Collection[int]) -> Select[Any]:
    return select(Affiliation.institution_id).where(Affiliation.person_id.in_(person_ids))


register(
    Belonging(
        position=0,
        table=cast("Table", Affiliation.__table__),
        title=lambda: _("Places"),
        counted=lambda n: ngettext("%(num)s place", "%(num)s places", n),
        tell=_tell,
        places=_places,
        same=("institution_id", "role"),
    )
)
