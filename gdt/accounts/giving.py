"""Who may give what: nobody gives a role, an institution or a region that is not hers to give."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt.access import GIVES, OFFICE, Role, Viewer
from gdt.errors import DomainError
from gdt.partners.models import Institution, Region


def require_may_give(
    actor: Viewer,
    role: Role,
    institution: Institution | None,
    regions: Sequence[Region] = (),
    person_id: int | None = None,
) -> None:
    """Raise DomainError unless the actor may make someone this, and its parts fit together.

    The institution was found as the actor sees it, so it lies in her own place or regions.
    """
    if actor is not OFFICE and role not in GIVES[actor.role]:
        raise DomainError(_("You cannot give this role. Ask an administrator."), field="role")
    if role.is_of_one_person and person_id is None:
        raise DomainError(_("Invite a teacher from her own entry in the register."), field="role")
    if role.is_of_one_institution and institution is None:
        raise DomainError(_("Choose the institution this person works for."), field="institution")
    if not role.is_of_one_institution and institution is not None:
        raise DomainError(
            _("This role is in the GDT office: leave the institution empty."), field="institution"
        )
    if regions and not role.can_be_limited:
        raise DomainError(_("Only a programme officer is limited to regions."), field="regions")
