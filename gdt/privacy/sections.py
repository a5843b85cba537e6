"""A section of a person's own copy: rows of one table, how hers are found, and what explains them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from gdt.privacy.holdings import Holdings

Finder = Callable[[Holdings], ColumnElement[bool]]


@dataclass(frozen=True)
class Section:
    """Rows of one table: which are hers, what is joined to explain them, and their heading."""

    title: Any
    model: Any
    mine: Finder
    context: dict[str, Any] = field(default_factory=dict)
    joined: Callable[[Select[Any]], Select[Any]] = lambda query: query

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    def statement(self, columns: Sequence[str], held: Holdings) -> Select[Any]:
        own = (getattr(self.model, name) for name in columns)
        explained = (column.label(name) for name, column in self.context.items())
        query = select(*explained, *own).select_from(self.model)
        return self.joined(query).where(self.mine(held)).order_by(self.model.id)
