"""Ending partner certificates: one whose agreement was terminated is revoked once its last day has passed.

An agreement that runs out needs nothing: the certificate says itself until when it is valid.
"""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from gdt.access import OFFICE
from gdt.certification.editions.queries import hold_certificate
from gdt.certification.membership import queries
from gdt.certification.revoking.services import revoke_held
from gdt.database import now, unit_of_work
from gdt.routines import routine


@routine
def end_partner_certificates() -> None:
    """Doing it again, or in two places at once, revokes nothing twice."""
    with unit_of_work(), force_locale("en"):
        revoke_ended(now().date())


def revoke_ended(today: date) -> int:
    """Revoke those that outlived their agreement; returns how many."""
    ended = queries.list_to_end(today)
    for certificate in ended:
        hold_certificate(certificate)
    standing = [certificate for certificate in ended if certificate.revoked_at is None]
    if standing:
        revoke_held(standing, actor=OFFICE, reason=_("The agreement it was issued for has ended."))
    return len(standing)
