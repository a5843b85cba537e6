"""What a sheet of headcounts would do to an institution's numbers, row by row, and keeping it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.filters import number
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.rows import Checked, Read, RowState, ToKeep, refused
from gdt.partners.models import Institution
from gdt.training.headcount_queries import list_headcounts
from gdt.training.headcount_sheet import Counted
from gdt.training.held_days import held_days, reason_against_year
from gdt.training.models import Headcount, HeadcountMeasure
from gdt.training.queries import list_modules

MADE: Final = ("institution_id", "module_id", "year", "measure", "people", "evidence", "verified_at")


class HeadcountChecker:
    """Decides the rows of one file for one institution; a second row for the same is refused."""

    def __init__(self, institution: Institution, columns: Mapping[str, str]) -> None:
        self.columns = columns
        listed = list_headcounts(institution)
        self._held = {(one.year, one.measure.value, one.module.title): one for one in listed}
        self._taken: dict[tuple[int, str, str], int] = {}
        self._locked = held_days(institution.id)

    def note(self, row: Checked) -> None:
        self._taken.setdefault(Counted(*row.values).key, row.line)

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        return [self._decide(row, Counted(*row.values)) for row in rows]

    def _decide(self, row: Read, told: Counted) -> Checked:
        first = self._taken.setdefault(told.key, row.line)
        if first != row.line:
            reason = _("The same year, measure and module as on line %(line)s. Delete one row.", line=first)
            return refused(row, self.columns.get("module", ""), told.module, reason)
        held = self._held.get(told.key)
        locked = reason_against_year(self._locked, told.year)
        if locked and (held is None or held.people != told.people):
            return refused(row, self.columns.get("year", ""), str(told.year), locked)
        if held is None:
            return Checked(row.line, RowState.NEW.value, told)
        return self._compared(row, told, held)

    def _compared(self, row: Read, told: Counted, held: Headcount) -> Checked:
        if held.verified_at is not None and held.people != told.people:
            reason = _(
                "The office has verified %(people)s for this already. Ask the office to change it.",
                people=number(held.people),
            )
            return refused(row, self.columns.get("people", ""), str(told.people), reason)
        checked = Checked(row.line, RowState.UNCHANGED.value, told, "", held.id)
        if held.verified_at is not None:
            return checked._replace(note=_("Verified by the office."))
        pairs = {name: (getattr(held, name), getattr(told, name)) for name in ("people", "evidence")}
        differs = {name: [str(ours), str(theirs)] for name, (ours, theirs) in pairs.items() if ours != theirs}
        if not differs:
            return checked
        return checked._replace(state=RowState.CONFLICT.value, detail={"differs": differs})


def keep_headcounts(
    actor: Viewer, institution: Institution, rows: Sequence[ToKeep], *, is_fresh: bool
) -> Kept:
    """Report the rows as claims; a number the office has verified meanwhile is handed back."""
    wanted, kept = still_to_write(rows, lambda: HeadcountChecker(institution, {}), is_fresh=is_fresh)
    held = {one.id: one for one in list_headcounts(institution)}
    modules = {module.title: module for module in list_modules()}
    reported = []
    for row in wanted:
        told = Counted(*row.values)
        record = held.get(row.known) or Headcount(
            institution=institution,
            module=modules[told.module],
            year=told.year,
            measure=HeadcountMeasure(told.measure),
        )
        if record.id:
            kept.changes += _changes(record, told)
        record.people, record.evidence = told.people, told.evidence
        reported.append(record)
    _tell(actor, institution, reported, kept)
    return kept


def _changes(record: Headcount, told: Counted) -> list[tuple[str, int, str, Any, Any]]:
    """What is replaced; that the number was not verified is said too, so that undoing minds it."""
    pairs = {"people": told.people, "evidence": told.evidence, "verified_at": None}
    return [("headcounts", record.id, name, getattr(record, name), value) for name, value in pairs.items()]


def _tell(actor: Viewer, institution: Institution, reported: Sequence[Headcount], kept: Kept) -> None:
    """Write the records, tell the trail of each, and note which were made."""
    new = [record for record in reported if record.id is None]
    db.session.add_all(reported)
    acts = [
        (record, _("Reported a headcount of %(people)s.", people=record.people), institution.id)
        for record in reported
    ]
    audit.record_all(actor, "reported", acts)
    if new:
        kept.made.append(Made("headcounts", MADE, [_made(record) for record in new]))
    kept.new, kept.matched, kept.changed = len(new), len(reported) - len(new), len(reported)


def _made(record: Headcount) -> tuple[Any, ...]:
    place = (record.id, record.institution_id, record.module_id)
    return *place, record.year, record.measure.value, record.people, record.evidence, None
