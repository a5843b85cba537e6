"""Cohorts: opening and correcting one, entering a student, recording attendance and completion."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.filters import day as in_words
from gdt.partners.models import Institution
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.partners.queries import find_institution
from gdt.people.models import AffiliationRole, Person
from gdt.people.services import PersonFacts, register_person
from gdt.training.curriculum.queries import modules_on, versions_on
from gdt.training.curriculum.teaching_days import refuse_not_taught
from gdt.training.enrolment_queries import list_member_ids
from gdt.training.models import Cohort, Course, Enrolment, Module
from gdt.training.plans import CohortPlan
from gdt.training.queries import (
    find_course,
    list_cohort_codes,
    list_fresh_cohorts,
    list_teachers,
    lock_institution,
)
from gdt.training.who_may_teach import refuse_unqualified


def open_cohort(*, actor: Viewer, institution_code: str, course_code: str, plan: CohortPlan) -> Cohort:
    """Open a cohort at an institution; a second click returns the one the first click opened."""
    institution = find_institution(actor, institution_code)
    course = find_course(course_code)
    if institution is None:
        raise DomainError(_("Choose the institution that teaches."), "institution")
    if course is None:
        raise DomainError(_("Choose a course."), "course")
    lock_institution(institution)
    require_permitted(institution, PartnerAct.OPEN_COHORT, field="institution")
    modules, teachers = _check_plan(institution, course, plan)
    twin = _find_twin(institution, course, plan)
    if twin is not None:
        return twin
    cohort = Cohort(code=_next_code(institution, plan.starts_on.year), institution=institution, course=course)
    _apply(cohort, plan, modules, teachers)
    db.session.add(cohort)
    audit.record(
        actor,
        "opened",
        cohort,
        _("Opened the cohort %(code)s.", code=cohort.code),
        institution_id=institution.id,
    )
    return cohort


def correct_cohort(*, actor: Viewer, cohort: Cohort, plan: CohortPlan) -> Cohort:
    """Correct how a cohort is taught; its institution and its course stay what they are."""
    require_permitted(cohort.institution, PartnerAct.CHANGE_ROSTER, actor=actor)
    modules, teachers = _check_plan(cohort.institution, cohort.course, plan)
    before = _in_words(cohort)
    _apply(cohort, plan, modules, teachers)
    audit.record(
        actor,
        "corrected",
        cohort,
        _("Corrected the cohort %(code)s.", code=cohort.code),
        institution_id=cohort.institution_id,
        before=before,
        after=_in_words(cohort),
    )
    return cohort


def enrol_student(*, actor: Viewer, cohort: Cohort, facts: PersonFacts) -> tuple[Enrolment, bool]:
    """Put one student into a cohort; returns (enrolment, whether the register knew her already)."""
    require_permitted(cohort.institution, PartnerAct.CHANGE_ROSTER, actor=actor)
    person, was_known = register_person(
        actor=actor,
        institution=cohort.institution,
        role=AffiliationRole.STUDENT,
        facts=facts,
        from_on=cohort.starts_on,
    )
    if list_member_ids(cohort, {person.id}):
        raise DomainError(
            _("%(name)s is in this cohort already, so nothing was added.", name=person),
            "own_number" if facts.own_number else "email",
        )
    enrolment = Enrolment(cohort=cohort, person=person)
    db.session.add(enrolment)
    audit.record(
        actor,
        "enrolled",
        cohort,
        _("Added %(name)s by hand.", name=person),
        institution_id=cohort.institution_id,
    )
    return enrolment, was_known


def _check_plan(
    institution: Institution, course: Course, plan: CohortPlan
) -> tuple[list[Module], list[Person]]:
    if plan.ends_on < plan.starts_on:
        raise DomainError(
            _(
                "The cohort ends on %(end)s, before it starts on %(start)s. Correct one of the two days.",
                end=in_words(plan.ends_on),
                start=in_words(plan.starts_on),
            ),
            "ends_on",
        )
    modules = [module for module in modules_on(course, plan.starts_on) if module.id in plan.module_ids]
    if not modules or len(modules) < len(plan.module_ids):
        raise DomainError(_not_of_the_course(course, plan), "modules")
    refuse_not_taught(modules, plan.starts_on)
    teachers = [person for person in list_teachers(institution.id) if person.id in plan.teacher_ids]
    if not teachers or len(teachers) < len(plan.teacher_ids):
        raise DomainError(_("Choose teachers of %(place)s.", place=institution), "teachers")
    refuse_unqualified(teachers, modules, plan.starts_on)
    return modules, teachers


def _not_of_the_course(course: Course, plan: CohortPlan) -> str:
    version = versions_on([course], plan.starts_on).get(course.id)
    if version is None:
        return str(_("Choose modules of the course %(course)s.", course=course))
    return str(
        _(
            "Who begins %(course)s on %(day)s is taught version %(label)s: choose among %(modules)s.",
            course=course,
            day=in_words(plan.starts_on),
            label=version.label,
            modules=", ".join(module.title for module in version.modules),
        )
    )


def _find_twin(institution: Institution, course: Course, plan: CohortPlan) -> Cohort | None:
    wanted = (course.id, plan.term, plan.starts_on, plan.ends_on, plan.module_ids, plan.teacher_ids)
    return next((twin for twin in list_fresh_cohorts(institution.id) if _signature(twin) == wanted), None)


def _signature(cohort: Cohort) -> tuple[object, ...]:
    modules = frozenset(module.id for module in cohort.modules)
    teachers = frozenset(person.id for person in cohort.teachers)
    return (cohort.course_id, cohort.term, cohort.starts_on, cohort.ends_on, modules, teachers)


def _next_code(institution: Institution, year: int) -> str:
    """The next code of the institution's year; the institution's row is held, so no two take the same."""
    beginning = f"{institution.code}-{year}-"
    taken = [code.removeprefix(beginning) for code in list_cohort_codes(institution.id, beginning)]
    serial = 1 + max((int(number) for number in taken if number.isdecimal()), default=0)
    return f"{beginning}{serial:03d}"


def _apply(cohort: Cohort, plan: CohortPlan, modules: list[Module], teachers: list[Person]) -> None:
    cohort.modules, cohort.teachers = modules, teachers
    cohort.term, cohort.starts_on, cohort.ends_on = plan.term, plan.starts_on, plan.ends_on
    cohort.mode, cohort.language = plan.mode, plan.language


def _in_words(cohort: Cohort) -> dict[str, str]:
    return {
        "term": cohort.term,
        "dates": f"{cohort.starts_on} – {cohort.ends_on}",
        "mode": cohort.mode.value,
        "language": cohort.language,
        "modules": ", ".join(module.title for module in cohort.modules),
        "teachers": ", ".join(str(person) for person in cohort.teachers),
    }
