"""Which qualifications were renewed by later ones: the chain of a teacher in a module, by their days."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol


class Held(Protocol):
    """A right to teach a module between two days."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def module_id(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date: ...


def renewed_of(held: Iterable[Held]) -> dict[int, int]:
    """By the id of each qualification that was renewed, the id of the one that renews it.

    Each is renewed at most once and renews at most one: the chain never forks.
    """
    renewed: dict[int, int] = {}
    last: dict[tuple[int, int], Held] = {}
    for one in sorted(held, key=lambda one: (one.valid_from, one.valid_until, one.id)):
        before = last.get((one.person_id, one.module_id))
        if before is not None:
            renewed[before.id] = one.id
        last[one.person_id, one.module_id] = one
    return renewed
