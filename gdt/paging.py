"""Pages of a list by keyset: as fast at the millionth row as at the first, and stable while rows arrive."""

import base64
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, literal, or_
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql import operators

PAGE_SIZE = 50
LONGEST_CURSOR = 4_000  # characters; ours are a few dozen
LARGEST = 2**63 - 1  # what both databases hold as a whole number
PLACE = re.compile(r"[0-9]{1,9}")
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: its items, and the cursors of its neighbours (None where there is none)."""

    items: Sequence[T]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class _Key:
    column: ColumnElement[Any]
    falls: bool

    def ordered(self, *, backward: bool) -> ColumnElement[Any]:
        return self.column.desc() if self.falls != backward else self.column.asc()

    def held(self, value: Any) -> ColumnElement[Any]:
        """The value as the column's own type, so that a flag compares like anything else."""
        return literal(value, self.column.type)

    def beyond(self, value: Any, *, backward: bool) -> ColumnElement[bool]:
        compare = operators.lt if self.falls != backward else operators.gt
        return compare(self.column, self.held(value))  # type: ignore[no-any-return]


def page_of(
    session: Session | scoped_session[Any],
    statement: Select[Any],
    *,
    order: Sequence[Any],
    after: str | None,
    size: int = PAGE_SIZE,
) -> Page[Any]:
    """One page of the statement's first column (an entity, as a rule), in the given order.

    `order` holds columns that are never NULL, falling ones as `column.desc()`; the last makes rows unique.
    `after` is a cursor a page gave; one that cannot be read gives the first page.
    """
    keys = [_key(part) for part in order]
    backward, values = _read(after, keys)
    if values is not None:
        statement = statement.where(_beyond(keys, values, backward=backward))
    statement = statement.order_by(None).order_by(*(key.ordered(backward=backward) for key in keys))
    rows = (
        session.execute(statement.add_columns(*(key.column for key in keys)).limit(size + 1)).unique().all()
    )
    has_more, rows = len(rows) > size, rows[:size]
    if backward:
        rows = rows[::-1]
    marks = [list(row[-len(keys) :]) for row in rows]
    has_next = bool(marks) and (backward or has_more)
    has_previous = bool(marks) and (has_more if backward else values is not None)
    return Page(
        items=[row[0] for row in rows],
        next_cursor=_write(marks[-1], backward=False) if has_next else None,
        previous_cursor=_write(marks[0], backward=True) if has_previous else None,
    )


def page_of_list(rows: Sequence[T], after: str | None, *, size: int = PAGE_SIZE) -> Page[T]:
    """One page of rows that are held in memory; the cursor is the place to begin at."""
    start = int(after) if after and PLACE.fullmatch(after) else 0
    end = start + size
    return Page(
        items=rows[start:end],
        next_cursor=str(end) if end < len(rows) else None,
        previous_cursor=str(max(0, start - size)) if start else None,
    )


def _key(part: Any) -> _Key:
    if isinstance(part, UnaryExpression) and part.modifier is operators.desc_op:
        return _Key(part.element, falls=True)
    return _Key(part, falls=False)


def _beyond(keys: list[_Key], values: list[Any], *, backward: bool) -> ColumnElement[bool]:
    """Row comparison spelled out, because rising and falling columns may be mixed."""
    return or_(
        *(
            and_(
                *(key.column == key.held(value) for key, value in zip(keys[:n], values[:n], strict=True)),
                keys[n].beyond(values[n], backward=backward),
            )
            for n in range(len(keys))
        )
    )


def _write(values: list[Any], *, backward: bool) -> str:
    text = json.dumps([backward, *(_text(value) for value in values)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return value.name
    return str(int(value)) if isinstance(value, bool) else str(value)


def _read(cursor: str | None, keys: list[_Key]) -> tuple[bool, list[Any] | None]:
    """Whoever edits an address gets the first page: nothing unfit for the database passes here."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return False, None
    try:
        backward, *texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_typed(key.column.type.python_type, text) for key, text in zip(keys, texts, strict=True)]
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError):
        return False, None
    return bool(backward), values


def _typed(kind: type, text: Any) -> Any:
    if not isinstance(text, str) or "\0" in text:
        raise ValueError(text)
    text.encode()  # half a surrogate pair is no text
    if issubclass(kind, Enum):
        return kind[text]
    if issubclass(kind, datetime):
        moment = kind.fromisoformat(text)
        moment.astimezone(UTC)  # a moment outside the calendar cannot be asked for
        return moment
    if issubclass(kind, (date, time)):
        return kind.fromisoformat(text)
    if issubclass(kind, (int, float, Decimal)):
        return _number(kind, text)
    return UUID(text) if issubclass(kind, UUID) else text


def _number(kind: type[int | float | Decimal], text: str) -> int | float | Decimal | bool:
    if issubclass(kind, int):
        whole = int(text)
        if abs(whole) > LARGEST:
            raise ValueError(text)
        return kind(whole)
    found = kind(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found
