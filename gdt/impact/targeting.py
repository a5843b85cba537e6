"""Setting a year's targets, and taking them back."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.impact.queries import today
from gdt.impact.scopes import Network, Scope
from gdt.impact.tallies import spot_of
from gdt.impact.target_models import Target
from gdt.impact.target_queries import find_target

FIRST_YEAR = 2017
YEARS_AHEAD = 10


def last_year() -> int:
    """The last year a target can be set for."""
    return today().year + YEARS_AHEAD


def check_year(year: int) -> None:
    """Raises DomainError for a year no target can be set for."""
    last = last_year()
    if not FIRST_YEAR <= year <= last:
        raise DomainError(_("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=last), "year")


def set_target(
    *,
    actor: Viewer,
    network: Network,
    scope: Scope,
    place: str,
    teachers: int | None,
    students: int | None,
) -> bool:
    """Set the targets of a place for the scope's year; None leaves a measure to the agreements.

    Returns whether anything changed. `place` is what the place is called, for the trail.
    """
    year, spot = scope.year or 0, spot_of(network, scope)
    check_year(year)
    if spot is None:
        raise DomainError(_("There is no institution in this place."))
    known = find_target(year, *spot)
    if (known and (known.teachers, known.students)) == (teachers, students):
        return False
    if teachers is None and students is None:
        return _take_back(actor, known, place)
    target = known or Target(year=year, level=spot[0], place_id=spot[1])
    target.teachers, target.students, target.is_imported = teachers, students, False
    db.session.add(target)
    summary = _("Set the targets of %(place)s for %(year)s.", place=place, year=year)
    audit.record(actor, "set", target, summary, teachers=teachers, students=students)
    return True


def _take_back(actor: Viewer, known: Target | None, place: str) -> bool:
    if known is None:
        return False
    summary = _("Took back the targets of %(place)s for %(year)s.", place=place, year=known.year)
    audit.record(actor, "withdrew", known, summary)
    db.session.delete(known)
    return True
