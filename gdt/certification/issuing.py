"""Issuing: the next rows of a batch become certificates, numbered without gaps, in one transaction.

Whoever issues first takes the course's row, so that two workers never look at the same things at once, and
then the year's counter; both are held to the end of the portion. `UNIQUE(thing_earned, edition)` is the truth
behind it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt import jobs
from gdt.access import Role
from gdt.certification import queries
from gdt.certification.documents import Occasion, occasion_of_cohort, occasion_of_teachers
from gdt.certification.drafting import Draft, draw_draft, forecast_all, holder_of
from gdt.certification.eligibility import Candidate, Finding
from gdt.certification.evidence import assess_students, assess_teachers
from gdt.certification.models import (
    BatchRowState,
    Certificate,
    CertificateBatch,
    CertificateBatchRow,
    CertificateCounter,
)
from gdt.certification.registering import Entitlement, Registrar, record_issued
from gdt.database import reading
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.partners.models import Institution

PORTION = 25


@dataclass(frozen=True)
class Orderer:
    """Who ordered a batch, as the trail names them."""

    id: int | None
    name: str
    role: Role = Role.OFFICER
    institution_id: int | None = None


def draw_drafts(batch_id: int) -> dict[int, Draft]:
    """The next certificates of a batch by person, drawn while no lock is held."""
    with reading():
        batch = queries.find_batch(batch_id)
        if batch is None or batch.is_finished:
            return {}
        people = [row.person_id for row in queries.list_waiting_rows(batch, PORTION)]
        findings = findings_of(batch, people)
        in_order = [findings[person_id] for person_id in people if person_id in findings]
        eligible = [finding.candidate for finding in in_order if finding.is_eligible]
        institutions = queries.list_institutions_of(findings.values())
        forecasts = forecast_all(eligible, occasion_of(batch), institutions)
    drafts = {}
    for person_id, forecast in forecasts.items():
        with suppress(DomainError):  # the portion meets it again, and refuses the row with the reason
            drafts[person_id] = draw_draft(forecast)
    return drafts


@jobs.job(CertificateBatch, prepare=draw_drafts)
def issue_portion(batch: CertificateBatch, drafts: dict[int, Draft]) -> None:
    """Settle the next waiting rows: each is issued, was issued already, or is refused with a reason."""
    queries.take_course(batch.course_id)
    counter = queries.take_counter(batch.issued_on.year)
    rows = queries.list_waiting_rows(batch, PORTION)
    findings = findings_of(batch, [row.person_id for row in rows])
    printer = _Printer(batch, counter, queries.list_institutions_of(findings.values()), drafts)
    for row in rows:
        _settle(row, findings.get(row.person_id), printer)
    issued = [row.certificate for row in rows if row.certificate and row.state is BatchRowState.ISSUED]
    record_issued(issued, Orderer(batch.ordered_by_id, batch.ordered_by_name), batch=batch.id)
    batch.job_done += len(rows)
    if batch.job_done >= batch.job_total:
        batch.job_state = JobState.DONE


def issue_batch(batch_id: int) -> None:
    """Carry out a whole order in this process."""
    jobs.run_here(CertificateBatch.__tablename__, batch_id)


def findings_of(batch: CertificateBatch, people: Sequence[int]) -> dict[int, Finding]:
    """What the rules say about these people of the batch on its day of issue."""
    if batch.cohort_id is not None:
        found = assess_students([batch.cohort_id], batch.issued_on, people)[batch.cohort_id]
    else:
        found = assess_teachers([batch.course_id], batch.issued_on, people)[batch.course_id]
    return {finding.candidate.person_id: finding for finding in found}


class _Printer:
    """Makes the certificates of a batch from the drafts that still hold."""

    def __init__(
        self,
        batch: CertificateBatch,
        counter: CertificateCounter,
        institutions: dict[int, Institution],
        drafts: dict[int, Draft],
    ) -> None:
        self.batch, self.institutions, self.drafts = batch, institutions, drafts
        self.occasion, self.registrar = occasion_of(batch), Registrar(counter, drafts.values())

    def issue(self, candidate: Candidate) -> Certificate:
        entitlement = Entitlement(
            thing_earned=candidate.thing_earned,
            person_id=candidate.person_id,
            institution_id=candidate.institution_id,
            course_id=self.batch.course_id,
            cohort_id=self.batch.cohort_id,
            issued_by_id=self.batch.ordered_by_id,
            email=candidate.email,
        )
        holder, draft = holder_of(candidate, self.institutions), self.drafts.get(candidate.person_id)
        return self.registrar.register(entitlement, holder, self.occasion, draft)


def occasion_of(batch: CertificateBatch) -> Occasion:
    if batch.cohort is not None:
        return occasion_of_cohort(batch.cohort, batch.issued_on)
    return occasion_of_teachers(batch.course, batch.issued_on)


def _settle(row: CertificateBatchRow, finding: Finding | None, printer: _Printer) -> None:
    if finding is None:
        _refuse(row, _("Nothing is known any more that could be certified."))
    elif finding.is_already and finding.candidate.held is not None:
        row.state, row.certificate_id = BatchRowState.ALREADY, finding.candidate.held.id
    elif not finding.is_eligible:
        _refuse(row, finding.reason)
    else:
        _issue(row, finding.candidate, printer)


def _issue(row: CertificateBatchRow, candidate: Candidate, printer: _Printer) -> None:
    try:
        row.certificate = printer.issue(candidate)
    except DomainError as error:
        _refuse(row, error.message)
    else:
        row.state = BatchRowState.ISSUED


def _refuse(row: CertificateBatchRow, reason: str) -> None:
    row.state, row.reason = BatchRowState.REFUSED, reason
