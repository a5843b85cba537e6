"""The one place where the trail is made to forget what it says of a person; who did what, and when, stays."""

from sqlalchemy import and_, or_

from gdt.audit import AuditEvent
from gdt.people.models import Person
from gdt.privacy.erasing_texts import holding
from gdt.privacy.holdings import Holdings
from gdt.privacy.words import Words
from gdt.trail_forgetting import forget


def forget_in_trail(held: Holdings, words: Words) -> None:
    """Erase the words of every event about her, or that names her: name, sentence and details."""
    about_her = and_(AuditEvent.subject_kind == Person.__tablename__, AuditEvent.subject_id.in_(held.persons))
    texts = (AuditEvent.subject_name, AuditEvent.summary, AuditEvent.details)
    forget(or_(about_her, holding(texts, words)))
