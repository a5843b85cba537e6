"""What was done lately, for a home page: what people did to the records the viewer sees."""

from dataclasses import replace

from sqlalchemy import select

from gdt.access import Viewer, sees_all, within
from gdt.audit import TOOK_OUT, AuditEvent
from gdt.database import db
from gdt.histories import Happening, in_words
from gdt.recognition.judging import JUDGED

SHOWN = 6
# Acts of one person on many parts, such as forty enrolments, stand as one act of their whole.
KINDS = (
    *("institutions", "agreements", "agreement_drafts", "institution_applications", "cohorts", "sittings"),
    *("uploads", "headcounts", "teacher_trainings", "exams", "certificate_batches", "correction_requests"),
    *("projects", "award_calls", "award_nominations", "institution_reports", "reporting_rounds"),
    *("closed_years", "targets", "events"),
)


def list_lately(viewer: Viewer) -> list[Happening]:
    """The last acts, newest first."""
    statement = select(AuditEvent).where(
        AuditEvent.subject_kind.in_(KINDS), AuditEvent.action != TOOK_OUT, AuditEvent.actor_id.is_not(None)
    )
    if viewer.role.is_of_one_person:
        statement = statement.where(AuditEvent.actor_id == viewer.id)
    elif not sees_all(viewer):
        mine = within(viewer, AuditEvent.institution_id)
        statement = statement.where(mine, AuditEvent.action != JUDGED)
    events = db.session.scalars(statement.order_by(AuditEvent.id.desc()).limit(SHOWN)).all()
    return [replace(in_words(event), subject=_subject(event)) for event in events]


def _subject(event: AuditEvent) -> str:
    """Which record it was, where the sentence itself does not say so."""
    return "" if event.subject_name in event.summary else event.subject_name
