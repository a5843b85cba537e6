"""Reading the editions of a thing certified, and holding on to one while its state changes."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.models import Certificate
from gdt.database import db


def hold_certificate(certificate: Certificate) -> None:
    """Wait for, and hold to the end of the transaction, the right to change a certificate's state."""
    db.session.refresh(certificate, with_for_update={"of": Certificate, "key_share": True})


def first_issued_on(certificate: Certificate) -> date:
    """The day the same thing was certified for the first time."""
    query = select(func.min(Certificate.issued_on)).where(
        Certificate.thing_earned == certificate.thing_earned
    )
    return db.session.scalars(query).one()


def list_editions(certificate: Certificate) -> Sequence[Certificate]:
    """Every certificate of the same thing, first edition first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.thing_earned == certificate.thing_earned)
        .options(selectinload(Certificate.replaced_by))
        .order_by(Certificate.edition)
    ).all()


def find_replacement(certificate: Certificate) -> CertificateReplacement | None:
    """Why this certificate took the place of another, if it did."""
    query = select(CertificateReplacement).where(CertificateReplacement.certificate_id == certificate.id)
    return db.session.scalar(query)
