"""The annual summary read part by part, which a slow line carries, or whole, to print and to search."""

from collections.abc import Sequence
from dataclasses import dataclass

from gdt.errors import RecordNotFound
from gdt.impact.web_sheet import Section

WHOLE = "all"


@dataclass(frozen=True)
class Reading:
    """What one page shows of a summary, and the parts before and after it; the whole has neither."""

    shown: Sequence[Section]
    is_whole: bool = False
    before: Section | None = None
    after: Section | None = None

    def is_shown(self, section: Section) -> bool:
        return not self.is_whole and section in self.shown


def reading_of(sections: Sequence[Section], wanted: str) -> Reading:
    """The part of this key, the first where none is asked for; raises RecordNotFound for another."""
    if wanted == WHOLE:
        return Reading(sections, is_whole=True)
    keys = [section.key for section in sections]
    if wanted and wanted not in keys:
        raise RecordNotFound
    n = keys.index(wanted) if wanted else 0
    before, after = sections[n - 1 : n] if n else [], sections[n + 1 : n + 2]
    return Reading([sections[n]], before=next(iter(before), None), after=next(iter(after), None))
