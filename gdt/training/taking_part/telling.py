"""Mails about places in a training: to who is named or moves up, and to whose teacher cannot come."""

from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.accounts.queries import list_coordinators
from gdt.database import now
from gdt.mail import Note, send_all
from gdt.people.models import Person
from gdt.training.models import TeacherTraining
from gdt.training.own_page.links import link_for
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.queries import find_own_invitation


def tell_named(people: Iterable[Person], training: TeacherTraining, actor: Viewer) -> None:
    """Tell those who have an address that they take part in a training ahead; her page has the timetable."""
    if training.starts_on <= now().date():
        return
    send_all(
        [
            Note(
                template="training_named",
                to=person.email,
                subject=_("You take part: %(training)s", training=training),
                context={
                    "name": person.printed_name,
                    "actor": actor.name,
                    "training": training,
                    "url": link_for(person.id, person.email),
                },
            )
            for person in people
            if person.email
        ]
    )


def tell_moved_up(named: Iterable[TrainingApplication]) -> None:
    """Tell those who moved up from the waiting list, and the coordinators of their institutions."""
    notes = []
    for one in named:
        page = f"{current_app.config['BASE_URL']}/training-invitations"
        told = {user.email: (user.name, page) for user in list_coordinators(one.institution_id)}
        if one.person.email:
            told[one.person.email] = (one.person.printed_name, link_for(one.person_id, one.person.email))
        about = {"person": one.person, "training": one.training}
        notes += [
            Note(
                template="training_place",
                to=email,
                subject=_("A place came free: %(training)s", training=one.training),
                context=about | {"name": name, "url": url},
            )
            for email, (name, url) in told.items()
        ]
    send_all(notes)


def tell_cannot_come(named: TrainingApplication) -> None:
    """Tell the coordinators of a teacher that she gave her place back, and where to name another."""
    invitation = find_own_invitation(named.training, named.institution_id)
    page = f"/training-invitations/{invitation.id}" if invitation is not None else "/training-invitations"
    person, training = named.person, named.training
    send_all(
        [
            Note(
                template="training_place_back",
                to=user.email,
                subject=_(
                    "Cannot come: %(person)s, %(training)s", person=named.person, training=named.training
                ),
                context={
                    "name": user.name,
                    "person": person,
                    "training": training,
                    "url": f"{current_app.config['BASE_URL']}{page}",
                },
            )
            for user in list_coordinators(named.institution_id)
        ]
    )
