"""People whose time is over: nothing of theirs has happened for as long as their country keeps data."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import selectinload

from gdt import audit
from gdt.access import Viewer
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams.models import Result
from gdt.partners.models import Country, Institution
from gdt.people.models import Affiliation, Person
from gdt.people.queries import visible_person
from gdt.privacy.country_rules import every_rule, keep_years
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.requests import ask_to_forget, erase_person
from gdt.privacy.retention_models import RetentionKind, RetentionRun
from gdt.training.models import (
    Cohort,
    CohortTeacher,
    Enrolment,
    Qualification,
    TeacherTraining,
    TrainingParticipant,
)

MOST_AT_ONCE = 50  # each is erased for itself, and the database rewritten after it
ORDER = [Person.created_at, Person.id]


def people_due(viewer: Viewer) -> Select[Person]:
    """The people of the list, before it is cut into pages; those who wait to be erased are left out."""
    waiting = select(ErasureRequest.person_id).where(
        ErasureRequest.state.in_([RequestState.OPEN, RequestState.ERASING])
    )
    return (
        select(Person)
        .where(
            visible_person(viewer),
            Person.erased_at.is_(None),
            Person.merged_into_id.is_(None),
            Person.id.not_in(waiting),
            or_(false(), *(_is_due(years) for years in _spans())),
        )
        .options(selectinload(Person.affiliations).joinedload(Affiliation.institution))
    )


def count_due(viewer: Viewer) -> int:
    return db.session.scalar(select(func.count()).select_from(people_due(viewer).subquery())) or 0


def _spans() -> list[int]:
    """The different numbers of years that rules keep data."""
    return sorted({rule.keep_years for rule in every_rule().values()} | {keep_years(None)})


def _is_due(years: int) -> ColumnElement[bool]:
    """Whom this span holds for, the longest of her places, and for whom nothing is younger than it."""
    day = _years_ago(now().date(), years)
    moment = datetime.combine(day, time(), UTC)
    return and_(_is_kept_for(years), Person.created_at < moment, ~_anything_since(day, moment))


def _is_kept_for(years: int) -> ColumnElement[bool]:
    longer = [code for code, rule in every_rule().items() if rule.keep_years > years]
    shorter = [code for code, rule in every_rule().items() if rule.keep_years < years]
    return and_(~_is_at(Country.code.in_(longer)), or_(_is_at(Country.code.not_in(shorter)), ~_is_at()))


def _is_at(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Affiliation.person_id == Person.id,
        Institution.id == Affiliation.institution_id,
        Country.id == Institution.country_id,
        *conditions,
    )


def _anything_since(day: date, moment: datetime) -> ColumnElement[bool]:
    of_her = Person.id
    running = and_(Cohort.id == Enrolment.cohort_id, or_(_goes_on(day), Enrolment.completed_on >= day))
    still_valid = or_(Certificate.issued_on >= day, Certificate.valid_until >= day)
    return or_(
        exists().where(Enrolment.person_id == of_her, running),
        exists().where(
            CohortTeacher.person_id == of_her, Cohort.id == CohortTeacher.cohort_id, _goes_on(day)
        ),
        exists().where(
            TrainingParticipant.person_id == of_her,
            TeacherTraining.id == TrainingParticipant.training_id,
            TeacherTraining.ends_on >= day,
        ),
        exists().where(Result.person_id == of_her, Result.recorded_at >= moment),
        exists().where(Qualification.person_id == of_her, Qualification.valid_until >= day),
        exists().where(Certificate.person_id == of_her, still_valid),
    )


def _goes_on(day: date) -> ColumnElement[bool]:
    return Cohort.ends_on >= day


def _years_ago(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)


def erase_due(*, actor: Viewer, count: int) -> Sequence[ErasureRequest]:
    """Erase the first of the list, so many as were shown; their certificates stay as numbers.

    Raises DomainError when the list is no longer the one that was looked at.
    """
    total = count_due(actor)
    if total != count or not total:
        one, many = "It is %(num)s person now. Look again.", "They are %(num)s people now. Look again."
        raise DomainError(ngettext(one, many, total))
    people = db.session.scalars(people_due(actor).order_by(*ORDER).limit(MOST_AT_ONCE)).all()
    made = []
    for person in people:
        request = ask_to_forget(actor=actor, person=person, words="-", asked_by=AskedBy.RETENTION)
        db.session.flush()
        erase_person(actor=actor, request=request, outcome=Outcome.NUMBER, wait_seconds=0)
        made.append(request)
    run = RetentionRun(kind=RetentionKind.PEOPLE, went=len(made), confirmed_by_name=actor.name)
    db.session.add(run)
    audit.record(actor, "confirmed", run, f"Confirmed that the time of {len(made)} people is over")
    return made
