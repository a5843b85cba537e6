"""Requests counted by all processes of a machine together, in a small SQLite file beside the throttles.

Counts are kept by route, method, status and how long it took; never by address, person or path. A count
that cannot be written at once waits in memory for the next one, so no request waits for a counter.
"""

import sqlite3
from collections import Counter
from pathlib import Path
from threading import Lock

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
Key = tuple[str, str, int, float]  # route, method, status, upper bound of seconds
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_TABLE = """
    CREATE TABLE IF NOT EXISTS requests (route TEXT, method TEXT, status INTEGER, bucket REAL,
        hits INTEGER, seconds REAL, PRIMARY KEY (route, method, status, bucket)) WITHOUT ROWID
"""
_ADD = """
    INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET hits = hits + excluded.hits, seconds = seconds + excluded.seconds
"""


class RequestCounts:
    """Adds and reads counts; one for each process, all on the same file."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, Lock()
        self._connection: sqlite3.Connection | None = None
        self._hits: Counter[Key] = Counter()
        self._seconds: Counter[Key] = Counter()

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        bucket = next(bound for bound in BUCKETS if seconds <= bound)
        key = (route, method if method in _METHODS else "other", status, bucket)
        with self._lock:
            self._hits[key] += 1
            self._seconds[key] += seconds  # type: ignore[assignment]
            self._write()

    def read(self) -> list[tuple[str, str, int, float, int, float]]:
        """Rows of route, method, status, bucket, hits and seconds, in that order."""
        with self._lock:
            self._write()
            query = "SELECT * FROM requests ORDER BY route, method, status, bucket"
            return self._open().execute(query).fetchall()

    def _write(self) -> None:
        rows = [(*key, hits, self._seconds[key]) for key, hits in self._hits.items()]
        try:
            connection = self._open()
            with connection:
                connection.executemany(_ADD, rows)
        except sqlite3.OperationalError:  # another process writes: these wait for the next request
            return
        self._hits.clear()
        self._seconds.clear()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, timeout=0.02, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=OFF"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.execute(_TABLE)
        return self._connection
