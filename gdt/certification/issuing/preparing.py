"""Preparing: an order over many cohorts, its rows gathered and checked before anything is issued.

Nothing is issued here. The rows that are ready when the last cohort has been checked are what the order can
issue, and all it can ever issue.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gdt import audit, jobs
from gdt.access import Viewer
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import BatchStage
from gdt.certification.eligibility.assessing import Finding
from gdt.certification.eligibility.evidence import assess_students
from gdt.certification.issuing.selection_models import CertificateBatchCohort
from gdt.certification.models import CertificateKind
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.training.models import Cohort

AT_ONCE = 25  # cohorts checked in one transaction
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def prepare_batch(
    *, actor: Viewer, cohort_ids: Sequence[int], title: str, issued_on: date
) -> CertificateBatch:
    """Order the check of everyone in these cohorts, numbered in this order. Raises DomainError."""
    if not cohort_ids:
        raise DomainError(_("Choose at least one cohort."))
    if issued_on > now().date():
        raise DomainError(_("A certificate cannot be issued on a day to come."), "issued_on")
    batch = CertificateBatch(
        kind=CertificateKind.STUDENT,
        stage=BatchStage.PREPARING,
        title=title[:200],
        ordered_by_id=actor.id,
        ordered_by_name=actor.name,
        issued_on=issued_on,
        job_total=len(cohort_ids),
    )
    db.session.add(batch)
    db.session.flush()
    db.session.execute(
        insert(CertificateBatchCohort),
        [
            {"batch_id": batch.id, "cohort_id": cohort_id, "position": position, "is_checked": False}
            for position, cohort_id in enumerate(cohort_ids, start=1)
        ],
    )
    audit.record(actor, "prepared", batch, _("Had this checked: %(title)s", title=title))
    jobs.start(batch, wait_seconds=1.5)
    return batch


def check_portion(batch: CertificateBatch) -> None:
    """Check the next cohorts; after the last one the batch waits to be looked at."""
    cohort_ids = _next_cohorts(batch)
    found = assess_students(cohort_ids, batch.issued_on)
    findings = [(cohort_id, finding) for cohort_id in cohort_ids for finding in found[cohort_id]]
    _keep(batch, findings)
    _mark_checked(batch, cohort_ids)
    batch.job_done += len(cohort_ids)
    if len(cohort_ids) < AT_ONCE or batch.job_done >= batch.job_total:
        batch.stage, batch.job_state = BatchStage.CHECKED, JobState.DONE


def row_values(finding: Finding) -> dict[str, Any]:
    """What the rules say about one person, as the columns of a row."""
    person, held = finding.candidate, finding.candidate.held
    state, rule, reason, certificate_id = BatchRowState.WAITING, None, None, None
    if finding.is_already and held is not None:
        state, certificate_id = BatchRowState.ALREADY, held.id
    elif not finding.is_eligible:
        state, rule, reason = BatchRowState.REFUSED, finding.unmet[0].rule, finding.reason
    return {
        "person_id": person.person_id,
        "institution_id": person.institution_id,
        "thing_earned": person.thing_earned,
        "state": state,
        "rule": rule,
        "reason": reason,
        "certificate_id": certificate_id,
    }


def _next_cohorts(batch: CertificateBatch) -> Sequence[int]:
    c = CertificateBatchCohort
    return db.session.scalars(
        select(c.cohort_id).where(c.batch_id == batch.id, ~c.is_checked).order_by(c.position).limit(AT_ONCE)
    ).all()


def _keep(batch: CertificateBatch, findings: Sequence[tuple[int, Finding]]) -> None:
    """Keep a row for each thing earned: whoever is ready in one of two cohorts is ready."""
    if not findings:
        return
    last = select(func.max(CertificateBatchRow.position)).where(CertificateBatchRow.batch_id == batch.id)
    position = db.session.scalar(last) or 0
    courses = _courses_of({cohort_id for cohort_id, _finding in findings})
    rows = [
        {
            "batch_id": batch.id,
            "position": place,
            "cohort_id": cohort_id,
            "course_id": courses[cohort_id],
            **row_values(finding),
        }
        for place, (cohort_id, finding) in enumerate(findings, start=position + 1)
    ]
    statement = _INSERT[db.engine.dialect.name](CertificateBatchRow)
    renewed = {name: statement.excluded[name] for name in _REPLACED}
    better = (CertificateBatchRow.state == BatchRowState.REFUSED) & (
        statement.excluded.state == BatchRowState.WAITING
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["batch_id", "thing_earned"], set_=renewed, where=better
    )
    db.session.execute(upsert, rows, execution_options={"synchronize_session": False})


_REPLACED = ("position", "cohort_id", "institution_id", "state", "rule", "reason")


def _courses_of(cohort_ids: Collection[int]) -> dict[int, int]:
    query = select(Cohort.id, Cohort.course_id).where(Cohort.id.in_(cohort_ids))
    return {row.id: row.course_id for row in db.session.execute(query)}


def _mark_checked(batch: CertificateBatch, cohort_ids: Iterable[int]) -> None:
    c = CertificateBatchCohort
    done = update(c).where(c.batch_id == batch.id, c.cohort_id.in_(cohort_ids)).values(is_checked=True)
    db.session.execute(done, execution_options={"synchronize_session": False})
