"""What the exam of a course asks, in sentences told by the part above that keeps exams."""

from collections.abc import Callable

from gdt.training.models import Course

Teller = Callable[[Course], list[str]]
_tellers: list[Teller] = []


def tells_exam_rules(teller: Teller) -> Teller:
    """Register who tells the rules of a course's exams."""
    _tellers.append(teller)
    return teller


def exam_rules_of(course: Course) -> list[str]:
    """The rules as they stand now."""
    return [sentence for teller in _tellers for sentence in teller(course)]
