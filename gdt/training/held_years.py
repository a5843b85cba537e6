"""Years whose counted rows an institution cannot change any more, so that a file is told before it is kept.

Which years those are is known to a feature above, which registers it here; the lock itself is that feature's.
"""

from collections.abc import Callable, Mapping
from datetime import date

from gdt import audit
from gdt.access import Viewer
from gdt.errors import DomainError

Reasons = Mapping[int, str]  # the sentence that refuses, by year
_sources: list[Callable[[Viewer, int], Reasons]] = []


def tells_held_years(source: Callable[[Viewer, int], Reasons]) -> Callable[[Viewer, int], Reasons]:
    """Register what says which years of an institution are locked for a viewer."""
    _sources.append(source)
    return source


def held_years(institution_id: int) -> Reasons:
    """The years that are locked for whoever acts in this transaction."""
    actor = audit.acting()
    return {year: why for source in _sources for year, why in source(actor, institution_id).items()}


def refuse_held_day(institution_id: int, day: date) -> None:
    """Raise DomainError if rows of this day are locked for whoever acts."""
    reason = held_years(institution_id).get(day.year)
    if reason is not None:
        raise DomainError(reason)
