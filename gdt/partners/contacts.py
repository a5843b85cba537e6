"""What the office and coordinators do with contacts: they add, change and end them, and take one away."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit, changes
from gdt.access import Viewer
from gdt.audit import AuditEvent
from gdt.database import broken_constraint, db
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.partners.contact_models import Contact
from gdt.partners.contact_words import DUTIES
from gdt.partners.models import Institution
from gdt.trail_forgetting import forget


def add_contact(*, viewer: Viewer, institution: Institution, **facts: Any) -> Contact:
    """Name somebody to turn to. `facts` are name, duty, position, email, phone, from_on and until_on.

    Raises DomainError where nobody could reach her, or she stands there already.
    """
    contact = Contact(institution_id=institution.id, **_checked(facts))
    _keep(contact)
    _record(viewer, contact, "named", _("Named %(name)s as %(duty)s", **_who(contact)))
    return contact


def change_contact(*, viewer: Viewer, contact: Contact, **facts: Any) -> None:
    """Put right what is known of a contact."""
    db.session.refresh(contact, with_for_update={"of": Contact})
    for name, value in _checked(facts).items():
        setattr(contact, name, value)
    has_changed = db.session.is_modified(contact)
    _keep(contact)
    if has_changed:
        _record(viewer, contact, "changed", _("Changed %(name)s, %(duty)s", **_who(contact)))


def end_contact(*, viewer: Viewer, contact: Contact, until_on: date) -> None:
    """Note the last day of a duty; nobody is written to about it from the next day on."""
    db.session.refresh(contact, with_for_update={"of": Contact})
    if until_on < contact.from_on:
        raise DomainError(
            _("The duty began on %(day)s. It cannot end before.", day=written(contact.from_on)), "until_on"
        )
    contact.until_on = until_on
    _keep(contact)
    said = _("%(name)s is %(duty)s until %(day)s", day=written(until_on), **_who(contact))
    _record(viewer, contact, "ended", said)


def take_away_contact(*, viewer: Viewer, contact: Contact) -> None:
    """Take an entry away with all that the history says of the person; that there was one stays."""
    institution_id = contact.institution_id
    forget_contact(contact)
    institution = db.session.get_one(Institution, institution_id)
    said = _("Took a contact away, with all that was kept of the person")
    audit.record(viewer, "took away", institution, said, institution_id=institution_id)


def forget_contact(contact: Contact) -> None:
    """Delete an entry and the words of its events; twice is once."""
    kind, contact_id = contact.__tablename__, contact.id
    db.session.delete(contact)
    db.session.flush()
    changes.leave_untold()
    forget((AuditEvent.subject_kind == kind) & (AuditEvent.subject_id == contact_id))


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    facts = {**facts, "email": (facts.get("email") or "").lower() or None}
    if not facts["email"] and not facts.get("phone"):
        raise DomainError(_("Write an e-mail address or a telephone number."), "email")
    if facts.get("until_on") and facts["until_on"] < facts["from_on"]:
        raise DomainError(_("The duty ends before it begins. Check both days."), "until_on")
    return facts


def _keep(contact: Contact) -> None:
    """The database decides whether the same person stands there already: asking first would lose a race."""
    try:
        with db.session.begin_nested():
            db.session.add(contact)
            db.session.flush()
    except IntegrityError as error:
        if broken_constraint(error) not in {"uq_contacts_open", "uq_contacts_institution_id_duty_name"}:
            raise
        raise DomainError(_("This person has this duty here already. Change that entry."), "name") from error


def _who(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "duty": str(DUTIES[contact.duty]).lower()}


def _record(viewer: Viewer, contact: Contact, action: str, summary: str) -> None:
    audit.record(viewer, action, contact, summary, institution_id=contact.institution_id)
