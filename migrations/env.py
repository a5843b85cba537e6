"""How migrations run: online only, on the application's own engine."""

from alembic import context
from flask import current_app

from gdt.database import Moment, db


def _render(kind: str, item: object, _autogenerate: object) -> str | bool:
    """Write our column types as the plain ones they are: a migration never imports the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


options = current_app.extensions["migrate"].configure_args | {"render_item": _render}
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata, **options)
    with context.begin_transaction():
        context.run_migrations()
