"""Whether a database has exactly the triggers the code says."""

from sqlalchemy import text

from gdt.database import db
from gdt.row_triggers import Triggers


def assert_they_stand(triggers: Triggers) -> None:
    """A migration that copies a table on SQLite loses its triggers: make them again in it."""
    if db.engine.dialect.name == "sqlite":
        kept = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{triggers.noun}%'"
        assert dict(map(tuple, db.session.execute(text(kept)))) == triggers.sqlite()
        return
    bodies = f"SELECT proname, prosrc FROM pg_proc WHERE proname LIKE '{triggers.verb}\\_%'"
    assert dict(map(tuple, db.session.execute(text(bodies)))) == triggers.postgresql_functions()
    names = f"SELECT tgname FROM pg_trigger WHERE tgname LIKE '{triggers.noun}%' AND tgenabled = 'O'"
    assert set(db.session.scalars(text(names))) == set(triggers.sqlite())
