"""Issuing: the next rows of a batch become certificates, numbered without gaps, in one transaction.

Whoever issues holds the batch, then the courses' rows, so that two workers never look at the same things at
once, then the year's counter, and the halt switch last; all to the end of the portion.
`UNIQUE(thing_earned, edition)` is the truth behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt.access import Role
from gdt.certification import queries
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import BatchStage
from gdt.certification.designs.looks import CannotIssue
from gdt.certification.drawing import presses
from gdt.certification.drawing.drafting import Draft, holder_of
from gdt.certification.eligibility.assessing import Candidate, Finding
from gdt.certification.eligibility.rules import Rule
from gdt.certification.issuing import portions
from gdt.certification.issuing.drawing_ahead import draw_all
from gdt.certification.issuing.portions import Portion
from gdt.certification.issuing.registering import Entitlement, Registrar, record_issued
from gdt.certification.models import Certificate, CertificateCounter
from gdt.certification.numbering import number_of
from gdt.database import after_commit, now
from gdt.errors import DomainError
from gdt.jobs import JobState, Resting


@dataclass(frozen=True)
class Orderer:
    """Who ordered a batch, as the trail names them."""

    id: int | None
    name: str
    role: Role = Role.OFFICER
    institution_id: int | None = None
    person_id: int | None = None
    region_ids: tuple[int, ...] = ()


def issue_portion(batch: CertificateBatch, drafts: dict[int, Draft]) -> None:
    """Settle the next waiting rows: each is issued, was issued already, or is refused with a reason.

    Raises Resting when the batch is not to be issued now: it waits for a person, or all issuing is halted.
    """
    if batch.stage is not BatchStage.ISSUING:
        raise Resting
    rows = batch_queries.list_waiting_rows(batch, portions.SIZE)
    queries.take_course(*{row.course_id for row in rows})
    counter = queries.take_counter(batch.issued_on.year)
    if halting.hold_switch().is_halted:
        raise Resting
    first, portion = counter.last_serial, portions.next_portion(batch)
    if _is_stale(drafts, counter):
        drafts = draw_all(portion.forecasts(first))
    printer = _Printer(batch, counter, portion, drafts)
    for row in portion.rows:
        _settle(row, portion.findings.get(row.id), printer)
    issued = [
        row.certificate for row in portion.rows if row.certificate and row.state is BatchRowState.ISSUED
    ]
    record_issued(issued, Orderer(batch.ordered_by_id, batch.ordered_by_name), batch=batch.id)
    _assert_count(issued, counter, first)
    _report(batch, portion.rows)


def _is_stale(drafts: dict[int, Draft], counter: CertificateCounter) -> bool:
    """Whether somebody else took the numbers of all these drafts."""
    expected = number_of(counter.year, counter.last_serial + 1)
    return bool(drafts) and next(iter(drafts.values())).forecast.content.number != expected


def _assert_count(issued: Sequence[Certificate], counter: CertificateCounter, first: int) -> None:
    """Before the commit: as many certificates as rows that say so, and as many as numbers taken."""
    counts = {len(issued), counter.last_serial - first, queries.count_serials(counter.year, first)}
    if len(counts) != 1:
        message = f"The counts of a portion differ: {counts}"
        raise RuntimeError(message)


def _report(batch: CertificateBatch, rows: Sequence[CertificateBatchRow]) -> None:
    """How far the batch is; the last portion ends it."""
    if batch.run_began_at is None:
        batch.run_began_at, batch.run_began_done = now(), batch.job_done
    batch.job_done += len(rows)
    if len(rows) < portions.SIZE or batch.job_done >= batch.job_total:
        batch.job_state, batch.stage = JobState.DONE, BatchStage.ISSUED
        after_commit(presses.close)


class _Printer:
    """Makes the certificates of a portion from the drafts that still hold."""

    def __init__(
        self, batch: CertificateBatch, counter: CertificateCounter, portion: Portion, drafts: dict[int, Draft]
    ) -> None:
        self.batch, self.portion, self.drafts = batch, portion, drafts
        self.registrar, self.issued = Registrar(counter, drafts.values()), dict[str, Certificate]()

    def issue(self, row: CertificateBatchRow, candidate: Candidate) -> Certificate:
        entitlement = Entitlement(
            thing_earned=candidate.thing_earned,
            person_id=candidate.person_id,
            institution_id=candidate.institution_id,
            course_id=row.course_id,
            cohort_id=row.cohort_id,
            issued_by_id=self.batch.ordered_by_id,
            email=candidate.email,
        )
        holder = holder_of(candidate, self.portion.institutions, self.portion.looks)
        occasion = self.portion.occasions[row.id]
        certificate = self.registrar.register(entitlement, holder, occasion, self.drafts.get(row.id))
        self.issued[candidate.thing_earned] = certificate
        return certificate


def _settle(row: CertificateBatchRow, finding: Finding | None, printer: _Printer) -> None:
    if finding is None:
        _refuse(row, Rule.GONE, _("Nothing is known any more that could be certified."))
    elif finding.is_already and finding.candidate.held is not None:
        row.state, row.certificate_id = BatchRowState.ALREADY, finding.candidate.held.id
    elif finding.candidate.thing_earned in printer.issued:  # two cohorts became one thing after the check
        row.state, row.certificate = BatchRowState.ALREADY, printer.issued[finding.candidate.thing_earned]
    elif not finding.is_eligible:
        _refuse(row, finding.unmet[0].rule, finding.reason)
    else:
        _issue(row, finding.candidate, printer)


def _issue(row: CertificateBatchRow, candidate: Candidate, printer: _Printer) -> None:
    try:
        row.certificate = printer.issue(row, candidate)
    except CannotIssue:
        raise
    except DomainError as error:
        _refuse(row, Rule.PRINT, error.message)
    else:
        row.state = BatchRowState.ISSUED


def _refuse(row: CertificateBatchRow, rule: Rule, reason: str) -> None:
    row.state, row.rule, row.reason = BatchRowState.REFUSED, rule, reason
