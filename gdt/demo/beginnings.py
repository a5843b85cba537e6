"""How the demo's records came to be, as their histories tell it: registered, signed, opened, scheduled."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from gdt.access import Viewer
from gdt.audit import AuditEvent
from gdt.database import Model, db
from gdt.demo.network import Network, moment
from gdt.exams.models import Exam, Result, Sitting
from gdt.filters import day as written
from gdt.filters import ngettext, period
from gdt.partners.models import Agreement, Institution
from gdt.training.curriculum.models import CourseVersion, ModuleVersion
from gdt.training.models import Cohort, Enrolment, TeacherTraining

PLANNED_BEFORE, OPENED_BEFORE, SCHEDULED_BEFORE = timedelta(60), timedelta(12), timedelta(14)


class Act(NamedTuple):
    """What somebody did on a day: a verb of the office, the record, a sentence, the place it belongs to."""

    day: date
    actor: Viewer
    action: str
    subject: Model
    summary: str
    institution_id: int | None = None


def add_beginnings(network: Network) -> None:
    """Write what was done, in the order in which it was done; the trail seals it with all that follows."""
    found = [*_partners(network), *_curriculum(network), *_teaching(network), *_exams(network)]
    past = sorted((act for act in found if act.day <= network.today), key=lambda act: act.day)
    db.session.add_all([_event(act) for act in past])
    db.session.flush()


def _event(act: Act) -> AuditEvent:
    return AuditEvent(
        happened_at=moment(act.day, 7),
        actor_id=act.actor.id,
        actor_name=act.actor.name,
        action=act.action,
        subject_kind=act.subject.__tablename__,
        subject_id=act.subject.id,
        subject_name=str(act.subject),
        institution_id=act.institution_id,
        summary=act.summary,
    )


def _partners(network: Network) -> Iterator[Act]:
    office = network.officer
    for one in db.session.scalars(select(Institution).where(Institution.joined_on.is_not(None))):
        said = f"Registered {one.name}"
        yield Act(one.joined_on or network.today, office, "registered", one, said, one.id)
    for term in db.session.scalars(select(Agreement)):
        years = period(term.starts_on, term.ends_on)
        said = f"Recorded the {term.kind.value} of {term.institution.name} for {years}"
        yield Act(term.signed_on, office, "signed", term, said, term.institution_id)


def _curriculum(network: Network) -> Iterator[Act]:
    versions = [*db.session.scalars(select(ModuleVersion)), *db.session.scalars(select(CourseVersion))]
    for one in versions:
        if one.taught_from is not None:
            said = f"Published version {one.label}, taught from {written(one.taught_from)}."
            yield Act(one.taught_from - PLANNED_BEFORE, network.officer, "published", one.item, said)


def _teaching(network: Network) -> Iterator[Act]:
    for training in db.session.scalars(select(TeacherTraining)):
        said = f"Planned the training {training.title}."
        yield Act(training.starts_on - PLANNED_BEFORE, network.officer, "opened", training, said)
    completed = _by(Enrolment.cohort_id, Enrolment.completed_on)
    for cohort in db.session.scalars(select(Cohort)):
        who, place = _who(network, cohort), cohort.institution_id
        said = f"Opened the cohort {cohort.code}."
        yield Act(cohort.starts_on - OPENED_BEFORE, who, "opened", cohort, said, place)
        if cohort.id in completed:
            count, day = completed[cohort.id]
            said = ngettext("Marked %(num)s student completed.", "Marked %(num)s students completed.", count)
            yield Act(day, who, "completed", cohort, said, place)


def _exams(network: Network) -> Iterator[Act]:
    recorded = _by(Result.sitting_id, Result.recorded_at)
    first: dict[int, date] = {}
    for sitting in db.session.scalars(select(Sitting).order_by(Sitting.held_on)):
        first.setdefault(sitting.exam_id, sitting.held_on)
        who, place = _who(network, sitting.cohort), sitting.cohort.institution_id
        said = f"Scheduled “{sitting.exam.title}” for {written(sitting.held_on)}"
        yield Act(sitting.held_on - SCHEDULED_BEFORE, who, "scheduled", sitting, said, place)
        if sitting.id in recorded:
            count, at = recorded[sitting.id]
            said = ngettext("Recorded %(num)s result", "Recorded %(num)s results", count)
            yield Act(at.date(), who, "recorded", sitting, said, place)
    for exam in db.session.scalars(select(Exam).where(Exam.id.in_(first))):
        said = f"Set the exam “{exam.title}”"
        yield Act(first[exam.id] - PLANNED_BEFORE, network.officer, "set", exam, said)


def _by(key: Any, day: Any) -> dict[int, tuple[int, Any]]:
    """How many rows of each have the day, and the last of their days."""
    rows = db.session.execute(select(key, func.count(), func.max(day)).where(day.is_not(None)).group_by(key))
    return {row[0]: (row[1], row[2]) for row in rows}


def _who(network: Network, cohort: Cohort) -> Viewer:
    """The coordinator, where one can sign in as her; the office entered what the others sent."""
    return network.coordinators.get(cohort.institution_id, network.officer)
