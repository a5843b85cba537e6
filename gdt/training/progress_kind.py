"""Sheets of attendance and completion as a kind of rows: how far the students of a cohort came."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext, ngettext

from gdt.access import Permission, Viewer
from gdt.audit import acting
from gdt.columns import Complaints, Vocabulary
from gdt.database import now
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.imports.writing import write_changes
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.people.column_content import NAMES, tell_people
from gdt.people.person_columns import guess_person
from gdt.spreadsheets.limits import Row
from gdt.training.completion import checked_day
from gdt.training.members import Members, list_members
from gdt.training.models import Cohort, EnrolmentState
from gdt.training.progress_checking import COMPLETED, ProgressChecker
from gdt.training.progress_sheet import GIVEN, TOLD, ProgressReader, missing_column
from gdt.training.progress_words import PROGRESS_WORDS
from gdt.training.queries import get_cohort_by_id, lock_cohort
from gdt.training.roster_kind import PERSON_FIELDS
from gdt.training.subjects import of_cohort
from gdt.training.visible import visible_cohort_ids


class ProgressKind(Kind):
    name = "progress"
    label = lazy_gettext("Attendance and completion")
    permission = Permission.ATTENDANCE_RECORD
    fields = (
        Field("attendance", lazy_gettext("Attendance %")),
        Field("state", lazy_gettext("Status")),
        Field("completed_on", lazy_gettext("Completion date"), is_day=True),
        *(field for field in PERSON_FIELDS if field.name not in {"gender", "native_name"}),
    )
    shown = (
        Shown(2, lazy_gettext("Student")),
        Shown(0, lazy_gettext("Number")),
        Shown(3, lazy_gettext("Attendance"), is_number=True),
        Shown(4, lazy_gettext("State in the cohort")),
        Shown(5, lazy_gettext("Completed on"), is_day=True),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.NEW: lazy_gettext("to be recorded"),
        RowState.UNCHANGED: lazy_gettext("recorded already, unchanged"),
        RowState.CONFLICT: lazy_gettext("with something else than recorded"),
    }
    upload_words = lazy_gettext(
        "One row per student, named by number, e-mail or name, with attendance in per cent, with completed, "
        "enrolled or withdrew, with the day of completion, or with all of them."
    )
    written_freely = NAMES
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_cohort_by_id(viewer, subject_id))

    def subjects_of(self, viewer: Viewer) -> Any:
        return visible_cohort_ids(viewer)

    def hold(self, subject: Subject) -> None:
        lock_cohort(subject.id)

    def refuse_at_all(self, subject: Subject) -> None:
        require_permitted(subject.record.institution, PartnerAct.CHANGE_ROSTER, actor=acting())

    def words_of(self) -> Vocabulary:
        return PROGRESS_WORDS

    def guess(self, header: list[str]) -> list[str]:
        found = self.found(header)
        fields = guess_person(header, found) | {found[name][0]: name for name in GIVEN if name in found}
        return [
            name if (name := fields.get(index, "")) in self._names() else "" for index in range(len(header))
        ]

    def _names(self) -> set[str]:
        return {field.name for field in self.fields}

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        return [name if name in self._names() else "" for name in tell_people(columns, TOLD)]

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return missing_column(header, mapping)

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        return ProgressReader(mapping, ways)

    def percentages(self, mapping: list[str]) -> int | None:
        return mapping.index("attendance") if "attendance" in mapping else None

    def count_undated(
        self, subject: Subject | None, mapping: list[str], rows: Callable[[], Iterable[Row]]
    ) -> int:
        if subject is None or "state" not in mapping:
            return 0
        reader, members = ProgressReader(mapping, Ways()), Members(list_members(subject.record))
        read = ((reader.read(row, Complaints([])), row) for row in rows())
        undated = (told for told, row in read if told.state == COMPLETED and not reader.has_day(row))
        return sum(member.completed_on is None for told in undated if (member := members.find(told)[0]))

    def offered_day(self, subject: Subject) -> date | None:
        ends_on: date = subject.record.ends_on
        return ends_on if ends_on <= now().date() else None

    def refuse_day(self, subject: Subject, day: date | None) -> None:
        checked_day(subject.record, day)

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> ProgressChecker:
        return ProgressChecker(subject.record, columns)

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_progress(subject.record, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        return str(
            ngettext(
                "Attendance and completion of %(num)s student are recorded.",
                "Attendance and completion of %(num)s students are recorded.",
                upload.rows_changed,
            )
        )

    def template(self, subject: Subject, language: str = "en") -> bytes:
        members = list_members(subject.record)
        here = [one for one in members if one.state is not EnrolmentState.WITHDREW]
        states = tuple(state.value for state in EnrolmentState)
        columns = (
            Column("own_number", 18),
            Column("full_name", 34),
            Column("attendance", 14, whole=(0, 100)),
            Column("state", 16, choices=states),
            Column("completed_on", 16, is_day=True),
        )
        rows = [(one.own_number, one.printed_name, one.attendance_percent) for one in here]
        return empty_workbook(self, columns, rows, language=language)


PROGRESS = register(ProgressKind())


def subject_of(cohort: Cohort) -> Subject:
    """A cohort as the record its attendance and completion go to."""
    return of_cohort(cohort, "progress")


def keep_progress(cohort: Cohort, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Record the rows; one that somebody else has changed meanwhile is handed back."""
    wanted, kept = still_to_write(rows, lambda: ProgressChecker(cohort, {}), is_fresh=is_fresh)
    for row in wanted:
        enrolment_id, _person_id, changes = row.known
        for name, (before, after) in changes.items():
            kept.changes.append(("enrolments", enrolment_id, name, before, after))
    kept.matched = kept.changed = len(wanted)
    write_changes(kept.changes)
    return kept
