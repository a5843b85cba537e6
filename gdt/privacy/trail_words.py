"""The one place where the trail is made to forget what it says of a person; who did what, and when, stays."""

from sqlalchemy import or_

from gdt.audit import AuditEvent
from gdt.privacy.erasing_texts import holding
from gdt.privacy.holdings import Holdings
from gdt.privacy.words import Words
from gdt.trail_forgetting import about_person, forget


def forget_in_trail(held: Holdings, words: Words) -> int:
    """Erase the words of every event about her, or that names her; the chain stays as it is."""
    about_her = (about_person(person_id) for person_id in held.persons)
    texts = (AuditEvent.subject_name, AuditEvent.summary, AuditEvent.details)
    return forget(or_(*about_her, holding(texts, words)))
