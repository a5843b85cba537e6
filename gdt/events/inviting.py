"""Invitations by mail: to the coordinators of institutions, or to anybody; each link answers once."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit, mail
from gdt.access import OFFICE, Viewer
from gdt.accounts.queries import list_coordinators
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.events import people_queries
from gdt.events.links import INVITATION, address_of
from gdt.events.models import Event, Way
from gdt.events.people_models import EventInvitation
from gdt.events.registering import Guest, ask_for_place
from gdt.events.zones import day_and_clock
from gdt.mail import Note
from gdt.partners.models import Institution
from gdt.partners.time_zones import zone_name
from gdt.row_security import everything


class Invited(NamedTuple):
    """Somebody to be invited."""

    name: str
    email: str
    institution: Institution | None = None


def coordinators_of(institutions: Sequence[Institution]) -> list[Invited]:
    return [
        Invited(user.name, user.email.lower(), institution)
        for institution in institutions
        for user in list_coordinators(institution.id)
    ]


def invite(*, actor: Viewer, event: Event, guests: Sequence[Invited]) -> int:
    """Mail each a link to answer; who was invited before is left alone. Returns how many are new.

    Raises DomainError where nobody is left to invite, or the event takes no registrations.
    """
    if not event.takes_registrations(now()):
        raise DomainError(_("Announce the event first; once registration is closed nobody can be invited."))
    known = people_queries.invited_emails(event)
    new = {guest.email.lower(): guest for guest in guests if guest.email.lower() not in known}
    if not new:
        raise DomainError(_("All of them were invited before, or have nobody to invite."))
    invitations = [_new(actor, event, guest) for guest in new.values()]
    db.session.add_all(invitations)
    db.session.flush()
    mail.send_all([_letter(one) for one in invitations])
    count = len(invitations)
    audit.record(
        actor,
        "invited",
        event,
        ngettext("Invited %(num)s person", "Invited %(num)s people", count),
        count=count,
    )
    return count


@everything()
def answer_invitation(*, invitation: EventInvitation, is_coming: bool, name: str, way: Way | None) -> None:
    """Answer once, yes with a place or no. Raises DomainError for a second answer."""
    db.session.refresh(invitation, ["answered_at"], with_for_update={"of": EventInvitation})
    if invitation.answered_at is not None:
        raise DomainError(
            _("This invitation was answered already. The mail about your place has the link to change it.")
        )
    event = invitation.event
    if not event.takes_registrations(now()):
        raise DomainError(_("Registration for this event is closed."))
    if is_coming:
        chosen = way or event.ways[0]
        guest = Guest(name, invitation.email, chosen, invitation.institution)
        ask_for_place(event=event, guest=guest)
    invitation.answered_at, invitation.is_coming = now(), is_coming
    summary = _("Answered the invitation: yes") if is_coming else _("Answered the invitation: no")
    audit.record(OFFICE, "answered", invitation, summary, institution_id=invitation.institution_id)


def _new(actor: Viewer, event: Event, guest: Invited) -> EventInvitation:
    return EventInvitation(
        event=event,
        institution=guest.institution,
        email=guest.email.lower(),
        name=guest.name,
        link_key=secrets.token_hex(16),
        invited_by_name=actor.name,
    )


def _letter(invitation: EventInvitation) -> Note:
    event = invitation.event
    return Note(
        template="event_invitation",
        to=invitation.email,
        subject=_("You are invited: %(title)s", title=event.title),
        context={
            "invitation": invitation,
            "event": event,
            "when": f"{day_and_clock(event.starts_at, event.time_zone)} ({zone_name(event.time_zone)})",
            "link": address_of(INVITATION, invitation.link_key),
        },
        key=f"event-invitation:{invitation.id}",
    )
