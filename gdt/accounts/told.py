"""What the history of an account tells; nothing of it is a secret."""

from flask_babel import lazy_gettext as _

from gdt.access import ROLE_LABELS
from gdt.accounts.models import User
from gdt.changes import Field, tell
from gdt.partners.models import Institution

tell(
    User,
    _("Account"),
    {
        "email": Field(_("E-mail")),
        "name": Field(_("Name")),
        "role": Field(_("Role"), ROLE_LABELS),
        "institution_id": Field(_("Institution"), of=Institution),
        "regions": Field(_("Regions")),
        "suspended_at": Field(_("Suspended since")),
        "suspended_because": Field(_("Suspended because")),
    },
    untold="person_id password_hash last_signed_in_at created_at forgotten_at",
)
