"""Where institutions stood when they were last counted, and where they stand now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, insert, select

from gdt.database import db
from gdt.impact.cells import Stand
from gdt.impact.counted_models import CountedPlace
from gdt.partners.models import Country, Institution


def stands_of(institutions: Select[Any]) -> Select[int, int, int]:
    """(id, country, region) of these institutions as they stand now."""
    return (
        select(Institution.id, Institution.country_id, Country.region_id)
        .join(Country, Institution.country_id == Country.id)
        .where(Institution.id.in_(institutions))
    )


@dataclass
class Places:
    """`now` is read as institutions are met; `before` differs for those that moved since last counted."""

    now: dict[int, Stand] = field(default_factory=dict)
    old: dict[int, Stand] = field(default_factory=dict)
    marked: Mapping[int, Stand] = field(default_factory=dict)

    @classmethod
    def moved_by(cls, institutions: Select[Any]) -> "Places":
        counted = select(CountedPlace.id, CountedPlace.country_id, CountedPlace.region_id)
        old = {row[0]: Stand(*row[1:]) for row in db.session.execute(counted)}
        now = {row[0]: Stand(*row[1:]) for row in db.session.execute(stands_of(institutions))}
        moved = {key: stand for key, stand in old.items() if now.get(key, stand) != stand}
        return cls(dict(now), moved, now)

    @property
    def before(self) -> Mapping[int, Stand]:
        return self.now | self.old

    def know(self, institutions: Iterable[int]) -> None:
        """Read where these institutions stand, unless that is known."""
        missing = set(institutions) - self.now.keys()
        if missing:
            found = db.session.execute(stands_of(select(Institution.id).where(Institution.id.in_(missing))))
            self.now |= {row[0]: Stand(*row[1:]) for row in found}

    def keep(self) -> None:
        """From now on the marked institutions are counted where they stand."""
        if self.marked:
            db.session.execute(delete(CountedPlace).where(CountedPlace.id.in_(self.marked)))
            rows = [
                {"id": key, "country_id": stand.country, "region_id": stand.region}
                for key, stand in self.marked.items()
            ]
            db.session.execute(insert(CountedPlace), rows)
