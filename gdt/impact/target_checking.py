"""What a list of targets would set, row by row, and setting it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.database import db
from gdt.impact.cells import COUNTRY, INSTITUTION
from gdt.impact.cells import NETWORK as EVERYWHERE
from gdt.impact.queries import load_network
from gdt.impact.scopes import Network
from gdt.impact.target_models import Target
from gdt.impact.target_queries import list_targets
from gdt.impact.target_sheet import Aim
from gdt.impact.target_words import MEASURES, NETWORK
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.rows import Checked, Read, RowState, ToKeep, refused

MADE: Final = ("year", "level", "place_id", "teachers", "students", "is_imported")
Key = tuple[int, int, int]  # year, level, place


class TargetChecker:
    """Decides the rows of one list; a second row about the same is refused."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = columns
        self._spots = spots_of(load_network(OFFICE))
        self._held = targets_by_key()
        self._taken: dict[tuple[int, str, str], int] = {}

    def note(self, row: Checked) -> None:
        self._taken.setdefault(Aim(*row.values).key, row.line)

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        return [self._decide(row, Aim(*row.values)) for row in rows]

    def _decide(self, row: Read, told: Aim) -> Checked:
        first = self._taken.setdefault(told.key, row.line)
        if first != row.line:
            reason = _("The same year, place and measure as on line %(line)s. Delete one row.", line=first)
            return refused(row, self.columns.get("place", ""), told.place, reason)
        if told.place not in self._spots:
            return refused(row, self.columns.get("place", ""), told.place, _("This place is not there."))
        held = self._held.get((told.year, *self._spots[told.place]))
        before = getattr(held, MEASURES[told.measure], None)
        if held is None or before is None:
            return Checked(row.line, RowState.NEW.value, told)
        if before == told.people:
            return Checked(row.line, RowState.UNCHANGED.value, told, "", held.id)
        detail = {"differs": {"people": [str(before), str(told.people)]}}
        return Checked(row.line, RowState.CONFLICT.value, told, "", held.id, detail)


def spots_of(network: Network) -> dict[str, tuple[int, int]]:
    """The level and id of each place, by the word it is kept as."""
    places = network.institutions.values()
    spots = {NETWORK: (EVERYWHERE, 0)} | {place.country: (COUNTRY, place.country_id) for place in places}
    return spots | {place.code: (INSTITUTION, place.id) for place in places}


def targets_by_key() -> dict[Key, Target]:
    return {(one.year, one.level, one.place_id): one for one in list_targets()}


def keep_targets(actor: Viewer, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Set what the rows say; a measure the list does not speak of stays as it is."""
    wanted, kept = still_to_write(rows, lambda: TargetChecker({}), is_fresh=is_fresh)
    spots, held = spots_of(load_network(OFFICE)), targets_by_key()
    known, touched = set(held), {}
    for row in wanted:
        told = Aim(*row.values)
        key = (told.year, *spots[told.place])
        record = held.setdefault(key, Target(year=key[0], level=key[1], place_id=key[2]))
        touched[key] = (record, told.place)
        for name, value in ((MEASURES[told.measure], told.people), ("is_imported", True)):
            before = getattr(record, name)
            if key in known and before != value:
                kept.changes.append(("targets", record.id, name, before, value))
            setattr(record, name, value)
    made = [record for key, (record, _place) in touched.items() if key not in known]
    kept.new, kept.matched, kept.changed = len(made), len(touched) - len(made), len(wanted)
    _tell(actor, list(touched.values()), made, kept)
    return kept


def _tell(actor: Viewer, touched: Sequence[tuple[Target, str]], made: Sequence[Target], kept: Kept) -> None:
    """Write the records, tell the trail of each, and note which were made."""
    db.session.add_all(record for record, _place in touched)
    db.session.flush()
    acts: list[Any] = [
        (
            record,
            _("Set the targets of %(place)s for %(year)s from a list.", place=place, year=record.year),
            None,
        )
        for record, place in touched
    ]
    audit.record_all(actor, "set", acts)
    if made:
        rows = [(record.id, *(getattr(record, name) for name in MADE)) for record in made]
        kept.made.append(Made("targets", MADE, rows))
