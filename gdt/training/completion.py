"""Attendance and completion: what a coordinator records of the students of a cohort."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import update

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day as in_words
from gdt.filters import ngettext
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.training.enrolment_queries import list_enrolments
from gdt.training.models import Cohort, Enrolment, EnrolmentState

PERCENTAGE = re.compile(r"0{0,2}[0-9]{1,2}|100")


@dataclass(frozen=True)
class Entry:
    """One student's line as it was typed; `was` is what the page showed when it was drawn."""

    enrolment_id: int
    attendance: str
    state: str
    was: str

    @property
    def typed(self) -> str:
        return f"{self.state}:{self.attendance.strip()}"


def shown(enrolment: Enrolment) -> str:
    """What a page shows of an enrolment, to tell later whether somebody else has changed it meanwhile."""
    attendance = "" if enrolment.attendance_percent is None else enrolment.attendance_percent
    return f"{enrolment.state.value}:{attendance}"


class EntriesRefused(DomainError):
    """Some lines cannot be kept; `reasons` says why, by enrolment."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(
            ngettext(
                "%(num)s line needs you before anything is kept.",
                "%(num)s lines need you before anything is kept.",
                len(reasons),
            )
        )
        self.reasons = reasons


def record_progress(
    *, actor: Viewer, cohort: Cohort, entries: Sequence[Entry], completed_on: date | None
) -> int:
    """Keep attendance (whole per cent) and state of the lines that changed; returns how many did.

    All or nothing: a line that cannot be kept raises EntriesRefused, and so does one that somebody else
    has changed since the page was drawn. `completed_on` is the day of those newly marked completed.
    """
    require_permitted(cohort.institution, PartnerAct.CHANGE_ROSTER, actor=actor)
    changed = {entry.enrolment_id: entry for entry in entries if entry.typed != entry.was}
    enrolments = list_enrolments(cohort, list(changed))
    reasons = {e.id: reason for e in enrolments if (reason := _reason(e, changed[e.id]))}
    if reasons:
        raise EntriesRefused(reasons)
    if any(_completes(e, changed[e.id]) for e in enrolments):
        completed_on = checked_day(cohort, completed_on)
    changes = [_apply(enrolment, changed[enrolment.id], completed_on) for enrolment in enrolments]
    if changes:
        summary = ngettext(
            "Recorded attendance and completion of %(num)s student.",
            "Recorded attendance and completion of %(num)s students.",
            len(changes),
        )
        audit.record(
            actor, "recorded", cohort, summary, institution_id=cohort.institution_id, changes=changes
        )
    return len(changes)


def complete_students(
    *, actor: Viewer, cohort: Cohort, completed_on: date | None, enrolment_ids: Sequence[int] | None = None
) -> int:
    """Mark the enrolled students completed, all of the cohort or those given; returns how many were.

    Who withdrew stays withdrawn, who has completed keeps her day; doing it twice changes nothing.
    """
    require_permitted(cohort.institution, PartnerAct.CHANGE_ROSTER, actor=actor)
    day = checked_day(cohort, completed_on)
    statement = (
        update(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
        .values(state=EnrolmentState.COMPLETED, completed_on=day)
        .execution_options(synchronize_session="fetch")
    )
    if enrolment_ids is not None:
        statement = statement.where(Enrolment.id.in_(enrolment_ids))
    count = int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
    if count:
        summary = ngettext("Marked %(num)s student completed.", "Marked %(num)s students completed.", count)
        audit.record(
            actor, "completed", cohort, summary, institution_id=cohort.institution_id, on=day.isoformat()
        )
    return count


def checked_day(cohort: Cohort, day: date | None) -> date:
    """The day of completion, if it can be one; raises DomainError."""
    if day is None:
        raise DomainError(_("Give the day of completion, such as 30 Jun 2026."), "completed_on")
    if day < cohort.starts_on:
        start = in_words(cohort.starts_on)
        raise DomainError(
            _("The cohort starts on %(start)s; completion comes after that.", start=start), "completed_on"
        )
    if day > now().date():
        raise DomainError(_("This day is still to come. Mark completion once it is here."), "completed_on")
    return day


def _reason(enrolment: Enrolment, entry: Entry) -> str:
    if shown(enrolment) not in (entry.was, entry.typed):
        return str(
            _(
                "Somebody else has changed this line to “%(now)s” meanwhile. Reload the page and look again.",
                now=shown(enrolment).replace(":", " "),
            )
        )
    text = entry.attendance.strip()
    if text and not PERCENTAGE.fullmatch(text):
        return str(_("Attendance is a whole number from 0 to 100, or empty."))
    if entry.state not in list(EnrolmentState):
        return str(_("Choose enrolled, completed or withdrew."))
    return ""


def _completes(enrolment: Enrolment, entry: Entry) -> bool:
    return entry.state == EnrolmentState.COMPLETED and enrolment.state is not EnrolmentState.COMPLETED


def _apply(enrolment: Enrolment, entry: Entry, completed_on: date | None) -> str:
    text = entry.attendance.strip()
    if _completes(enrolment, entry):
        enrolment.completed_on = completed_on
    elif entry.state != EnrolmentState.COMPLETED:
        enrolment.completed_on = None
    enrolment.attendance_percent = int(text) if text else None
    enrolment.state = EnrolmentState(entry.state)
    return f"{enrolment.person_id}: {entry.was} → {entry.typed}"
