"""Giving a teacher an account of her own: her coordinator or the office invites her from her entry."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE, Role, Viewer
from gdt.accounts.inviting import invite_again, invite_user
from gdt.accounts.models import User
from gdt.accounts.queries import list_accounts_of
from gdt.accounts.session_models import EndReason
from gdt.accounts.sessions import end_sessions
from gdt.accounts.signing_in import tell_of_change
from gdt.database import db
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.row_security import everything
from gdt.training.visible import teaches_at


@everything()
def invite_teacher(*, actor: Viewer, person: Person, institution: Institution, link: str) -> User:
    """Mail a teacher the link to an account that shows what is hers; `link` holds `{token}`.

    Who has one of an institution that she left keeps it: it works for the new one from now on, with the
    password she has. The institution was found as the actor sees it.
    """
    _require_teacher(person, institution)
    accounts = list_accounts_of(OFFICE, person.id)
    if any(one.institution_id == institution.id for one in accounts):
        raise DomainError(_("%(name)s has an account here already.", name=person))
    left = [one for one in accounts if not db.session.scalar(teaches_at(person.id, one.institution_id or 0))]
    if left:
        return _move(actor, left[0], institution, link)
    return invite_user(
        actor=actor,
        name=person.printed_name,
        email=person.email or "",
        role=Role.TEACHER,
        institution=institution,
        link=link,
        person_id=person.id,
    )


def _require_teacher(person: Person, institution: Institution) -> None:
    if person.erased_at or person.merged_into_id:
        raise DomainError(_("This entry does not stand for anybody any more."))
    if not db.session.scalar(teaches_at(person.id, institution.id)):
        raise DomainError(
            _("%(name)s is not a teacher of %(place)s now.", name=person, place=institution), "institution"
        )
    if not person.email:
        raise DomainError(_("%(name)s has no e-mail address yet. Enter it first.", name=person))


def _move(actor: Viewer, user: User, institution: Institution, link: str) -> User:
    """What she left is out of her sight anyway; sessions end so that nothing of it stays on a screen."""
    user.institution = institution
    end_sessions(user=user, reason=EndReason.ROLE)
    said = _("Moved the account of %(name)s to %(place)s", name=user.name, place=institution)
    audit.record(actor, "moved account", user, said, institution_id=institution.id)
    if user.has_accepted:
        tell_of_change(user, _("It now works for %(place)s.", place=institution))
    else:
        invite_again(actor=actor, user=user, link=link)
    return user
