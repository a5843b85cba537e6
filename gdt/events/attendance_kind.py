"""Lists of who came to an event as a kind of rows: the office's own, or the report of an online meeting."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext, ngettext

from gdt.access import OFFICE, Permission, Viewer, may
from gdt.columns import Vocabulary
from gdt.errors import RecordNotFound
from gdt.events.attendance_checking import AttendanceChecker, in_words
from gdt.events.attendance_sheet import AttendanceReader, Came, missing_column
from gdt.events.attendance_words import ATTENDANCE_WORDS, CAME, DID_NOT_COME, is_answer
from gdt.events.attending import refuse_before_it_begins
from gdt.events.models import Event
from gdt.events.people_queries import list_registrations, registrations_of
from gdt.events.queries import get_event_by_id, hold_event
from gdt.events.states import PlaceState
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.imports.writing import write_changes
from gdt.people.column_content import NAMES, tell_people
from gdt.people.person_columns import guess_person
from gdt.training.roster_kind import PERSON_FIELDS

OF_PEOPLE = NAMES - {"native_name"} | {"email"}


class AttendanceKind(Kind):
    name = "attendance"
    label = lazy_gettext("Who came to an event")
    permission = Permission.EVENTS_MANAGE
    fields = (
        Field("attended", lazy_gettext("Came")),
        *(field for field in PERSON_FIELDS if field.name in OF_PEOPLE),
    )
    shown = (
        Shown(1, lazy_gettext("Name")),
        Shown(0, lazy_gettext("E-mail address")),
        Shown(2, lazy_gettext("Came")),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.NEW: lazy_gettext("to be ticked"),
        RowState.UNCHANGED: lazy_gettext("ticked already, or twice in the file"),
        RowState.CONFLICT: lazy_gettext("with something else than ticked"),
    }
    upload_words = lazy_gettext(
        "One row per person, named by e-mail or name, with yes or no. A list without such a column names "
        "those who came, such as the report of an online meeting. Who is not in the file stays as before."
    )
    written_freely = NAMES
    template_names: ClassVar[dict[str, str]] = {"attended": "attendance"}
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        if not may(viewer, self.permission):
            raise RecordNotFound
        return subject_of(get_event_by_id(subject_id))

    def hold(self, subject: Subject) -> None:
        hold_event(subject.record)

    def refuse_at_all(self, subject: Subject) -> None:
        refuse_before_it_begins(subject.record)

    def words_of(self) -> Vocabulary:
        return ATTENDANCE_WORDS

    def guess(self, header: list[str]) -> list[str]:
        found, ours = self.found(header), {field.name for field in self.fields}
        fields = guess_person(header, found) | dict.fromkeys(found.get("attended", [])[:1], "attended")
        return [name if (name := fields.get(at, "")) in ours else "" for at in range(len(header))]

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        ours = {field.name for field in self.fields}
        told = tell_people(columns, {"attended": is_answer})
        return [name if name in ours else "" for name in told]

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return missing_column(header, mapping)

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        return AttendanceReader(mapping)

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> AttendanceChecker:
        return AttendanceChecker(subject.record, columns)

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_attendance(subject.record, upload.uploaded_by or OFFICE, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        return str(ngettext("%(num)s tick is kept.", "%(num)s ticks are kept.", upload.rows_changed))

    def template(self, subject: Subject, language: str = "en") -> bytes:
        here = [one for one in list_registrations(subject.record) if one.state is PlaceState.REGISTERED]
        columns = (
            Column("email", 34),
            Column("full_name", 34),
            Column("attended", 12, choices=(CAME, DID_NOT_COME)),
        )
        rows = [(one.email, one.name, in_words(one.has_come)) for one in here]
        return empty_workbook(self, columns, rows, language=language)


ATTENDANCE = register(AttendanceKind())


def subject_of(event: Event) -> Subject:
    """An event as the record its list goes to."""
    return Subject(
        record=event,
        id=event.id,
        code=event.code,
        name=event.title,
        institution_id=None,
        page="events.event_people",
        upload_page="events.upload_attendance",
        template_page="events.attendance_template",
    )


def keep_attendance(event: Event, actor: Viewer, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Tick the rows; one that somebody else has ticked otherwise meanwhile is handed back."""
    wanted, kept = still_to_write(rows, lambda: AttendanceChecker(event, {}), is_fresh=is_fresh)
    held = {one.id: one for one in registrations_of(event, [row.known for row in wanted])}
    for row in wanted:
        found, came = held[row.known], Came(*row.values).attended == CAME
        kept.changes.append(("event_registrations", found.id, "has_come", found.has_come, came))
        by = "ticked_by_name", found.ticked_by_name, actor.name
        kept.changes.append(("event_registrations", found.id, *by))
    kept.matched = kept.changed = len(wanted)
    write_changes(kept.changes)
    return kept
