"""Revoking: a certificate stays in the register, and says from now on that it does not count, and why."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.certification.edition_queries import hold_certificate
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
    certificate.revoked_at = now()
    certificate.revoked_reason = reason.strip()
    certificate.revoked_by_id, certificate.revoked_by_name = actor.id, actor.name
    summary = _("Revoked %(number)s: %(reason)s", number=certificate.number, reason=reason.strip())
    audit.record(actor, "revoked", certificate, summary, institution_id=certificate.institution_id)
