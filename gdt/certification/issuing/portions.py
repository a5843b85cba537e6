"""A portion of an order: its next rows, what the rules say about each, and what each certificate will say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import CertificateBatch, CertificateBatchRow
from gdt.certification.designs.looks import Look, looks_of
from gdt.certification.drawing.documents import Occasion, occasion_of_cohort, occasion_of_teachers
from gdt.certification.drawing.drafting import Forecast, Wish, forecast_all
from gdt.certification.eligibility.assessing import Finding
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.certification.issuing import queries
from gdt.certification.models import CertificateKind
from gdt.partners.models import Institution

SIZE = 200  # rows of one transaction; it takes a fifth of a second


@dataclass(frozen=True)
class Portion:
    """Rows with findings and occasions by row; a row nothing is known about any more has no finding."""

    rows: Sequence[CertificateBatchRow]
    findings: dict[int, Finding]
    occasions: dict[int, Occasion]
    institutions: dict[int, Institution]
    looks: dict[int, Look]
    year: int

    @property
    def row_ids(self) -> list[int]:
        return [row.id for row in self.rows]

    def forecasts(self, last_serial: int) -> dict[int, Forecast]:
        """What the certificates of the eligible rows will say, by row, numbered from the next number on."""
        return forecast_all(self._wishes(), self.institutions, self.looks, self.year, last_serial)

    def _wishes(self) -> Iterator[Wish]:
        for row in self.rows:
            finding = self.findings.get(row.id)
            if finding is not None and finding.is_eligible:
                yield Wish(row.id, finding.candidate, self.occasions[row.id])


def next_portion(batch: CertificateBatch, after: int = 0) -> Portion:
    """The next waiting rows of a batch that stand after a position, by a constant number of queries."""
    rows = batch_queries.list_waiting_rows(batch, SIZE, after)
    findings = _findings(batch, rows)
    institutions = queries.list_institutions_of(findings.values())
    looks, year = looks_of(batch.kind, institutions.values()), batch.issued_on.year
    return Portion(rows, findings, _occasions(batch, rows), institutions, looks, year)


def _findings(batch: CertificateBatch, rows: Sequence[CertificateBatchRow]) -> dict[int, Finding]:
    people = {row.person_id for row in rows}
    if batch.kind is CertificateKind.STUDENT:
        cohorts = {row.cohort_id for row in rows if row.cohort_id is not None}
        found = assess_students(cohorts, batch.issued_on, people)
    else:
        found = assess_teachers({row.course_id for row in rows}, batch.issued_on, people)
    known = {(place, f.candidate.person_id): f for place, findings in found.items() for f in findings}
    places = {row.id: (row.cohort_id or row.course_id, row.person_id) for row in rows}
    return {row_id: known[place] for row_id, place in places.items() if place in known}


def _occasions(batch: CertificateBatch, rows: Sequence[CertificateBatchRow]) -> dict[int, Occasion]:
    if batch.kind is CertificateKind.STUDENT:
        cohorts = queries.list_cohorts({row.cohort_id for row in rows if row.cohort_id is not None})
        held = {key: occasion_of_cohort(cohort, batch.issued_on) for key, cohort in cohorts.items()}
        return {row.id: held[row.cohort_id] for row in rows if row.cohort_id is not None}
    courses = queries.list_courses({row.course_id for row in rows})
    of = {key: occasion_of_teachers(course, batch.issued_on) for key, course in courses.items()}
    return {row.id: of[row.course_id] for row in rows}
