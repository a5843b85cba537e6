"""Sheets of results as a kind of rows: the marks of one sitting, and what may be uploaded for it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext, ngettext

from gdt.access import Permission, Viewer
from gdt.audit import acting
from gdt.columns import Vocabulary
from gdt.errors import DomainError
from gdt.exams.models import Sitting
from gdt.exams.queries import get_sitting, get_sitting_by_id, lock_exam, visible_sitting_ids
from gdt.exams.recording import refuse_before_the_day, refuse_marked_twice
from gdt.exams.result_words import RESULT_WORDS, find_item
from gdt.exams.results_sheet import HUNDRED, ResultsReader, is_mark, missing_column, told_maximum
from gdt.exams.results_writing import keep_results
from gdt.exams.sheet_checking import ResultsChecker
from gdt.imports.keeping import import_now
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.scales import Scale, out_of
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.imports.understanding import Said
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.people.column_content import NAMES, tell_people
from gdt.people.person_columns import guess_person
from gdt.spreadsheets.refusals import Refused
from gdt.training.held_days import refuse_held_day
from gdt.training.members import list_members
from gdt.training.models import EnrolmentState
from gdt.training.roster_kind import PERSON_FIELDS


class ResultsKind(Kind):
    name = "results"
    label = lazy_gettext("Results")
    permission = Permission.RESULTS_RECORD
    fields = (
        Field("mark", lazy_gettext("Mark")),
        *(field for field in PERSON_FIELDS if field.name not in {"gender", "native_name"}),
    )
    shown = (
        Shown(2, lazy_gettext("Student")),
        Shown(0, lazy_gettext("Number")),
        Shown(4, lazy_gettext("In the file"), is_number=True),
        Shown(3, lazy_gettext("Mark"), is_number=True),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.UNCHANGED: lazy_gettext("recorded already, unchanged"),
        RowState.CONFLICT: lazy_gettext("with another mark than recorded"),
    }
    upload_words = lazy_gettext(
        "One row per student: a column with the mark (or the word absent), and one with the student number "
        "or e-mail. A name alone is understood where only one student of the cohort has it. The gradebook "
        "and the quiz report of Moodle are read as they come: marks out of another maximum, and percentages, "
        "are converted to this exam’s, and you see how before anything is kept."
    )
    written_freely = NAMES
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_sitting_by_id(viewer, subject_id))

    def subjects_of(self, viewer: Viewer) -> Any:
        return visible_sitting_ids(viewer)

    def hold(self, subject: Subject) -> None:
        lock_exam(subject.record.exam_id)

    def refuse_at_all(self, subject: Subject) -> None:
        institution = subject.record.cohort.institution
        require_permitted(institution, PartnerAct.RECORD_RESULTS, actor=acting())
        refuse_before_the_day(subject.record)
        refuse_marked_twice(subject.record)
        refuse_held_day(institution.id, subject.record.held_on)

    def words_of(self) -> Vocabulary:
        return RESULT_WORDS

    def guess(self, header: list[str]) -> list[str]:
        found, item = self.found(header), find_item(header)
        marks = [item] if item is not None else found.get("mark", [])[:1]
        fields = guess_person(header, found) | dict.fromkeys(marks, "mark")
        return [
            name if (name := fields.get(index, "")) in self._names() else "" for index in range(len(header))
        ]

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        return [name if name in self._names() else "" for name in tell_people(columns, {"mark": is_mark})]

    def _names(self) -> set[str]:
        return {field.name for field in self.fields}

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return missing_column(header, mapping)

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        scale = ways.scale or self.scale(subject, header, mapping)
        return ResultsReader(mapping, scale or Scale(0, HUNDRED))

    def scale(self, subject: Subject | None, header: list[str], mapping: list[str]) -> Scale | None:
        if "mark" not in mapping:
            return None
        place = mapping.index("mark")
        full = subject.record.exam.maximum_mark if subject else HUNDRED
        return Scale(place, full, told_maximum(header[place]))

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> ResultsChecker:
        return ResultsChecker(subject.record, columns)

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_results(subject.record, upload, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        return str(
            ngettext(
                "%(num)s new result is recorded.",
                "%(num)s new results are recorded.",
                upload.rows_kept - upload.rows_matched,
            )
        )

    def template(self, subject: Subject, language: str = "en") -> bytes:
        here = [
            one for one in list_members(subject.record.cohort) if one.state is not EnrolmentState.WITHDREW
        ]
        columns = (
            Column("own_number", 18),
            Column("email", 30),
            Column("full_name", 34),
            Column("mark", 10, most=subject.record.exam.maximum_mark),
        )
        return empty_workbook(
            self, columns, [(one.own_number, one.email, one.printed_name) for one in here], language=language
        )


RESULTS = register(ResultsKind())


def subject_of(sitting: Sitting) -> Subject:
    """A sitting as the record its results go to."""
    return Subject(
        record=sitting,
        id=sitting.id,
        code=sitting.code,
        name=f"{sitting}, {sitting.cohort}",
        institution_id=sitting.cohort.institution_id,
        page="exams.sitting",
        upload_page="exams.upload_results",
        template_page="exams.results_template",
    )


def import_results(
    *,
    viewer: Viewer,
    sitting_code: str,
    filename: str,
    data: bytes,
    is_dry: bool = False,
    marks_out_of: str = "",
    sheets: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Check and keep a sheet in one go, in the caller's transaction; returns the counts and the problems.

    Raises `Refused` (file or day) or RecordNotFound (code), and then stores nothing.
    """
    subject = subject_of(get_sitting(viewer, sitting_code))
    try:
        return import_now(
            viewer=viewer,
            kind=RESULTS,
            subject=subject,
            filename=filename,
            data=data,
            is_dry=is_dry,
            said=Said(sheets, out_of=out_of(marks_out_of)),
        )
    except DomainError as error:
        raise Refused(error.message) from error
