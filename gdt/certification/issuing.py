"""Issuing: the next rows of a batch become certificates, numbered without gaps, in one transaction.

The certificates are drawn before that transaction, with the numbers they will have if nobody else issues
meanwhile: drawing takes most of the time, and SQLite's one write lock must not be held for it. A forecast
that did not come true is drawn again.

Whoever issues first takes the course's row, so that two workers never look at the same things at once, and
then the year's counter; both are held to the end of the portion. `UNIQUE(thing_earned, edition)` is the truth
behind it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from gdt import audit, documents, jobs
from gdt.access import Role
from gdt.certification import keys, queries
from gdt.certification.badges import badge_of
from gdt.certification.codes import new_code
from gdt.certification.documents import (
    CertificateContent,
    Holder,
    Occasion,
    compose,
    design_name,
    draw,
    frozen,
    occasion_of_cohort,
    occasion_of_teachers,
)
from gdt.certification.eligibility import Candidate, Finding
from gdt.certification.evidence import assess_students, assess_teachers
from gdt.certification.models import (
    BatchRowState,
    Certificate,
    CertificateBatch,
    CertificateBatchRow,
    CertificateCounter,
    CertificateProof,
)
from gdt.certification.numbering import number_of
from gdt.database import db, now, reading
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.partners.models import Institution

PORTION = 25
FOLDER = "certificates"


@dataclass(frozen=True)
class Orderer:
    """Who ordered a batch, as the trail names them."""

    id: int | None
    name: str
    role: Role = Role.OFFICER
    institution_id: int | None = None


@dataclass(frozen=True)
class Forecast:
    """What a certificate will say, and whose badge it will carry, if nobody else issues meanwhile."""

    code: str
    content: CertificateContent
    email: str | None


@dataclass(frozen=True)
class Draft:
    """A certificate drawn and signed under its forecast; `signed_at` becomes its moment of issue."""

    forecast: Forecast
    signed_at: datetime
    badge: str
    pdf: bytes


def draw_drafts(batch_id: int) -> dict[int, Draft]:
    """The next certificates of a batch by person, drawn while no lock is held."""
    with reading():
        batch = queries.find_batch(batch_id)
        forecasts = {} if batch is None or batch.is_finished else _forecast(batch)
    drafts = {}
    for person_id, forecast in forecasts.items():
        with suppress(DomainError):  # the portion meets it again, and refuses the row with the reason
            drafts[person_id] = _draw(forecast)
    return drafts


def _draw(forecast: Forecast) -> Draft:
    """Badge and paper with one signing moment. Raises DomainError."""
    signed_at = now()
    badge = badge_of(forecast.content, code=forecast.code, email=forecast.email, signed_at=signed_at)
    return Draft(forecast, signed_at, badge, draw(forecast.content, badge, signed_at))


def _forecast(batch: CertificateBatch) -> dict[int, Forecast]:
    rows = queries.list_waiting_rows(batch, PORTION)
    findings = findings_of(batch, [row.person_id for row in rows])
    institutions, occasion = queries.list_institutions_of(findings.values()), occasion_of(batch)
    serial, forecasts = queries.find_last_serial(batch.issued_on.year), {}
    for row in rows:
        finding = findings.get(row.person_id)
        if finding is None or not finding.is_eligible:
            continue
        holder, code = _holder(finding.candidate, institutions), new_code()
        number = number_of(batch.issued_on.year, serial + 1)
        with suppress(DomainError):
            content = compose(occasion, holder, number=number, code=code)
            forecasts[row.person_id] = Forecast(code, content, finding.candidate.email)
            serial += 1
    return forecasts


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
    db.session.flush()
    _record(batch, [row.certificate for row in rows if row.state is BatchRowState.ISSUED])
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
    """Makes the certificates of a batch; a number is used up only by a certificate that was drawn."""

    def __init__(
        self,
        batch: CertificateBatch,
        counter: CertificateCounter,
        institutions: dict[int, Institution],
        drafts: dict[int, Draft],
    ) -> None:
        self.batch, self.counter, self.institutions = batch, counter, institutions
        self.occasion, self.drafts = occasion_of(batch), drafts
        self.signature_key_id, self.badge_key_id = queries.remember_keys(keys.current().facts)

    def issue(self, candidate: Candidate) -> Certificate:
        serial = self.counter.last_serial + 1
        certificate = self._drawn(candidate, serial)
        self.counter.last_serial = serial
        return certificate

    def _drawn(self, candidate: Candidate, serial: int) -> Certificate:
        number = number_of(self.counter.year, serial)
        draft = self._draft(candidate, number)
        content = draft.forecast.content
        key, digest = documents.keep(FOLDER, draft.pdf, suffix=".pdf")
        return Certificate(
            number=number,
            code=draft.forecast.code,
            year=self.counter.year,
            serial=serial,
            kind=self.batch.kind,
            thing_earned=candidate.thing_earned,
            edition=1,
            person_id=candidate.person_id,
            institution_id=candidate.institution_id,
            course_id=self.batch.course_id,
            cohort_id=self.batch.cohort_id,
            issued_on=self.batch.issued_on,
            issued_at=draft.signed_at,
            issued_by_id=self.batch.ordered_by_id,
            valid_until=candidate.valid_until,
            facts=frozen(content),
            design=design_name(content),
            file_key=key,
            file_sha256=digest,
            file_size=len(draft.pdf),
            proof=CertificateProof(
                signature_key_id=self.signature_key_id, badge_key_id=self.badge_key_id, badge=draft.badge
            ),
        )

    def _draft(self, candidate: Candidate, number: str) -> Draft:
        """The draft, if everything it says is still so; else a new drawing."""
        holder = _holder(candidate, self.institutions)
        draft = self.drafts.get(candidate.person_id)
        code = draft.forecast.code if draft else new_code()
        content = compose(self.occasion, holder, number=number, code=code)
        forecast = Forecast(code, content, candidate.email)
        return draft if draft and draft.forecast == forecast else _draw(forecast)


def _holder(candidate: Candidate, institutions: dict[int, Institution]) -> Holder:
    return Holder(
        printed_name=candidate.printed_name,
        native_name=candidate.native_name,
        institution=institutions[candidate.institution_id],
        valid_until=candidate.valid_until,
    )


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
        certificate = printer.issue(candidate)
    except DomainError as error:
        _refuse(row, error.message)
    else:
        db.session.add(certificate)
        row.state, row.certificate = BatchRowState.ISSUED, certificate


def _refuse(row: CertificateBatchRow, reason: str) -> None:
    row.state, row.reason = BatchRowState.REFUSED, reason


def _record(batch: CertificateBatch, certificates: Sequence[Certificate | None]) -> None:
    orderer = Orderer(batch.ordered_by_id, batch.ordered_by_name)
    for certificate in certificates:
        if certificate is not None:
            summary = _("Issued %(number)s", number=certificate.number)
            audit.record(
                orderer,
                "issued",
                certificate,
                summary,
                institution_id=certificate.institution_id,
                batch=batch.id,
            )
