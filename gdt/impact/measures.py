"""The catalogue of measures: what each number counts, in words anyone can check, and what adds to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from flask_babel import lazy_gettext as _

from gdt.errors import RecordNotFound
from gdt.training.models import HeadcountMeasure

Counts = Literal["facts", "people", "newcomers"]


class ProjectMeasure(StrEnum):
    """What community projects tell: verified once the office counted them, claimed before."""

    PROJECTS = "projects"
    PEOPLE_HELPED = "people helped"


@dataclass(frozen=True)
class Measure:
    """One number of the programme.

    `fact` names the facts it counts; `counts` what of them: the facts themselves, their people (each once
    per scope), or the newcomers (people in the year of their first). `rows` says in words which records are
    those facts. `headcount` is the reported number that adds to it once the office verified it.
    """

    key: str
    fact: str
    counts: Counts
    name: Any
    unit: Any
    definition: Any
    rows: Any
    dated_by: Any
    headcount: HeadcountMeasure | None = None
    told_by: ProjectMeasure | None = None

    @property
    def is_distinct(self) -> bool:
        """Whether it counts people (or places) once in each scope."""
        return self.counts != "facts"

    @property
    def is_of_people(self) -> bool:
        """Whether somebody's gender can be said of what it counts."""
        return self.fact != "presence"

    @property
    def slug(self) -> str:
        """The measure's place in an address."""
        return self.key.replace("_", "-")

    @property
    def made_of(self) -> Any:
        """How much of it is recorded by name, verified and claimed."""
        if self.headcount is not None:
            return _(
                "Recorded: the rows, by name. Verified: headcounts the office put its name to, added to the"
                " total. Claimed: headcounts not verified yet, beside the total and never in it."
            )
        if self.told_by is not None:
            return _(
                "Verified: community projects the office looked at and counted. Claimed: those it has not"
                " answered yet, beside the total and never in it."
            )
        if self.fact == "presence":
            return _("Recorded alone: agreements, cohorts and verified headcounts.")
        return _("Recorded alone: a headcount cannot report it.")

    @property
    def by_gender(self) -> Any:
        """What a split by gender counts, and where it is not told."""
        if not self.is_of_people:
            return _("Places have no gender.")
        return _(
            "As people said it of themselves; headcounts and certificates of institutions are “not given”."
            " Documents tell it only where each group is empty or has at least five people."
        )


MEASURES = (
    Measure(
        "teachers_certified",
        "teacher_certificates",
        "newcomers",
        _("Teachers certified"),
        _("people"),
        _(
            "People who were given a teacher certificate that still stands, each counted once, in the year"
            " of her first in the place and module chosen: a renewal certifies nobody anew. A revoked"
            " certificate does not count; a replaced one keeps the day of its first edition."
        ),
        _("The first edition of every teacher certificate whose last edition is not revoked."),
        _("the day the person’s first such certificate was issued"),
        HeadcountMeasure.TEACHERS_CERTIFIED,
    ),
    Measure(
        "students_trained",
        "completions",
        "people",
        _("Students trained"),
        _("people"),
        _("People who completed at least one cohort, each counted once however many they completed."),
        _("The people of all enrolments with a day of completion; merged records are one person."),
        _("the day the cohort was completed"),
        HeadcountMeasure.STUDENTS_TRAINED,
    ),
    Measure(
        "completions",
        "completions",
        "facts",
        _("Completions"),
        _("enrolments"),
        _(
            "Enrolments that ended in completion: a person who completed two cohorts counts twice. Someone"
            " reported in a headcount counts as one completion."
        ),
        _("Every enrolment with a day of completion."),
        _("the day the cohort was completed"),
        HeadcountMeasure.STUDENTS_TRAINED,
    ),
    Measure(
        "exams_taken",
        "exams_taken",
        "facts",
        _("Exams taken"),
        _("results"),
        _("Exam results that are not absences: every attempt counts."),
        _("Every result that is passed or failed, where the cohort of the sitting is."),
        _("the day of the sitting"),
        HeadcountMeasure.EXAMS_TAKEN,
    ),
    Measure(
        "exams_passed",
        "exams_passed",
        "people",
        _("Exams passed"),
        _("people and exams"),
        _("Exams that people passed: a person counts once for each exam, however many attempts it took."),
        _("Every pair of a person and an exam with a passed result."),
        _("the day of the sitting"),
        HeadcountMeasure.EXAMS_PASSED,
    ),
    Measure(
        "certificates_issued",
        "certificates",
        "facts",
        _("Certificates issued"),
        _("certificates"),
        _(
            "Certificates of every kind that still stand, expired ones and renewals included. A revoked"
            " certificate does not count; a replaced one counts once, on the day of the first."
        ),
        _("The first edition of every certificate whose last edition is not revoked."),
        _("the day the certificate was first issued"),
    ),
    Measure(
        "institutions",
        "presence",
        "people",
        _("Institutions"),
        _("institutions"),
        _(
            "Institutions that had an agreement in force, a cohort running or a verified headcount. With a"
            " module chosen, only those where that module was taught."
        ),
        _("Every institution with a day of such an agreement or cohort in the year, or such a headcount."),
        _("any day of the year, up to today"),
    ),
    Measure(
        "countries",
        "presence",
        "people",
        _("Countries"),
        _("countries"),
        _("Countries of the institutions counted."),
        _("Every country in which one of these institutions stands today."),
        _("any day of the year, up to today"),
    ),
    Measure(
        "projects",
        "presence",
        "facts",
        _("Community projects"),
        _("projects"),
        _("Community projects and digital villages that the office looked at and counted."),
        _("Every project that is counted, at the institution that wrote it; a project teaches no module."),
        _("the day the project began"),
        told_by=ProjectMeasure.PROJECTS,
    ),
    Measure(
        "people_helped",
        "presence",
        "facts",
        _("People helped"),
        _("people"),
        _("People outside the institutions for whom community projects were done, as each project says."),
        _(
            "The number of people helped of every project that is counted; nobody is named, so two projects"
            " may have helped the same people."
        ),
        _("the day the project began"),
        told_by=ProjectMeasure.PEOPLE_HELPED,
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}

KEY_FIGURES = tuple(
    BY_KEY[key]
    for key in (
        "teachers_certified",
        "students_trained",
        "exams_passed",
        "certificates_issued",
        "institutions",
        "countries",
    )
)
COUNTED_IN_TABLES = tuple(measure for measure in MEASURES if measure.fact != "presence")
PRESENCE = tuple(measure for measure in MEASURES if measure.fact == "presence")


def get_measure(slug: str, gender: str | None = None, term: str | None = None) -> Measure:
    """The measure at this place of an address; raises RecordNotFound, as for places by gender or term."""
    measure = BY_KEY.get(slug.replace("-", "_"))
    if measure is None or measure.slug != slug or ((gender or term) and not measure.is_of_people):
        raise RecordNotFound
    return measure


def definitions() -> list[dict[str, str]]:
    """The whole catalogue as plain words, the same for every page, file and command that shows it."""
    return [
        {
            "measure": measure.key,
            "name": str(measure.name),
            "unit": str(measure.unit),
            "definition": str(measure.definition),
            "rows": str(measure.rows),
            "year": str(measure.dated_by),
            "made_of": str(measure.made_of),
            "by_gender": str(measure.by_gender),
        }
        for measure in MEASURES
    ]
