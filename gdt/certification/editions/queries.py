"""Reading the editions of a thing certified, and holding on to one while its state changes."""

from datetime import date

from sqlalchemy import func, select

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
