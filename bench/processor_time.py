"""CPU seconds of this process and, where there is one, of a PostgreSQL server with all who work for it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

Clock = Callable[[], float]
TICKS = os.sysconf("SC_CLK_TCK")


def clock_of(server: int | None) -> Clock:
    """What tells the CPU seconds spent so far; `server` is the id of PostgreSQL's first process."""
    if server is None:
        return time.process_time
    return lambda: time.process_time() + _spent_by(server)


def seconds_of(work: Callable[[], object], clock: Clock) -> float:
    begun = clock()
    work()
    return clock() - begun


def _spent_by(server: int) -> float:
    """Of the server, of its processes that have ended, and of those that run."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it has just ended, and its server tells of it
            continue
        if status.parent.name == str(server):
            ticks += sum(int(told[n]) for n in (11, 12, 13, 14))
        elif told[1] == str(server):
            ticks += int(told[11]) + int(told[12])
    return ticks / TICKS
