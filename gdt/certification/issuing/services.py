"""The office's use cases: order certificates for a cohort or for teachers, one or many."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.certification import queries
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import BatchStage
from gdt.certification.eligibility.assessing import Finding
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.certification.issuing import approving, job
from gdt.certification.issuing.preparing import row_values
from gdt.certification.models import CertificateKind
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.training.models import Cohort, Course


def order_batch(
    *,
    actor: Viewer,
    cohort: Cohort | None = None,
    course: Course | None = None,
    institution: Institution | None = None,
    issued_on: date,
    person_ids: Collection[int] | None = None,
) -> CertificateBatch:
    """Order the certificates of everyone eligible in a cohort, or of the eligible teachers of a course.

    Ordering again what is ordered already answers the batch that is there. Raises DomainError when nobody
    is eligible and nothing was ever ordered.
    """
    course_id = cohort.course_id if cohort else _known(course).id
    queries.take_course(course_id)
    findings = _findings(cohort, course_id, institution, issued_on, person_ids)
    eligible = [finding for finding in findings if finding.is_eligible]
    batch = _ordered_before(cohort, course_id, eligible)
    if batch is None:
        batch = _place_order(actor, cohort, course_id, issued_on, eligible)
        approving.begin_or_ask(batch, actor=actor, size=len(eligible))
    return batch


def issue_certificate(
    *,
    actor: Viewer,
    person_id: int,
    cohort: Cohort | None = None,
    course: Course | None = None,
    issued_on: date,
) -> CertificateBatch:
    """Order one person's certificate; the same path as for many."""
    return order_batch(actor=actor, cohort=cohort, course=course, issued_on=issued_on, person_ids=[person_id])


def issue_for_cohort(cohort: Cohort, *, actor: Viewer, issued_on: date) -> dict[str, Any]:
    """Issue a whole cohort in this process, as the command line and the demo do; commits as it goes.

    Answers {"issued": n, "already": n, "refused": [{"person", "reason"}]}.
    """
    with unit_of_work():
        findings = _findings(cohort, cohort.course_id, None, issued_on, None)
        batch_id = _order_here(actor, cohort, cohort.course_id, issued_on, findings)
    return _carried_out(batch_id)


def issue_teacher_certificates(
    course: Course,
    *,
    actor: Viewer,
    issued_on: date,
    institution: Institution | None = None,
    person_ids: Collection[int] | None = None,
) -> dict[str, Any]:
    """Issue the certificates of a course's qualified teachers in this process, like `issue_for_cohort`."""
    with unit_of_work():
        findings = _findings(None, course.id, institution, issued_on, person_ids)
        batch_id = _order_here(actor, None, course.id, issued_on, findings)
    return _carried_out(batch_id)


def list_findings(
    *,
    cohort: Cohort | None = None,
    course: Course | None = None,
    institution: Institution | None = None,
    day: date,
) -> list[Finding]:
    """What the rules say about everyone of the cohort, or every teacher of the course, by name."""
    course_id = cohort.course_id if cohort else _known(course).id
    return _findings(cohort, course_id, institution, day, None)


def check_count(*, seen: int | None, ready: int) -> None:
    """Nobody issues a number of certificates other than the one she read; none left is a second click."""
    if ready and seen != ready:
        raise DomainError(
            ngettext(
                "Meanwhile this changed: %(num)s certificate is ready now. Check it and press again.",
                "Meanwhile this changed: %(num)s certificates are ready now. Check them and press again.",
                ready,
            )
        )


def _order_here(
    actor: Viewer, cohort: Cohort | None, course_id: int, issued_on: date, findings: Sequence[Finding]
) -> int:
    """Place an order for this process to carry out, unless issuing is halted or a second person decides."""
    halting.refuse_while_halted()
    batch = _place_order(actor, cohort, course_id, issued_on, findings)
    approving.ask_if_large(batch, actor=actor, size=sum(finding.is_eligible for finding in findings))
    return batch.id


def _carried_out(batch_id: int) -> dict[str, Any]:
    job.carry_out(batch_id)
    with unit_of_work():
        batch = batch_queries.get_batch(OFFICE, batch_id)
        _refuse_unless_issued(batch)
        counts, refused = batch_queries.count_rows(batch), batch_queries.list_refused(batch)
    return {
        "issued": counts[BatchRowState.ISSUED],
        "already": counts[BatchRowState.ALREADY],
        "refused": [{"person": person, "reason": reason} for person, reason in refused],
    }


def _refuse_unless_issued(batch: CertificateBatch) -> None:
    """Say in a DomainError why a batch that was carried out is not settled."""
    if batch.job_failure:
        raise DomainError(batch.job_failure)
    if batch.stage is BatchStage.AWAITING_APPROVAL:
        raise DomainError(approving.waits_sentence(batch))
    halt = halting.find_halt()
    if batch.stage is BatchStage.ISSUING and halt is not None:
        raise DomainError(halting.halt_sentence(halt))


def _findings(
    cohort: Cohort | None,
    course_id: int,
    institution: Institution | None,
    day: date,
    people: Collection[int] | None,
) -> list[Finding]:
    if cohort is not None:
        return assess_students([cohort.id], day, people)[cohort.id]
    found = assess_teachers([course_id], day, people)[course_id]
    return [f for f in found if institution is None or f.candidate.institution_id == institution.id]


def _ordered_before(
    cohort: Cohort | None, course_id: int, eligible: Sequence[Finding]
) -> CertificateBatch | None:
    kind, cohort_id = _kind_of(cohort), cohort.id if cohort else None
    if eligible:
        people = [finding.candidate.person_id for finding in eligible]
        return batch_queries.find_open_batch(kind, course_id, cohort_id, people)
    last = batch_queries.find_last_batch(kind, course_id, cohort_id)
    if last is None:
        raise DomainError(_("Nobody here is ready to be certified. The list says why for each person."))
    return last


def _place_order(
    actor: Viewer, cohort: Cohort | None, course_id: int, issued_on: date, findings: Sequence[Finding]
) -> CertificateBatch:
    if issued_on > now().date():
        raise DomainError(_("A certificate cannot be issued on a day to come."), "issued_on")
    batch = CertificateBatch(
        kind=_kind_of(cohort),
        cohort_id=cohort.id if cohort else None,
        course_id=course_id,
        ordered_by_id=actor.id,
        ordered_by_name=actor.name,
        issued_on=issued_on,
        job_total=sum(not finding.unmet for finding in findings),
    )
    db.session.add(batch)
    db.session.flush()
    cohort_id = cohort.id if cohort else None
    rows = [
        {
            "batch_id": batch.id,
            "position": position,
            "course_id": course_id,
            "cohort_id": cohort_id,
            **row_values(finding),
        }
        for position, finding in enumerate(findings, start=1)
    ]
    if rows:
        db.session.execute(insert(CertificateBatchRow), rows)
    summary = ngettext("Ordered %(num)s certificate", "Ordered %(num)s certificates", batch.job_total)
    institution_id = cohort.institution_id if cohort else None
    audit.record(actor, "ordered", batch, summary, institution_id=institution_id)
    return batch


def _kind_of(cohort: Cohort | None) -> CertificateKind:
    return CertificateKind.TEACHER if cohort is None else CertificateKind.STUDENT


def _known(course: Course | None) -> Course:
    if course is None:
        message = "order_batch needs a cohort or a course"
        raise ValueError(message)
    return course
