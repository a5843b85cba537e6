"""Whether a certificate can still be trusted after a key was stolen: if the log shows it before."""

from datetime import datetime

from certificates.log import decode_entry
from gdt.certification.log import queries as log_queries
from gdt.certification.models import Certificate


def distrusted_from(certificate: Certificate) -> datetime | None:
    """Since when the key that signed it counts as stolen, if the log does not show it before; else None."""
    if certificate.proof is None:
        return None
    keys = (certificate.proof.badge_key, certificate.proof.signature_key)
    stolen = [key.compromised_from for key in keys if key.compromised_from is not None]
    if not stolen:
        return None
    leaf = log_queries.find_leaf(certificate)
    if leaf is not None and decode_entry(leaf.leaf.encode()).at < min(stolen):
        return None
    return min(stolen)
