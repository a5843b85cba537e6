"""Many rows at once: the demo network is written by bulk inserts, which still meet every constraint."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from gdt.database import Model, db

Row = dict[str, Any]


def add_all(model: type[Model], rows: Sequence[Row]) -> list[int]:
    """Insert the rows, which all name the same columns, and return their ids in the same order."""
    if not rows:
        return []
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))


def add_links(model: type[Model], rows: Sequence[Row]) -> None:
    """Insert rows whose ids nobody needs."""
    if rows:
        db.session.execute(insert(model), rows)


def split(total: int, parts: int) -> list[int]:
    """A total in parts as even as whole numbers allow: 10 in 3 is 4, 3, 3."""
    return [total // parts + (part < total % parts) for part in range(parts)]
