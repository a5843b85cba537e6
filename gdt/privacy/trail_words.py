"""The one place where the trail is made to forget what it says of a person; who did what, and when, stays."""

from sqlalchemy import and_, or_, update

from gdt.audit import AuditEvent
from gdt.database import db
from gdt.people.models import Person
from gdt.privacy.erasing_texts import holding
from gdt.privacy.holdings import Holdings
from gdt.privacy.words import Words

FORGOTTEN = "Erased"


def forget_in_trail(held: Holdings, words: Words) -> None:
    """Erase the words of every event about her, or that names her: name, sentence and details."""
    about_her = and_(AuditEvent.subject_kind == Person.__tablename__, AuditEvent.subject_id.in_(held.persons))
    texts = (AuditEvent.subject_name, AuditEvent.summary, AuditEvent.details)
    blank = {"subject_name": FORGOTTEN, "summary": FORGOTTEN, "details": {}}
    db.session.execute(
        update(AuditEvent)
        .where(or_(about_her, holding(texts, words)))
        .values(**blank)
        .execution_options(synchronize_session=False)
    )
