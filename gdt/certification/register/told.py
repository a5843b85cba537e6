"""What the history of a certificate tells: what may change is whether it stands, never what it says."""

from flask_babel import lazy_gettext as _

from gdt.certification.models import Certificate
from gdt.changes import Field, tell

tell(
    Certificate,
    _("Certificate"),
    {"revoked_at": Field(_("Revoked")), "revoked_reason": Field(_("Reason of the revocation"))},
    # Frozen at the issue, or blanked when its holder is erased, which the trail may not tell again.
    untold="number code year serial kind thing_earned edition person_id institution_id course_id cohort_id"
    " issued_on issued_at issued_by_id valid_until facts design file_key file_sha256 file_size"
    " revoked_by_id revoked_by_name replaces_id",
    name=lambda certificate: str(certificate.number),
)
