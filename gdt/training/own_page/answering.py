"""What a teacher who signs in answers about trainings: that she comes, or that she cannot."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import now
from gdt.errors import DomainError
from gdt.row_security import everything
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.queries import get_own_application
from gdt.training.taking_part.seating import withdraw
from gdt.training.taking_part.states import PartState
from gdt.training.taking_part.telling import tell_cannot_come

ANSWERABLE = frozenset({PartState.TAKES_PART, PartState.WAITING})


def get_named(viewer: Viewer, code: str) -> TrainingApplication:
    """For what training she was named, by whichever institution."""
    with everything():
        return get_own_application(viewer.person_id, code)


def say_she_comes(*, viewer: Viewer, code: str) -> TrainingApplication:
    """Note that she comes; saying it twice changes nothing. Raises DomainError once it has begun."""
    with everything():
        named = get_own_application(viewer.person_id, code)
        _require_ahead(named)
        if named.confirmed_at is None:
            named.confirmed_at = now()
            said = _("%(name)s said to come.", name=named.person)
            audit.record(viewer, "confirmed", named, said, institution_id=named.institution_id)
    return named


def say_she_cannot(*, viewer: Viewer, code: str) -> TrainingApplication:
    """Give her place back: whoever waits longest takes it, and her coordinators are told by mail.

    Raises DomainError once it has begun.
    """
    with everything():
        named = get_own_application(viewer.person_id, code)
        _require_ahead(named)
        withdraw(actor=viewer, application=named)
        named.confirmed_at = None
        tell_cannot_come(named)
    return named


def _require_ahead(named: TrainingApplication) -> None:
    if named.training.starts_on <= now().date():
        raise DomainError(_("The training has begun. Tell its trainers, or your coordinator."))
    if named.state not in ANSWERABLE:
        raise DomainError(_("You are not named for this training any more."))
