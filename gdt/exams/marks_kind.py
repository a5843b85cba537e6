"""One marker's sheet for a sitting that two people mark, as a kind of rows: hers alone to see."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import select

from gdt.access import OFFICE, Viewer
from gdt.audit import acting
from gdt.database import db, one_of
from gdt.errors import DomainError
from gdt.exams.marking import Desk
from gdt.exams.marks_checking import MarksChecker, entry_of
from gdt.exams.marks_page import Entry, MarksRefused
from gdt.exams.models import Sitting
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.moderation_queries import double_marks_of
from gdt.exams.queries import results_of
from gdt.exams.recording import record_marks, refuse_before_the_day
from gdt.exams.results_kind import RESULTS, ResultsKind
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Kept, Made, Subject
from gdt.imports.kinds import register
from gdt.imports.rows import Checked, RowState, ToKeep, refused
from gdt.imports.undoing import depends_on
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.training.held_days import refuse_held_day

DOUBLES = DoubleMark.__tablename__


class MarksKind(ResultsKind):
    name = "marks"
    label = lazy_gettext("Marks of one marker")
    is_private = True
    words: ClassVar[dict[RowState, Any]] = {
        RowState.NEW: lazy_gettext("to be given"),
        RowState.UNCHANGED: lazy_gettext("given already, unchanged"),
        RowState.CONFLICT: lazy_gettext("with another mark than you gave"),
    }
    upload_words = lazy_gettext(
        "Two people mark this sitting, each by a file of her own or on the page. One row per student: the "
        "mark you give (or the word absent), and the student number or e-mail. Nobody else sees this file; a "
        "mark counts once somebody else has given one that agrees."
    )

    def refuse_at_all(self, subject: Subject) -> None:
        sitting = subject.record
        require_permitted(sitting.cohort.institution, PartnerAct.RECORD_RESULTS, actor=acting())
        refuse_before_the_day(sitting)
        refuse_held_day(sitting.cohort.institution_id, sitting.held_on)
        if not sitting.is_marked_twice:
            raise DomainError(_("One person marks this sitting. Upload its results instead."))

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> MarksChecker:
        return MarksChecker(subject.record, columns, acting())

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_marks(subject.record, upload.uploaded_by or OFFICE, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        said = ngettext(
            "The marks of %(num)s student are given.",
            "The marks of %(num)s students are given.",
            upload.rows_kept,
        )
        return f"{said} {_('The page of the sitting shows which of them stand.')}"


MARKS = register(MarksKind())


def kind_for(sitting: Sitting) -> ResultsKind:
    """What a file for this sitting holds: its results, or the marks of one of two."""
    return MARKS if sitting.is_marked_twice else RESULTS  # type: ignore[return-value]


def keep_marks(sitting: Sitting, marker: Viewer, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Give the marks by the rules of the grid; a row that cannot be kept by now is handed back."""
    wanted, kept = still_to_write(rows, lambda: MarksChecker(sitting, {}, marker), is_fresh=is_fresh)
    by_person = {row.known: row for row in wanted}
    before = {
        person_id: (one.first_mark, one.second_by_id)
        for person_id, one in double_marks_of(sitting, by_person).items()
    }
    for row in _give(sitting, marker, by_person):
        kept.late.append(row)
        del by_person[row.known]
    kept.made.append(_results_made(sitting, by_person))
    made = []
    for person_id, one in double_marks_of(sitting, by_person).items():
        if person_id not in before:
            made.append((one.id, person_id, str(one.first_mark), one.state.value))
        elif before[person_id] != (one.first_mark, one.second_by_id):
            kept.changes.append(
                (DOUBLES, one.id, "first_mark", str(before[person_id][0]), str(one.first_mark))
            )
    kept.made.append(Made(DOUBLES, ("person_id", "first_mark", "state"), made))
    kept.new, kept.changed = len(by_person), len(by_person)
    return kept


def _give(sitting: Sitting, marker: Viewer, rows: Mapping[int, Checked]) -> list[Checked]:
    """Record the rows; returns those that were refused after all, and why."""
    desk, late = Desk.of(marker, sitting, list(rows)), []
    entries: dict[int, Entry] = {person_id: entry_of(row, desk) for person_id, row in rows.items()}
    try:
        record_marks(viewer=marker, sitting=sitting, entries=entries)
    except MarksRefused as error:
        late = [refused(rows[key], "", "", one.sentence) for key, one in error.problems.items()]
        left = {key: entry for key, entry in entries.items() if key not in error.problems}
        record_marks(viewer=marker, sitting=sitting, entries=left)
    db.session.flush()
    return late


def _results_made(sitting: Sitting, person_ids: Collection[int]) -> Made:
    """The results that these rows became: absences, and marks on which two agree."""
    told = [
        (one.id, key, None if one.mark is None else str(one.mark), one.outcome.value)
        for key, one in results_of(sitting, list(person_ids)).items()
    ]
    return Made("results", ("person_id", "mark", "outcome"), told)


@depends_on(DOUBLES, DOUBLES, changed_too=True)
def people_marked_twice(double_mark_ids: list[int]) -> Sequence[int]:
    """Whose two marks are in: from then on both markers may see them, so neither is taken back."""
    both = one_of(DoubleMark.id, double_mark_ids), DoubleMark.second_by_id.is_not(None)
    return db.session.scalars(select(DoubleMark.person_id).where(*both)).all()
