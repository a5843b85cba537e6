"""How the list of cohorts is narrowed and sorted by what stands in the address."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.facets import Group, facet
from gdt.partners.models import Institution
from gdt.training.models import Cohort, CohortStage, Course
from gdt.training.queries import CohortFilter, count_cohorts_by, list_cohort_years
from gdt.training.words import STAGES

COHORT_ORDERS: dict[str, list[Any]] = {
    "starts_on": [Cohort.starts_on, Cohort.id],
    "-starts_on": [Cohort.starts_on.desc(), Cohort.id.desc()],
    "code": [Cohort.code],
    "-code": [Cohort.code.desc()],
    "course": [Course.title, Cohort.id],
    "-course": [Course.title.desc(), Cohort.id],
    "institution": [Institution.name, Cohort.id],
    "-institution": [Institution.name.desc(), Cohort.id],
}


def cohort_filter(args: Mapping[str, str]) -> CohortFilter:
    """What the address narrows the list to; a value that makes no sense narrows nothing."""
    state = args.get("state", "")
    return CohortFilter(
        search=args.get("q", ""),
        institution_code=args.get("institution", ""),
        course_code=args.get("course", ""),
        year=year_of(args.get("year", "")),
        state=state if state in list(CohortStage) else "",
    )


def year_of(text: str) -> int | None:
    """The year an address names, or None where it names none."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and int(text) else None


def cohort_facets(viewer: Viewer) -> list[Group]:
    """The groups beside the list; a coordinator has one institution, so she is not asked for it."""
    groups = [
        facet(_("State"), "state", [(stage.value, STAGES[stage][0], None) for stage in CohortStage]),
        facet(_("Course"), "course", count_cohorts_by(viewer, Course.code, Course.title)),
        facet(_("Year"), "year", [(year, year, None) for year in list_cohort_years(viewer)]),
    ]
    if not viewer.role.is_of_one_institution:
        counts = count_cohorts_by(viewer, Institution.code, Institution.name)
        groups.append(facet(_("Institution"), "institution", counts))
    return groups
