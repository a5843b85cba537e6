"""Renewing: a teacher's certificate for the next term names the one it renews, and the two make a chain.

Issuing calls this in its own transaction. The chain follows the terms of one person in one course, whatever
became of each: a term that was revoked stays in it, as revoked.
"""

from collections.abc import Sequence

from gdt.certification.models import Certificate, CertificateKind
from gdt.certification.terms import queries
from gdt.certification.terms.models import CertificateRenewal
from gdt.database import db


def link_renewals(certificates: Sequence[Certificate]) -> None:
    """Chain these to the latest earlier term of the same person and course, if nothing renews that yet."""
    new = [c for c in certificates if c.kind is CertificateKind.TEACHER and c.edition == 1]
    if not new:
        return
    terms = queries.list_first_editions(
        {c.person_id for c in new if c.person_id}, {c.course_id for c in new if c.course_id}
    )
    for certificate in new:
        earlier = [
            term
            for term in terms
            if (term.person_id, term.course_id) == (certificate.person_id, certificate.course_id)
            and certificate.valid_until is not None
            and term.valid_until < certificate.valid_until
        ]
        last = max(earlier, key=lambda term: (term.valid_until, term.id), default=None)
        if last is not None and not last.is_renewed:
            db.session.add(CertificateRenewal(certificate_id=certificate.id, renews_id=last.id))
    db.session.flush()
