"""How orders are worded on pages and in downloads: stages, reasons, who can change them, and the pace."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import Approval, BatchStage
from gdt.certification.eligibility.assessing import Fixer
from gdt.certification.eligibility.rules import Rule

ROW_STATES = {
    BatchRowState.WAITING: (lazy_gettext("Ready"), "progress"),
    BatchRowState.ISSUED: (lazy_gettext("Issued"), "ok"),
    BatchRowState.ALREADY: (lazy_gettext("Issued before"), "neutral"),
    BatchRowState.REFUSED: (lazy_gettext("Not issued"), "problem"),
    BatchRowState.CANCELLED: (lazy_gettext("Cancelled"), "neutral"),
}
FIXERS = {
    Fixer.COORDINATOR: lazy_gettext("the institution's coordinator"),
    Fixer.OFFICE: lazy_gettext("the programme office"),
    Fixer.NOBODY: lazy_gettext("nobody"),
}

STAGES = {
    BatchStage.PREPARING: (lazy_gettext("Being checked"), "progress"),
    BatchStage.CHECKED: (lazy_gettext("Checked, nothing issued yet"), "attention"),
    BatchStage.AWAITING_APPROVAL: (lazy_gettext("Waits for approval"), "attention"),
    BatchStage.ISSUING: (lazy_gettext("Being issued"), "progress"),
    BatchStage.PAUSED: (lazy_gettext("Paused"), "attention"),
    BatchStage.ISSUED: (lazy_gettext("Issued"), "ok"),
    BatchStage.DECLINED: (lazy_gettext("Declined"), "problem"),
    BatchStage.CANCELLED: (lazy_gettext("Cancelled"), "neutral"),
}
APPROVALS = {
    Approval.NOT_NEEDED: lazy_gettext("not needed"),
    Approval.ASKED: lazy_gettext("asked for"),
    Approval.GIVEN: lazy_gettext("given"),
    Approval.DECLINED: lazy_gettext("declined"),
}
RULES = {
    Rule.PERSON: lazy_gettext("Merged or erased"),
    Rule.ALREADY: lazy_gettext("Certificate was revoked"),
    Rule.COMPLETED: lazy_gettext("Not completed"),
    Rule.EXAM: lazy_gettext("Exam not passed"),
    Rule.QUALIFIED: lazy_gettext("Not qualified"),
    Rule.AGREEMENT: lazy_gettext("No agreement in force"),
    Rule.TEACHER: lazy_gettext("Taught without qualification"),
    Rule.NAME: lazy_gettext("Name cannot be printed"),
    Rule.GONE: lazy_gettext("No longer there"),
    Rule.PRINT: lazy_gettext("Cannot be printed"),
}
CAN_CHANGE = {
    Rule.COMPLETED: Fixer.COORDINATOR,
    Rule.EXAM: Fixer.COORDINATOR,
    Rule.NAME: Fixer.COORDINATOR,
}


def batch_title(narrowed_to: Sequence[str], cohorts: int) -> str:
    """What an order over many cohorts is called: `12 cohorts: Malaysia, Autumn 2026`."""
    count = str(ngettext("%(num)s cohort", "%(num)s cohorts", cohorts))
    return f"{count}: {', '.join(narrowed_to)}" if narrowed_to else count


def fixer_of(rule: Rule | None) -> str:
    """Who can change what a rule says."""
    return "" if rule is None else str(FIXERS[CAN_CHANGE.get(rule, Fixer.OFFICE)])


def remaining(batch: CertificateBatch, at: datetime) -> str | None:
    """How fast it goes, and how long the rest will take at that pace; None before anybody can tell."""
    done = batch.job_done - batch.run_began_done
    if batch.stage is not BatchStage.ISSUING or batch.run_began_at is None or done <= 0:
        return None
    seconds = max((at - batch.run_began_at).total_seconds(), 1.0)
    left = (batch.job_total - batch.job_done) * seconds / done
    pace = _("%(rate)s a minute", rate=f"{round(60 * done / seconds):,}")
    if left < 60:
        return f"{pace}, {_('less than a minute left')}"
    minutes = round(left / 60)
    about = ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes)
    return f"{pace}, {about}"


def csv_header() -> Sequence[str]:
    return (
        _("Name"),
        _("Native name"),
        _("Institution"),
        _("Cohort"),
        _("State"),
        _("Why not"),
        _("Who can change that"),
        _("Certificate"),
    )


def csv_row(row: CertificateBatchRow) -> Sequence[str]:
    return (
        row.person.printed_name,
        row.person.native_name or "",
        row.institution.name,
        row.cohort.code if row.cohort else "",
        str(ROW_STATES[row.state][0]),
        row.reason or "",
        fixer_of(row.rule) if row.state is BatchRowState.REFUSED else "",
        row.certificate.number if row.certificate else "",
    )


def row_state(text: str | None) -> BatchRowState | None:
    """The state of rows a link asks for."""
    return next((state for state in BatchRowState if state.value == text), None)
