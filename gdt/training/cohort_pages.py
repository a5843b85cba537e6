"""What the page of a cohort shows: its students as they stand or as they were typed, and what to do next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt.access import Permission
from gdt.database import now
from gdt.filters import ngettext
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import list_uploads
from gdt.people.models import AffiliationRole
from gdt.training.completion import Entry, shown
from gdt.training.enrolment_queries import list_own_numbers
from gdt.training.models import Cohort, CohortStage, Enrolment, EnrolmentState
from gdt.training.queries import count_students

_P = Permission
DRAWN = re.compile(r"w([0-9]{1,9})")  # the field that says what a line showed when it was drawn


@dataclass(frozen=True)
class StudentLine:
    """One line of the table of students."""

    enrolment: Enrolment
    own_number: str
    attendance: str
    state: str
    was: str
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """What needs doing now: a sentence, the place to do it, the word on the button, and who may."""

    sentence: str
    endpoint: str
    action: str
    values: Mapping[str, object]
    permission: Permission = Permission.COHORTS_MANAGE


def student_lines(
    cohort: Cohort, enrolments: Sequence[Enrolment], typed: Mapping[int, Entry], reasons: Mapping[int, str]
) -> list[StudentLine]:
    """The lines of a page, with what was typed where something was."""
    numbers = list_own_numbers(
        cohort.institution_id, AffiliationRole.STUDENT, [enrolment.person_id for enrolment in enrolments]
    )
    return [
        _line(enrolment, numbers.get(enrolment.person_id, ""), typed.get(enrolment.id), reasons)
        for enrolment in enrolments
    ]


def _line(enrolment: Enrolment, number: str, entry: Entry | None, reasons: Mapping[int, str]) -> StudentLine:
    was = shown(enrolment)
    state, attendance = (entry.state, entry.attendance) if entry else was.split(":")
    reason = reasons.get(enrolment.id, "")
    return StudentLine(enrolment, number, attendance, state, entry.was if entry else was, reason)


def typed_entries(form: Mapping[str, str]) -> dict[int, Entry]:
    """The lines of a sent page by enrolment: fields `a<id>` attendance, `s<id>` state, `w<id>` as drawn."""
    ids = [int(found[1]) for name in form if (found := DRAWN.fullmatch(name))]
    return {i: Entry(i, form.get(f"a{i}", ""), form.get(f"s{i}", ""), form.get(f"w{i}", "")) for i in ids}


def student_counts(cohort: Cohort) -> dict[EnrolmentState, int]:
    counts = count_students([cohort.id]).get(cohort.id, {})
    return {state: counts.get(state, 0) for state in EnrolmentState}


def next_step(cohort: Cohort, counts: Mapping[EnrolmentState, int]) -> Step | None:
    """The one thing this cohort waits for, or None when it waits for nobody here."""
    upload = next(iter(list_uploads("roster", cohort.id, limit=1)), None)
    if upload is not None and upload.state in {UploadState.ASKING, UploadState.CHECKED, UploadState.KEEPING}:
        return _upload_step(upload)
    code = {"code": cohort.code}
    if not sum(counts.values()):
        sentence = _("Nobody is in this cohort yet. Upload its roster, or add students one by one.")
        return Step(sentence, "training.upload_roster", _("Upload the roster"), code)
    enrolled = counts[EnrolmentState.ENROLLED]
    if enrolled and cohort.stage(now().date()) is CohortStage.ENDED:
        sentence = ngettext(
            "The cohort has ended, and %(num)s student is still marked enrolled.",
            "The cohort has ended, and %(num)s students are still marked enrolled.",
            enrolled,
        )
        return Step(sentence, "training.cohort_students", _("Mark who completed"), code, _P.ATTENDANCE_RECORD)
    if counts[EnrolmentState.COMPLETED] and not enrolled:
        sentence = _("Everyone has completed or withdrawn. Enter the exam results if they are not in yet.")
        return Step(sentence, "exams.cohort_exams", _("Exams"), code, _P.RESULTS_RECORD)
    return None


def _upload_step(upload: Upload) -> Step:
    values = {"upload_id": upload.id}
    if upload.state is UploadState.KEEPING:
        sentence = _("The roster “%(file)s” is being kept.", file=upload)
        return Step(sentence, "imports.upload", _("See how far it is"), values)
    sentence = _("The roster “%(file)s” is checked and waits for your word.", file=upload)
    return Step(sentence, "imports.upload", _("Check it"), values)


def completion_day(cohort: Cohort) -> date:
    """The day that is offered for completion: the last one, or today if that is still to come."""
    return min(cohort.ends_on, now().date())
