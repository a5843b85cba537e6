"""What a course's exams ask, told to the pages of the curriculum in sentences."""

from flask_babel import gettext as _

from gdt.exams.grading import written
from gdt.exams.models import Exam
from gdt.exams.queries import list_exams_of
from gdt.filters import ngettext
from gdt.training.curriculum.exam_rules import tells_exam_rules
from gdt.training.models import Course


@tells_exam_rules
def rules_of(course: Course) -> list[str]:
    """One sentence for each exam of the course."""
    return [_rule(exam) for exam in list_exams_of(course.id)]


def _rule(exam: Exam) -> str:
    marks = _(
        "%(title)s: %(pass_mark)s of %(maximum)s marks pass.",
        title=exam.title,
        pass_mark=written(exam.pass_mark),
        maximum=written(exam.maximum_mark),
    )
    if exam.asks_second_mark:
        marks = f"{marks} {_('Two people mark it.')}"
    if exam.attempts_allowed == 1:
        return f"{marks} {_('One attempt.')}"
    attempts = ngettext("%(num)s attempt,", "%(num)s attempts,", exam.attempts_allowed)
    days = ngettext("%(num)s day apart.", "%(num)s days apart.", exam.resit_after_days)
    return f"{marks} {attempts} {days}"
