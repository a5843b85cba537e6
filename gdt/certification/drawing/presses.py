"""The presses: processes of their own, one for each core, that draw and sign the certificates of an order.

They are started afresh (never forked from a process with threads and open connections), hold our keys and no
database, stay warm from portion to portion, and end with the process that started them, however it ends. When
they break, the work is done in this process instead.
"""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_babel import Babel

from gdt.certification.keys import signing_keys

AT_ONCE = 10  # pieces of work that travel to a press together
PLAIN = (str, int, float, bool, Path, list, tuple, type(None))
_LOSSES_BORNE = 3  # broken presses before this process stops starting new ones
W = TypeVar("W")
R = TypeVar("R")

_pool: ProcessPoolExecutor | None = None
_pool_keys: tuple[str, ...] = ()
_losses = 0
_lock = Lock()


class Pending:
    """Work handed to the presses; `results` waits for it, and does it here if they broke."""

    def __init__(self, act: Callable[[W], R], work: Sequence[W]) -> None:
        self.act, self.work = act, work
        self.futures = _hand_in(act, work)

    def results(self) -> list[Any]:
        """What `act` makes of each piece of work, in order."""
        try:
            return [result for future in self.futures or () for result in future.result()] or self._here()
        except BrokenProcessPool:
            current_app.logger.warning("The presses broke; this portion is drawn in this process")
            _lose()
            return self._here()

    def _here(self) -> list[Any]:
        return [self.act(piece) for piece in self.work]


def count_presses() -> int:
    """How many are wanted: one for each core this process may use, unless it is set."""
    wanted = current_app.config["PRESSES"]
    return len(os.sched_getaffinity(0)) if wanted is None else int(wanted)


def close() -> None:
    """Let the presses go; the next work starts new ones."""
    global _pool
    with _lock:
        pool, _pool = _pool, None
    if pool is not None:
        pool.shutdown(wait=False, cancel_futures=True)


def _hand_in(act: Callable[[W], R], work: Sequence[W]) -> list[Future[list[R]]] | None:
    pool = _started()
    if pool is None or not work:
        return None
    try:
        return [pool.submit(_each, act, work[at : at + AT_ONCE]) for at in range(0, len(work), AT_ONCE)]
    except BrokenProcessPool:
        _lose()
        return None


def _started() -> ProcessPoolExecutor | None:
    global _pool, _pool_keys
    count, names = count_presses(), signing_keys.current().names
    with _lock:
        if _pool is not None and _pool_keys != names:  # what they have in hand they finish with the old keys
            _pool.shutdown(wait=False)
            _pool = None
        if _pool is None and count > 0 and _losses < _LOSSES_BORNE:
            config = {name: value for name, value in current_app.config.items() if isinstance(value, PLAIN)}
            _pool_keys = names
            _pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (config, names))
        return _pool


def _lose() -> None:
    global _losses
    close()
    _losses += 1


def _each(act: Callable[[W], R], work: Sequence[W]) -> list[R]:
    return [act(piece) for piece in work]


def _begin(config: dict[str, Any], names: tuple[str, ...]) -> None:
    """What a press does first: take the same settings and the same keys as the process it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then lets us go
    Thread(target=_end_with_the_parent, daemon=True).start()
    app = Flask("presses")
    app.config.from_mapping(config)
    Babel(app)
    signing_keys.init_app(app)
    app.app_context().push()
    signing_keys.use(names)


def _end_with_the_parent() -> None:
    """A killed parent cannot say goodbye; without this a press would wait for it for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
