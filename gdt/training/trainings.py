"""Teacher trainings: planning one, and who takes part."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.filters import day as in_words
from gdt.filters import ngettext
from gdt.partners.models import Institution
from gdt.people.models import AffiliationRole
from gdt.people.services import PersonFacts, register_person
from gdt.training.curriculum.teaching_days import refuse_not_taught
from gdt.training.models import Mode, TeacherTraining
from gdt.training.queries import list_modules, list_teachers
from gdt.training.taking_part.seating import seat
from gdt.training.training_queries import list_training_codes, trainings

TRIES = 5


@dataclass(frozen=True)
class TrainingPlan:
    """What is typed about a training."""

    title: str
    starts_on: date
    ends_on: date
    mode: Mode
    trainers: str
    module_ids: frozenset[int]


def open_training(*, actor: Viewer, plan: TrainingPlan, host: Institution | None) -> TeacherTraining:
    """Plan a training; a second click returns the one the first click planned."""
    if plan.ends_on < plan.starts_on:
        raise DomainError(
            _(
                "The training ends on %(end)s, before it starts on %(start)s. Correct one of the two days.",
                end=in_words(plan.ends_on),
                start=in_words(plan.starts_on),
            ),
            "ends_on",
        )
    modules = [module for module in list_modules() if module.id in plan.module_ids]
    if not modules:
        raise DomainError(_("Choose at least one module."), "modules")
    refuse_not_taught(modules, plan.starts_on)
    for attempt in range(1, TRIES + 1):
        if twin := _find_twin(plan):
            return twin
        training = TeacherTraining(code=_next_code(plan.starts_on.year), host=host, modules=modules)
        for column in ("title", "starts_on", "ends_on", "mode", "trainers"):
            setattr(training, column, getattr(plan, column))
        if _is_kept(training, is_last_try=attempt == TRIES):
            break
    audit.record(actor, "opened", training, _("Planned the training %(title)s.", title=training))
    return training


def _is_kept(training: TeacherTraining, *, is_last_try: bool) -> bool:
    """Whether the code was still free: two people may plan at once, and the constraint is the judge."""
    try:
        with db.session.begin_nested():
            db.session.add(training)
    except IntegrityError:
        if is_last_try:
            raise
        return False
    return True


def _find_twin(plan: TrainingPlan) -> TeacherTraining | None:
    return db.session.scalar(
        trainings().where(
            TeacherTraining.title == plan.title,
            TeacherTraining.starts_on == plan.starts_on,
            TeacherTraining.ends_on == plan.ends_on,
        )
    )


def _next_code(year: int) -> str:
    beginning = f"tt-{year}-"
    taken = [code.removeprefix(beginning) for code in list_training_codes() if code.startswith(beginning)]
    serial = 1 + max((int(number) for number in taken if number.isdecimal()), default=0)
    return f"{beginning}{serial:03d}"


def add_teachers(
    *,
    actor: Viewer,
    training: TeacherTraining,
    institution: Institution,
    person_ids: Collection[int],
    may_wait: bool = False,
) -> int:
    """Let teachers of an institution take part, or wait where there is no place; returns how many are new."""
    chosen = [person for person in list_teachers(institution.id) if person.id in person_ids]
    if not chosen:
        raise DomainError(_("Choose teachers of %(place)s.", place=institution), "teachers")
    counts = seat(actor=actor, training=training, institution=institution, people=chosen, may_wait=may_wait)
    if sum(counts):
        summary = ngettext(
            "Added %(num)s teacher of %(place)s.",
            "Added %(num)s teachers of %(place)s.",
            sum(counts),
            place=institution,
        )
        audit.record(actor, "added", training, summary, institution_id=institution.id)
    return sum(counts)


def add_new_teacher(
    *,
    actor: Viewer,
    training: TeacherTraining,
    institution: Institution,
    facts: PersonFacts,
    may_wait: bool = False,
) -> None:
    """Enter a teacher who is typed, or find her by number or e-mail, and let her take part, or wait."""
    person, _was_known = register_person(
        actor=actor,
        institution=institution,
        role=AffiliationRole.TEACHER,
        facts=facts,
        from_on=training.starts_on,
    )
    counts = seat(actor=actor, training=training, institution=institution, people=[person], may_wait=may_wait)
    if not sum(counts):
        raise DomainError(
            _("%(name)s takes part already, so nothing was added.", name=person), "printed_name"
        )
    audit.record(
        actor,
        "added",
        training,
        _("Added %(name)s of %(place)s.", name=person, place=institution),
        institution_id=institution.id,
    )
