"""Which record a file is about, by the code a program names: the same kinds as on the pages and commands."""

from collections.abc import Callable
from typing import Final

from flask import abort

from gdt.access import Viewer, may
from gdt.events import attendance_kind
from gdt.events.queries import get_event
from gdt.exams import marks_kind, results_kind
from gdt.exams.queries import get_sitting
from gdt.impact import targets_kind
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.partners import institutions_kind
from gdt.partners.queries import get_institution
from gdt.training import headcounts_kind, progress_kind, roster_kind, teachers_kind
from gdt.training.queries import get_cohort


def _network(viewer: Viewer, _code: str) -> Subject:
    return institutions_kind.INSTITUTIONS.subject(viewer, 0)


def _targets(viewer: Viewer, _code: str) -> Subject:
    return targets_kind.TARGETS.subject(viewer, 0)


SUBJECTS: Final[dict[str, Callable[[Viewer, str], Subject]]] = {
    "roster": lambda viewer, code: roster_kind.subject_of(get_cohort(viewer, code)),
    "progress": lambda viewer, code: progress_kind.subject_of(get_cohort(viewer, code)),
    "results": lambda viewer, code: results_kind.subject_of(get_sitting(viewer, code)),
    marks_kind.MARKS.name: lambda viewer, code: results_kind.subject_of(get_sitting(viewer, code)),
    attendance_kind.ATTENDANCE.name: lambda _viewer, code: attendance_kind.subject_of(get_event(code)),
    "teachers": lambda viewer, code: teachers_kind.subject_of(get_institution(viewer, code)),
    "headcounts": lambda viewer, code: headcounts_kind.subject_of(get_institution(viewer, code)),
    "institutions": _network,
    "targets": _targets,
}


def subject_named(viewer: Viewer, kind_name: str, code: str) -> tuple[Kind, Subject]:
    """The kind and the record, if the viewer may hand in such a file and sees the record."""
    kind = kind_of(kind_name)
    if not may(viewer, kind.permission):
        abort(403)
    return kind, SUBJECTS[kind_name](viewer, code)
