"""What a database keeps of rows that are gone (free pages, journal, dead rows), and making it forget."""

import sqlite3
import time
from contextlib import closing

from flask_babel import gettext as _
from sqlalchemy import text

from gdt.database import db
from gdt.errors import DomainError
from gdt.privacy.personal_columns import registered_columns
from gdt.row_security import owner_engine

BUSY_SECONDS = 60
TRIES, PAUSE_SECONDS = 20, 0.5


def rewrite() -> None:
    """SQLite: write the whole file anew and empty its journal. PostgreSQL: clear dead rows for reuse.

    After SQLite's no byte of what was deleted is in the file. PostgreSQL's freed places are written over as
    they are used again; `rewrite_tables` gives them back at once, and takes the tables meanwhile.
    """
    if db.engine.dialect.name == "sqlite":
        _rewrite_file(db.engine.url.database or "")
    else:
        _vacuum("VACUUM")


def rewrite_tables() -> None:
    """PostgreSQL: write each table that held personal data into a new file. Nobody can use it meanwhile."""
    if db.engine.dialect.name == "sqlite":
        rewrite()
    else:
        _vacuum("VACUUM FULL")


def _rewrite_file(path: str) -> None:
    """Raises DomainError when somebody reads for so long that the journal cannot be emptied."""
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        for _try in range(TRIES):
            is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not is_busy:
                return
            time.sleep(PAUSE_SECONDS)
    raise DomainError(_("The database is too busy to be rewritten now. Go on in a moment."))


def _vacuum(command: str) -> None:
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted(registered_columns()):
            connection.execute(text(f"{command} {table}"))
