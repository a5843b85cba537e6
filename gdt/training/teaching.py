"""Who may teach what, and until when: the rules about qualifications, as plain values."""

from calendar import isleap
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

QUALIFICATION_YEARS = 3
EXPIRES_SOON = timedelta(days=180)


class Shortfall(NamedTuple):
    """Why the chosen teachers cannot teach the chosen modules; `teacher` is empty when none of them can."""

    teacher: str
    teachers: str
    modules: str


def valid_until(valid_from: date) -> date:
    """The last day of a qualification: the day before it began, three years on."""
    year = valid_from.year + QUALIFICATION_YEARS
    is_leap_day = (valid_from.month, valid_from.day) == (2, 29) and not isleap(year)
    anniversary = date(year, 3, 1) if is_leap_day else valid_from.replace(year=year)
    return anniversary - timedelta(days=1)


def find_shortfall(
    teachers: Mapping[int, str], modules: Mapping[int, str], qualified: Mapping[int, Collection[int]]
) -> Shortfall | None:
    """The first gap between teachers and modules (names by id), or None.

    `qualified` are the module ids each teacher may teach. A teacher must be qualified for one module at
    least, and each module by one teacher at least: several may share a course between them.
    """
    names = ", ".join(teachers.values())
    for teacher_id, teacher in teachers.items():
        if not set(qualified.get(teacher_id, ())) & set(modules):
            return Shortfall(teacher, names, ", ".join(modules.values()))
    for module_id, module in modules.items():
        if not any(module_id in qualified.get(teacher_id, ()) for teacher_id in teachers):
            only = names if len(teachers) == 1 else ""
            return Shortfall(only, names, module)
    return None
