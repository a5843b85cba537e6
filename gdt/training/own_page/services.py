"""Sending a teacher the link to her own page."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.errors import DomainError
from gdt.mail import send
from gdt.people.models import Person
from gdt.training.own_page.links import LASTS_DAYS, link_for


def send_own_page(*, actor: Viewer, person: Person) -> None:
    """Mail a teacher the link to her own page. Raises DomainError for one without an address."""
    if not person.email:
        raise DomainError(_("%(name)s has no e-mail address yet. Enter it first.", name=person))
    send(
        "own_page",
        to=person.email,
        subject=_("Your teaching in the programme"),
        name=person.printed_name,
        inviter=actor.name,
        url=link_for(person.id, person.email),
        days=LASTS_DAYS,
    )
    said = _("Sent %(name)s the link to the own page.", name=person)
    audit.record(actor, "sent", person, said, institution_id=actor.institution_id)
