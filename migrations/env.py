"""How migrations run: online only, as the owner of the database."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from gdt.database import Moment, db
from gdt.row_security import owner_engine


def _render(kind: str, item: object, _autogenerate: object) -> str | bool:
    """Write our column types as the plain ones they are: a migration never imports the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _mind_foreign_keys(connection: Connection, setting: str) -> None:
    """Tell SQLite, outside a transaction: it copies and drops a table to change it, rows and all.

    See https://www.sqlite.org/lang_altertable.html, section 7.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.execute(f"PRAGMA foreign_keys={setting}")


def _refuse_strays(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if strays:
            message = f"A migration left rows that point to nothing: {strays[:5]}"
            raise RuntimeError(message)


options = current_app.extensions["migrate"].configure_args | {"render_item": _render}
with owner_engine().connect() as connection:
    _mind_foreign_keys(connection, "OFF")
    context.configure(connection=connection, target_metadata=db.metadata, **options)
    with context.begin_transaction():
        context.run_migrations()
    _refuse_strays(connection)
    connection.commit()  # the check began a transaction, in which SQLite would not listen
    _mind_foreign_keys(connection, "ON")
if db.engine.dialect.name == "postgresql":
    db.engine.dispose()  # connections begin anew, in the role that may have been made just now
