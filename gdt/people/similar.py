"""People who may be the one a row names: known at the institution under a name that is like it."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from gdt.database import db
from gdt.people.matching import KNOWN, Known, one_of
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.name_keys import name_key


def find_similar(
    institution_id: int, role: AffiliationRole, names: Collection[str]
) -> dict[str, list[Known]]:
    """Those known at an institution, in whatever role, by the key of the name."""
    found: dict[str, list[Known]] = defaultdict(list)
    if not names:
        return found
    somewhere = aliased(Affiliation)
    here = and_(
        Affiliation.person_id == Person.id,
        Affiliation.institution_id == institution_id,
        Affiliation.role == role,
    )
    rows = db.session.execute(
        select(*KNOWN)
        .select_from(Person)
        .outerjoin(Affiliation, here)
        .where(
            one_of(Person.name_key, {key for name in names if (key := name_key(name))}),
            Person.merged_into_id.is_(None),
            exists().where(somewhere.person_id == Person.id, somewhere.institution_id == institution_id),
        )
        .order_by(Person.id)
    )
    for row in rows:
        found[name_key(row.printed_name)].append(Known(*row))
    return found
