"""Taking a person's words out of every text that may mention her: notes, reasons, answers."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, Text, cast, false, func, or_, select, update

from gdt.database import Model, db
from gdt.privacy.personal_columns import searched_columns
from gdt.privacy.words import Words


def take_out_of_texts(words: Words) -> int:
    """Look through every column the register says may mention people; returns how many rows changed."""
    changed = 0
    for table_name, names in searched_columns().items():
        table = Model.metadata.tables[table_name]
        changed += _clean_table(table, [table.c[name] for name in names], words)
    db.session.expire_all()
    return changed


def _clean_table(table: Table, columns: list[Column[Any]], words: Words) -> int:
    mentions = holding(columns, words)
    found = db.session.execute(select(table.c.id, *columns).where(mentions)).all() if words.searched else []
    changed = 0
    for row_id, *values in found:
        clean = {
            column.name: without
            for column, value in zip(columns, values, strict=True)
            if (without := words.without_in(value)) != value
        }
        if clean:
            db.session.execute(update(table).where(table.c.id == row_id).values(_fitting(table, clean)))
            changed += 1
    return changed


def _fitting(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """No longer than the column takes: the neutral name may be longer than hers."""
    fitting = {}
    for name, value in values.items():
        length = getattr(table.c[name].type, "length", None)
        fitting[name] = value[:length] if length and isinstance(value, str) else value
    return fitting


def holding(columns: Iterable[Any], words: Words) -> ColumnElement[bool]:
    """The condition that one of the columns, of text or JSON, holds one of her words somewhere."""
    return or_(false(), *(_holds(column, needle) for column in columns for needle in words.needles()))


def _holds(column: Any, needle: str) -> Any:
    text = cast(column, Text) if isinstance(column.type, JSON) else column
    position = func.strpos if db.engine.dialect.name == "postgresql" else func.instr
    return or_(position(text, needle) > 0, position(func.lower(text), needle.lower()) > 0)
