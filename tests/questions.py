"""How many questions an action asks the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from gdt.database import db


def count_questions(action: Callable[[], Any]) -> int:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
