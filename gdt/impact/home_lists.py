"""What a person has to do by her role, in the order of the days: the same on her home page and by mail."""

from collections.abc import Callable, Iterable
from datetime import date

from gdt.access import Role, Viewer
from gdt.impact.home_steps import Step, in_order, steps_of_others
from gdt.impact.office_steps import administrator_steps, office_steps
from gdt.impact.partner_steps import partner_steps
from gdt.impact.teacher_steps import teacher_steps

_STEPS: dict[Role, Callable[[Viewer, date], Iterable[Step]]] = {
    Role.COORDINATOR: partner_steps,
    Role.TEACHER: teacher_steps,
    Role.OFFICER: office_steps,
    Role.LEADER: steps_of_others,
    Role.ADMINISTRATOR: administrator_steps,
}


def list_steps(viewer: Viewer, today: date) -> list[Step]:
    """What needs doing, the late ones first; nothing for a role that has no work here."""
    steps_of = _STEPS.get(viewer.role)
    return in_order(steps_of(viewer, today), today) if steps_of else []
