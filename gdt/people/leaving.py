"""Noting that somebody left an institution: until when she belonged there; what she did there stays."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer, sees
from gdt.errors import DomainError
from gdt.people.models import Affiliation, Person
from gdt.people.words import ROLES


def note_leaving(*, actor: Viewer, person: Person, last_days: Mapping[int, date | None]) -> int:
    """Keep the last day of each of her places, by affiliation; none: she is still there.

    Returns how many changed. A teacher's account sees nothing of the institution from the day after on.
    """
    changed = 0
    for place in person.affiliations:
        if place.id not in last_days or not sees(actor, place.institution):
            continue
        if last_days[place.id] != place.until_on:
            _note(actor, place, last_days[place.id])
            changed += 1
    return changed


def _note(actor: Viewer, place: Affiliation, last_day: date | None) -> None:
    if last_day is not None and last_day < place.from_on:
        raise DomainError(_("The last day comes after the first."), f"until_{place.id}")
    place.until_on = last_day
    about = {"name": place.person, "role": ROLES[place.role], "place": place.institution}
    said = (
        _("%(name)s is %(role)s at %(place)s again.", **about)
        if last_day is None
        else _("%(name)s leaves %(place)s as %(role)s.", **about)
    )
    audit.record(actor, "left", place.person, said, institution_id=place.institution_id)
