"""Findings of the risk rules: kept once each, looked at by a person, the outcome kept."""

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.reporting.evidence import read_evidence
from gdt.reporting.figures import PeriodFigures
from gdt.reporting.finding_models import FindingState, RiskFinding
from gdt.reporting.finding_queries import list_findings
from gdt.reporting.models import InstitutionReport
from gdt.reporting.risk_rules import Finding, findings_in, is_sampled
from gdt.reporting.words import FINDING_STATES, RULES


def look_for_risks(*, report: InstitutionReport, figures: PeriodFigures) -> int:
    """Run the rules over a report; returns how many findings there are now.

    What was found before is the same finding and keeps its outcome, unless its numbers have changed: then
    it is looked at again. What is no longer found stays in the history.
    """
    before = {(one.rule, one.subject): one for one in list_findings(report)}
    found = findings_in(read_evidence(report.institution, figures))
    for finding in found:
        known = before.pop((finding.rule, finding.subject), None)
        if known is None:
            db.session.add(_new(report, finding))
        else:
            _found_again(known, finding)
    for gone in before.values():
        gone.is_present = False
    db.session.flush()
    return len(found)


def judge_finding(*, actor: Viewer, finding: RiskFinding, state: FindingState, note: str) -> None:
    """Keep what came of looking; an outcome can be changed, and each is told in the report's history."""
    db.session.refresh(finding, ["state"], with_for_update={"of": RiskFinding})
    if state is FindingState.TO_LOOK_AT:
        raise DomainError(_("Say whether it is fine or has to be corrected."), "state")
    if not note:
        raise DomainError(_("Say in a sentence what you looked at."), "note")
    finding.state, finding.note = state, note
    finding.looked_at, finding.looked_by_name = now(), actor.name
    report = finding.report
    summary = _(
        "Looked at “%(what)s”: %(outcome)s. %(note)s",
        what=RULES[finding.rule],
        outcome=str(FINDING_STATES[state][0]).lower(),
        note=note,
    )
    audit.record(actor, "looked", report, summary, institution_id=report.institution_id)


def refuse_unlooked(report: InstitutionReport) -> None:
    """Raise DomainError while something found waits for a look, or has to be corrected."""
    present = [one for one in list_findings(report) if one.is_present]
    waiting = sum(one.is_sampled and one.state is FindingState.TO_LOOK_AT for one in present)
    if waiting:
        raise DomainError(
            ngettext(
                "%(num)s finding waits for a look. Say what came of it, then approve.",
                "%(num)s findings wait for a look. Say what came of them, then approve.",
                waiting,
            )
        )
    if any(one.state is FindingState.TO_CORRECT for one in present):
        raise DomainError(_("A finding has to be corrected. Ask the institution about it, or look again."))


def _new(report: InstitutionReport, finding: Finding) -> RiskFinding:
    name = f"{report.institution.code}/{report.period_code}"
    return RiskFinding(
        report=report,
        rule=finding.rule,
        subject=finding.subject,
        facts=finding.facts,
        is_sampled=is_sampled(name, finding),
    )


def _found_again(known: RiskFinding, finding: Finding) -> None:
    known.is_present = True
    if known.facts != finding.facts:
        known.facts, known.state = finding.facts, FindingState.TO_LOOK_AT
        known.looked_at = known.looked_by_name = known.note = None
