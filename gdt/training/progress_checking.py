"""What a sheet of attendance and completion would do to a cohort, row by row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from gdt.database import now
from gdt.filters import day as in_words
from gdt.imports.rows import Checked, Read, RowState, refused
from gdt.people.person_columns import name_column
from gdt.training.held_days import held_days, reason_against
from gdt.training.members import Member, Members, key_of, list_members
from gdt.training.models import Cohort, EnrolmentState
from gdt.training.progress_sheet import Progress

COMPLETED = EnrolmentState.COMPLETED.value


class ProgressChecker:
    """Decides the rows of one file for one cohort; a second row about the same student is refused."""

    def __init__(self, cohort: Cohort, columns: Mapping[str, str]) -> None:
        self.cohort, self.columns = cohort, columns
        self._members = Members(list_members(cohort))
        self._taken: dict[int, int] = {}
        self._held = held_days(cohort.institution_id)

    def note(self, row: Checked) -> None:
        if row.known is not None:
            self._taken.setdefault(row.known[0], row.line)

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        return [self._decide(row, Progress(*row.values)) for row in rows]

    def _decide(self, row: Read, told: Progress) -> Checked:
        member, why_not = self._members.find(told)
        if member is None:
            return refused(row, self._column_of(told), key_of(told), why_not)
        first = self._taken.setdefault(member.enrolment_id, row.line)
        if first != row.line:
            reason = _("The same student as on line %(line)s. Delete one of the two rows.", line=first)
            return refused(row, self._column_of(told), key_of(told), reason)
        wanted = self._wanted(member, told)
        if reason := self._day_problem(wanted) or self._lock(member, wanted):
            day = told.completed_on or ""
            return refused(row, self.columns.get("completed_on", ""), day, reason)
        return _compared(row.line, member, told, wanted)

    def _wanted(self, member: Member, told: Progress) -> dict[str, Any]:
        """How the enrolment should stand: what the row leaves out stays as it is."""
        state = told.state or (COMPLETED if told.completed_on else member.state.value)
        held = member.completed_on.isoformat() if member.completed_on else None
        return {
            "attendance_percent": member.attendance_percent if told.attendance is None else told.attendance,
            "state": state,
            "completed_on": (told.completed_on or held or told.otherwise_on) if state == COMPLETED else None,
        }

    def _day_problem(self, wanted: Mapping[str, Any]) -> str:
        if wanted["completed_on"] is None:
            is_undated = wanted["state"] == COMPLETED
            return str(_("Give the day of completion, such as 30 Jun 2026.")) if is_undated else ""
        day = date.fromisoformat(wanted["completed_on"])
        if day < self.cohort.starts_on:
            start = in_words(self.cohort.starts_on)
            return str(_("The cohort starts on %(start)s; completion comes after that.", start=start))
        is_to_come = day > now().date()
        return str(_("This day is still to come. Mark completion once it is here.")) if is_to_come else ""

    def _lock(self, member: Member, wanted: Mapping[str, Any]) -> str:
        """Why a completion of a locked day cannot come, go or move; "" if it does not, or may."""
        held = _held(member)
        if (held["state"], held["completed_on"]) == (wanted["state"], wanted["completed_on"]):
            return ""
        days = (date.fromisoformat(day) for day in (held["completed_on"], wanted["completed_on"]) if day)
        return next(filter(None, (reason_against(self._held, day) for day in days)), "")

    def _column_of(self, row: Progress) -> str:
        if not (row.own_number or row.email):
            return name_column(self.columns)
        return self.columns.get("own_number" if row.own_number else "email", "")


def _held(member: Member) -> dict[str, Any]:
    return {
        "attendance_percent": member.attendance_percent,
        "state": member.state.value,
        "completed_on": member.completed_on.isoformat() if member.completed_on else None,
    }


def _compared(line: int, member: Member, told: Progress, wanted: Mapping[str, Any]) -> Checked:
    """The row as recorded, unchanged, or in conflict with what was recorded before."""
    held = _held(member)
    changes = {name: [held[name], value] for name, value in wanted.items() if held[name] != value}
    values = Progress(
        member.own_number or "",
        told.email,
        member.printed_name,
        wanted["attendance_percent"],
        wanted["state"],
        wanted["completed_on"],
    )
    row = Checked(line, RowState.NEW.value, values, "", [member.enrolment_id, member.person_id, changes])
    if not changes:
        return row._replace(state=RowState.UNCHANGED.value)
    is_first = all(before in {None, EnrolmentState.ENROLLED.value} for before, _after in changes.values())
    if is_first:
        return row
    differs = {name: [str(x or "–") for x in pair] for name, pair in changes.items()}
    return row._replace(state=RowState.CONFLICT.value, detail={"differs": differs})
