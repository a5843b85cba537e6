"""What is planned for a cohort, as it is typed."""

from dataclasses import dataclass
from datetime import date

from gdt.training.models import Mode


@dataclass(frozen=True)
class CohortPlan:
    """How a cohort is taught: what may be typed when it is opened and corrected later."""

    module_ids: frozenset[int]
    teacher_ids: frozenset[int]
    term: str
    starts_on: date
    ends_on: date
    mode: Mode
    language: str
