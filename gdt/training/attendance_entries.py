"""The lines of a sheet of attendance alone: what was typed for each student, or one figure for all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdt.training.cohort_pages import DRAWN
from gdt.training.completion import Entry, shown
from gdt.training.models import Enrolment


@dataclass(frozen=True)
class AttendanceLine:
    """A student, what stands in her field, what the page showed when it was drawn, and what is wrong."""

    enrolment: Enrolment
    own_number: str
    attendance: str
    was: str
    reason: str = ""


def attendance_entries(form: Mapping[str, str], others: str) -> list[Entry]:
    """The lines of a sent page: fields `a<id>` in per cent, `w<id>` as drawn; an empty one gets `others`."""
    ids = [int(found[1]) for name in form if (found := DRAWN.fullmatch(name))]
    return [_entry(i, form.get(f"a{i}", "").strip() or others.strip(), form[f"w{i}"]) for i in ids]


def _entry(enrolment_id: int, attendance: str, was: str) -> Entry:
    return Entry(enrolment_id, attendance, was.partition(":")[0], was)


def attendance_lines(
    enrolments: Sequence[Enrolment],
    numbers: Mapping[int, str],
    form: Mapping[str, str],
    reasons: Mapping[int, str],
) -> list[AttendanceLine]:
    """The lines of a page: as the register has them, or as they were typed."""
    lines = []
    for one in enrolments:
        was = form.get(f"w{one.id}", shown(one))
        typed = form.get(f"a{one.id}", shown(one).partition(":")[2])
        number = numbers.get(one.person_id, "")
        lines.append(AttendanceLine(one, number, typed, was, reasons.get(one.id, "")))
    return lines
