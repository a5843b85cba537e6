"""Revoking: a certificate stays in the register, and says from now on that it does not count, and why."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import Viewer
from gdt.certification.editions.queries import hold_certificate
from gdt.certification.log import writing as log_writing
from gdt.certification.models import Certificate, CertificateState
from gdt.database import now
from gdt.errors import DomainError


def revoke_certificate(*, actor: Viewer, certificate: Certificate, reason: str) -> None:
    """Revoke for a reason, which everyone who verifies it will read. Raises DomainError when it cannot be."""
    hold_certificate(certificate)
    if not reason.strip():
        raise DomainError(_("Say why: everyone who verifies the certificate will read it."), "reason")
    if certificate.state(now().date()) in {CertificateState.REVOKED, CertificateState.REPLACED}:
        raise DomainError(_("This certificate was revoked or replaced already. Nothing was changed."))
    revoke_held([certificate], actor=actor, reason=reason.strip())


def revoke_held(certificates: Sequence[Certificate], *, actor: Viewer, reason: str) -> None:
    """Revoke certificates that are held and stand, with everything that follows, in this transaction."""
    moment = now()
    for certificate in certificates:
        certificate.revoked_at, certificate.revoked_reason = moment, reason
        certificate.revoked_by_id, certificate.revoked_by_name = actor.id, actor.name
    log_writing.record_revoked(*certificates)
    audit.record_all(
        actor,
        "revoked",
        [
            (c, _("Revoked %(number)s: %(reason)s", number=c.number, reason=reason), c.institution_id)
            for c in certificates
        ],
    )


def tell_holders(certificates: Sequence[Certificate]) -> None:
    """A mail to each holder with an address; it leaves with the commit of the revocation."""
    for certificate in certificates:
        person = certificate.person
        if person is not None and person.email and person.erased_at is None:
            mail.send(
                "certificate_revoked",
                to=person.email,
                subject=_("Your certificate %(number)s was revoked", number=certificate.number),
                certificate=certificate,
            )
