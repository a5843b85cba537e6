"""What an administrator does with users: giving roles, suspending, reinstating."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Role, Viewer
from gdt.accounts import queries
from gdt.accounts.giving import require_may_give
from gdt.accounts.models import User
from gdt.accounts.session_models import EndReason
from gdt.accounts.sessions import end_sessions
from gdt.database import now
from gdt.errors import DomainError
from gdt.partners.models import Institution, Region


def give_role(
    *,
    actor: Viewer,
    user: User,
    name: str,
    role: Role,
    institution: Institution | None,
    regions: Sequence[Region] = (),
) -> None:
    """Change what a user may do, from her next request on; another role ends her sessions."""
    require_may_give(actor, role, institution, regions, user.person_id)
    if user.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        _require_another_administrator()
    before = user.role
    user.name, user.role, user.institution, user.regions = name, role, institution, list(regions)
    user.person_id = user.person_id if role.is_of_one_person else None
    if before is not role:
        end_sessions(user=user, reason=EndReason.ROLE)
    audit.record(
        actor,
        "changed role",
        user,
        _("%(name)s is now %(role)s", name=name, role=role.label),
        institution_id=institution.id if institution else None,
        before=before.value,
        after=role.value,
        regions=[region.code for region in regions],
    )


def suspend_user(*, actor: Viewer, user: User, reason: str) -> None:
    """Keep a user out, from her next request on."""
    if user.id == actor.id:
        raise DomainError(_("You cannot suspend yourself. Ask another administrator."))
    if user.role is Role.ADMINISTRATOR:
        _require_another_administrator()
    user.suspended_at, user.suspended_because = now(), reason
    end_sessions(user=user, reason=EndReason.SUSPENDED)
    sentence = _("Suspended %(name)s: %(reason)s", name=user.name, reason=reason)
    audit.record(actor, "suspended", user, sentence, institution_id=user.institution_id)


def reinstate_user(*, actor: Viewer, user: User, reason: str) -> None:
    """Let a suspended user in again, with the password and the second factors she had."""
    if user.forgotten_at is not None:
        raise DomainError(_("Nobody knows any more whose account this was. Invite the person anew."))
    user.suspended_at = user.suspended_because = None
    sentence = _("Reinstated %(name)s: %(reason)s", name=user.name, reason=reason)
    audit.record(actor, "reinstated", user, sentence, institution_id=user.institution_id)


def _require_another_administrator() -> None:
    if queries.count_active_administrators() < 2:
        raise DomainError(_("This is the last administrator. Give the role to someone else first."))
