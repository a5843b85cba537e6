"""Rows as JSON and back, exactly: what the journal of a merge keeps of each row it touched."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table

from gdt.database import Moment

Values = dict[str, Any]


def as_json(values: Mapping[Any, Any]) -> Values:
    """Return the values of a row's columns as JSON holds them."""
    return {name: _plain(value) for name, value in values.items()}


def from_json(table: Table, values: Mapping[str, Any]) -> Values:
    """Return what `as_json` made of a row of this table as the values its columns take."""
    return {name: _typed(table.c[name], value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(value, (dict, list)):
        return value
    kind: Any = datetime if isinstance(column.type, Moment) else column.type.python_type
    if issubclass(kind, (date, datetime)):
        return kind.fromisoformat(value)
    return kind(value)
