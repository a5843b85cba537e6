"""Somebody with the password of the database itself."""

import sqlite3
from contextlib import closing

from sqlalchemy import text

from gdt.database import db
from gdt.row_security import owner_engine


def tamper(*statements):
    """What somebody with the database's own password does: triggers and foreign keys off, then anything."""
    db.session.remove()
    if db.engine.name == "postgresql":
        with owner_engine().begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
        return
    with closing(sqlite3.connect(db.engine.url.database, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _made_by in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(made_by for _name, made_by in triggers)):
            connection.execute(statement)
