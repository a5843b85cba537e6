"""What the office has to do: approvals, certificates, corrections, headcounts, agreements, the last year."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.certification.batches.halting import find_halt
from gdt.certification.batches.queries import is_visible
from gdt.certification.correction_requests.queries import count_open
from gdt.certification.issuing.approving import list_waiting_approvals, may_decide
from gdt.certification.membership.certifying import assess_partners
from gdt.filters import day, number
from gdt.impact import next_steps
from gdt.impact.agreement_state import agreement_state
from gdt.impact.closing_queries import is_left_open
from gdt.impact.home_steps import Step, steps_of_others
from gdt.impact.targets import STUDENTS


def office_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """Everything that waits for an officer, in her regions."""
    yield from approval_steps(viewer)
    yield from steps_of_others(viewer, today)
    yield from _certificate_steps(viewer, today)
    yield from _correction_step(viewer)
    yield from _headcount_step(viewer)
    yield from _agreement_steps(viewer, today)
    yield from _qualification_step(viewer, today)
    yield from year_step(viewer, today)


def administrator_steps(viewer: Viewer, _today: date) -> Iterator[Step]:
    """Who has not come in yet, and issuing that stands still."""
    halt = find_halt()
    if halt is not None:
        sentence = _("All issuing is halted since %(day)s.", day=day(halt.turned_at.date()))
        yield Step(sentence, url_for("certification.issuing_switch"), _("See why"), "problem")
    invited = next_steps.count_users()["invited"]
    if invited:
        sentence = ngettext(
            "%(num)s person has not accepted the invitation yet.",
            "%(num)s people have not accepted their invitations yet.",
            invited,
        )
        yield Step(sentence, url_for("accounts.users"), _("See users"))


def approval_steps(viewer: Viewer) -> Iterator[Step]:
    """The batches that wait for this officer, who did not order them."""
    for batch in list_waiting_approvals():
        if is_visible(viewer, batch) and may_decide(viewer, batch):
            sentence = ngettext(
                "%(name)s asks for approval of %(num)s certificate: %(subject)s.",
                "%(name)s asks for approval of %(num)s certificates: %(subject)s.",
                batch.job_total,
                name=batch.ordered_by_name,
                subject=batch.subject,
            )
            yield Step(sentence, url_for("certification.batch", batch_id=batch.id), _("Look and decide"))


def _certificate_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    ready = next_steps.count_ready(viewer, today)
    if ready:
        sentence = ngettext(
            "%(num)s student has completed a cohort and passed its exam, and holds no certificate yet.",
            "%(num)s students have completed a cohort and passed its exam, and hold no certificate yet.",
            ready,
        )
        yield Step(sentence, url_for("certification.ready"), _("Ready to certify"))
    partners = sum(finding.is_ready for finding in assess_partners(viewer, today))
    if partners:
        sentence = ngettext(
            "%(num)s partner has an agreement in force and no certificate of it yet.",
            "%(num)s partners have an agreement in force and no certificate of it yet.",
            partners,
        )
        yield Step(sentence, url_for("certification.ready_partners"), _("Partner certificates"))


def _correction_step(viewer: Viewer) -> Iterator[Step]:
    asked = count_open(viewer)
    if asked:
        sentence = ngettext(
            "%(num)s holder asks for a correction.", "%(num)s holders ask for a correction.", asked
        )
        yield Step(sentence, url_for("certification.correction_requests", state="open"), _("Answer"))


def _headcount_step(viewer: Viewer) -> Iterator[Step]:
    claimed = next_steps.count_claimed(viewer) if may(viewer, Permission.IMPACT_READ) else 0
    if claimed:
        sentence = ngettext(
            "%(num)s headcount waits to be verified.", "%(num)s headcounts wait to be verified.", claimed
        )
        rows = url_for("impact.measure_rows", measure=STUDENTS.slug, source="headcounts")
        yield Step(sentence, rows, _("See headcounts"))


def _agreement_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    ending = next_steps.ending_agreements(viewer, today)
    for institution in ending.first:
        state = agreement_state(institution, today)  # type: ignore[arg-type]
        due_on = state.agreement.ends_on if state.agreement else None
        url = url_for("partners.institution", code=_code(institution))
        yield Step(f"{institution}: {state.sentence}", url, _("Renew"), due_on=due_on)
    if ending.count > len(ending.first):
        sentence = _("%(n)s more agreements end soon.", n=number(ending.count - len(ending.first)))
        yield Step(sentence, url_for("partners.institutions"), _("All institutions"))


def _code(record: Any) -> str:
    return str(record.code)


def _qualification_step(viewer: Viewer, today: date) -> Iterator[Step]:
    ending = next_steps.count_ending_qualifications(viewer, today)
    if ending.teachers and may(viewer, Permission.TRAININGS_READ):
        sentence = ngettext(
            "%(num)s teacher may soon teach a module no more: plan a training.",
            "%(num)s teachers may soon teach a module no more: plan a training.",
            ending.teachers,
        )
        yield Step(sentence, url_for("training.trainings"), _("Trainings"), due_on=ending.first_on)


def year_step(viewer: Viewer, today: date) -> Iterator[Step]:
    """Last year, where it has figures and is not closed."""
    year = today.year - 1
    if may(viewer, Permission.YEARS_CLOSE) and is_left_open(year):
        sentence = _("%(year)s is over and not closed yet: its figures still change.", year=year)
        yield Step(sentence, url_for("impact.year", year=year), _("Look and close"))
