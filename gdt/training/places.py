"""Where a list of people leads: into a cohort as its students, or to an institution as its teachers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gdt.database import now
from gdt.partners.models import Institution
from gdt.people.matching import Known
from gdt.people.models import AffiliationRole
from gdt.training.enrolment_queries import (
    has_members,
    list_affiliated_ids,
    list_affiliated_named,
    list_member_ids,
    list_members_named,
)
from gdt.training.models import Cohort

NameKey = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """The institution and role people get, from which day, and the cohort they are enrolled in, if any."""

    institution_id: int
    role: AffiliationRole
    from_on: date
    cohort: Cohort | None = None

    def is_empty(self) -> bool:
        """Whether it is a cohort that nobody is in yet."""
        return self.cohort is not None and not has_members(self.cohort)

    def members(self, person_ids: Collection[int]) -> set[int]:
        """Those of the people who are here already."""
        if self.cohort is not None:
            return list_member_ids(self.cohort, person_ids)
        return list_affiliated_ids(self.institution_id, self.role, person_ids)

    def named(self, names: Collection[str]) -> dict[NameKey, list[Known]]:
        """Those who are here under one of the names, by printed and native name, in order of entry."""
        if self.cohort is not None:
            return list_members_named(self.cohort, names)
        found: dict[NameKey, list[Known]] = defaultdict(list)
        for known in list_affiliated_named(self.institution_id, self.role, names):
            found[(known.printed_name, known.native_name or "")].append(known)
        return found


def students_of(cohort: Cohort) -> Place:
    return Place(cohort.institution_id, AffiliationRole.STUDENT, cohort.starts_on, cohort)


def teachers_of(institution: Institution) -> Place:
    return Place(institution.id, AffiliationRole.TEACHER, now().date())
