"""Reading what happened since a year was closed, by institution, and what the office wrote about it."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from gdt.audit import TOOK_OUT, AuditEvent
from gdt.certification.models import Certificate
from gdt.database import db
from gdt.exams.models import Result, Sitting
from gdt.impact.closed_models import ClosedYear, RestatementReason
from gdt.impact.frozen_figures import Facts, reported_rows
from gdt.impact.measures import ProjectMeasure
from gdt.impact.restatement_reasons import Cause
from gdt.impact.tallies import Figures
from gdt.partners.models import Institution
from gdt.people.merge_models import Merge
from gdt.people.models import Affiliation, Person
from gdt.training.models import Cohort, Enrolment

Happened = dict[str | None, set[Cause]]  # by the institution's code; None: somewhere
TEACHING = ("cohorts", "sittings", "results", "imports", "enrolments", "uploads")
WORK_OF = {"agreements": Cause.AGREEMENT} | dict.fromkeys(TEACHING, Cause.LATE)


def written_reasons(closed: ClosedYear) -> dict[tuple[str, int, str], str]:
    """By measure, level and place, what the office wrote last."""
    r = RestatementReason
    found = db.session.scalars(select(r).where(r.closed_year_id == closed.id).order_by(r.id))
    return {(one.measure, one.level, one.place_code): one.reason for one in found}


def what_happened(closed: ClosedYear, facts: Facts, figures: Figures) -> Happened:
    """The causes of differences at each institution since the year was closed."""
    happened: Happened = defaultdict(set)
    for cause, statement in _traces(closed).items():
        for code in db.session.scalars(statement):
            happened[code].add(cause)
    for cause, codes in _changed_reports(figures, facts, closed.year).items():
        for code in codes:
            happened[code].add(cause)
    for code, kind in db.session.execute(_deeds(closed)):
        happened[code].add(WORK_OF[kind])
    if _has_erased(closed):
        happened[None].add(Cause.ERASED)
    happened[None] |= set().union(*happened.values()) if happened else set()
    return happened


def _traces(closed: ClosedYear) -> dict[Cause, Select[Any]]:
    """The codes of the institutions where people were merged or erased, or certificates revoked."""
    revoked = (
        select(Institution.code)
        .join(Certificate, Certificate.institution_id == Institution.id)
        .where(
            Certificate.revoked_at > closed.closed_at,
            Certificate.issued_on <= date(closed.year, 12, 31),
        )
    )
    merged = or_(Merge.merged_at > closed.closed_at, Merge.undone_at > closed.closed_at)
    erased = select(Person.id).where(Person.erased_at > closed.closed_at)
    people = select(Merge.survivor_id).where(merged).union(select(Merge.merged_id).where(merged))
    return {
        Cause.REVOKED: revoked.distinct(),
        Cause.MERGED: _where_people_are(people),
        Cause.ERASED: _where_people_are(erased),
    }


def _where_people_are(people: Any) -> Select[Any]:
    """The codes of the institutions where any of these people is, learned, sat an exam or was certified."""
    ids = people.subquery().select()
    places = (
        select(Affiliation.institution_id).where(Affiliation.person_id.in_(ids)),
        select(Cohort.institution_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.person_id.in_(ids)),
        select(Cohort.institution_id)
        .join(Sitting, Sitting.cohort_id == Cohort.id)
        .join(Result, Result.sitting_id == Sitting.id)
        .where(Result.person_id.in_(ids)),
        select(Certificate.institution_id).where(Certificate.person_id.in_(ids)),
    )
    return select(Institution.code).where(or_(*(Institution.id.in_(place) for place in places)))


def _has_erased(closed: ClosedYear) -> bool:
    return (
        db.session.scalar(select(Person.id).where(Person.erased_at > closed.closed_at).limit(1)) is not None
    )


def _deeds(closed: ClosedYear) -> Select[str, str]:
    """(institution, kind of record) of what was entered or changed since, as the trail has it."""
    return (
        select(Institution.code, AuditEvent.subject_kind)
        .join(Institution, Institution.id == AuditEvent.institution_id)
        .where(AuditEvent.happened_at > closed.closed_at, AuditEvent.subject_kind.in_(WORK_OF))
        .where(AuditEvent.action != TOOK_OUT)
        .distinct()
    )


def _changed_reports(figures: Figures, facts: Facts, year: int) -> dict[Cause, set[str]]:
    """The institutions whose headcounts, or whose projects, of the year are not those that were frozen."""
    now, then = (
        Counter(tuple(row) for row in rows if row[1] == year)
        for rows in (reported_rows(figures, year), facts["headcounts"])
    )
    changed: dict[Cause, set[str]] = defaultdict(set)
    for measure, _year, code, *_told in {**(now - then), **(then - now)}:
        is_of_project = measure in list(ProjectMeasure)
        changed[Cause.PROJECT if is_of_project else Cause.HEADCOUNT].add(code)
    return changed
