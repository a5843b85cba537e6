"""What a report's page shows as unusual: found just now while rows can change, as kept once it was sent."""

from collections.abc import Sequence

from gdt.reporting.evidence import read_evidence
from gdt.reporting.figures import PeriodFigures
from gdt.reporting.finding_models import RiskFinding
from gdt.reporting.finding_queries import list_findings
from gdt.reporting.models import InstitutionReport
from gdt.reporting.risk_rules import Finding, findings_in
from gdt.reporting.states import WAITS_FOR_INSTITUTION


def risks_of(report: InstitutionReport, figures: PeriodFigures) -> Sequence[RiskFinding | Finding]:
    """A kept finding stands for one found again with the same numbers, with what came of looking at it."""
    kept = [one for one in list_findings(report) if one.is_present]
    if report.state not in WAITS_FOR_INSTITUTION:
        return kept
    known = {(one.rule, one.subject): one for one in kept}
    found = findings_in(read_evidence(report.institution, figures))
    return [_known_or_new(known.get((one.rule, one.subject)), one) for one in found]


def _known_or_new(known: RiskFinding | None, found: Finding) -> RiskFinding | Finding:
    return known if known is not None and known.facts == found.facts else found
