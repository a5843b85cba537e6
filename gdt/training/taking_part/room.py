"""Who gets a place in a training: places kept for institutions, the rest for whoever waits, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Waiting(NamedTuple):
    """Somebody on the waiting list, and the institution that named her."""

    id: int
    institution_id: int


@dataclass(frozen=True)
class Room:
    """The places of a training: how many in all (None: no limit), kept for whom, and taken by whom."""

    places: int | None
    kept: Mapping[int, int] = field(default_factory=dict)
    taken: Mapping[int, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return sum(self.taken.values())

    def left_of(self, institution_id: int) -> int:
        """How many of the places kept for an institution are not taken."""
        return max(0, self.kept.get(institution_id, 0) - self.taken.get(institution_id, 0))

    @property
    def spare(self) -> int | None:
        """How many places are neither kept for anybody nor taken; None where there is no limit."""
        if self.places is None:
            return None
        everywhere = {*self.kept, *self.taken}
        bound = sum(max(self.kept.get(i, 0), self.taken.get(i, 0)) for i in everywhere)
        return max(0, self.places - bound)

    def has_place_for(self, institution_id: int) -> bool:
        """Whether one more of an institution may take part: in a place kept for it, or in a spare one."""
        if self.places is not None and self.people >= self.places:
            return False
        if self.left_of(institution_id):
            return True
        if self.spare is None:
            return institution_id not in self.kept
        return self.spare > 0

    def with_one_of(self, institution_id: int) -> "Room":
        """The room once one more of an institution takes part."""
        taken = {**self.taken, institution_id: self.taken.get(institution_id, 0) + 1}
        return Room(self.places, self.kept, taken)


def who_moves_up(room: Room, waiting: Sequence[Waiting]) -> list[int]:
    """Whom of the waiting list there is a place for now, first come first served; ids in that order."""
    moved = []
    for one in waiting:
        if room.has_place_for(one.institution_id):
            moved.append(one.id)
            room = room.with_one_of(one.institution_id)
    return moved
