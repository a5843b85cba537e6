"""Reading partner certificates: which agreement each is for, and whose ended before its last day."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.partners.models import Agreement, Institution

_OF_PARTNERS = Certificate.kind == CertificateKind.PARTNER


def thing_of_agreement(agreement_id: int) -> str:
    """What a partner certificate is for: an institution is certified once for each agreement."""
    return f"partner:{agreement_id}"


def list_with_agreement(viewer: Viewer, day: date) -> Sequence[Institution]:
    """The institutions that have an agreement in force on a day and are not closed, by name."""
    in_force = select(Agreement.institution_id).where(Agreement.starts_on <= day, Agreement.ends_on >= day)
    return db.session.scalars(
        select(Institution)
        .where(
            within(viewer, Institution.id),
            Institution.id.in_(in_force),
            or_(Institution.closed_on.is_(None), Institution.closed_on > day),
        )
        .options(selectinload(Institution.agreements))
        .order_by(Institution.name)
    ).all()


def newest_of(agreements: Iterable[Agreement]) -> dict[int, Certificate]:
    """The newest edition of the certificate of each agreement that has one."""
    things = {thing_of_agreement(one.id): one.id for one in agreements}
    found = db.session.scalars(
        select(Certificate).where(Certificate.thing_earned.in_(things)).order_by(Certificate.edition)
    )
    return {things[certificate.thing_earned]: certificate for certificate in found}


def list_of_institution(institution: Institution) -> Sequence[Certificate]:
    """Every partner certificate of an institution the viewer opened, the newest first."""
    return db.session.scalars(
        select(Certificate)
        .where(_OF_PARTNERS, Certificate.institution_id == institution.id)
        .options(joinedload(Certificate.replaced_by))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()


def list_to_end(day: date) -> Sequence[Certificate]:
    """Those that still say to be valid though the agreement was terminated, or the institution closed."""
    standing = db.session.scalars(
        select(Certificate)
        .where(_OF_PARTNERS, Certificate.revoked_at.is_(None), Certificate.valid_until >= day)
        .options(
            joinedload(Certificate.institution).selectinload(Institution.agreements),
            joinedload(Certificate.replaced_by),
        )
        .order_by(Certificate.id)
    ).unique()
    return [one for one in standing if one.replaced_by is None and _has_ended(one, day)]


def _has_ended(certificate: Certificate, day: date) -> bool:
    institution = certificate.institution
    if institution.closed_on is not None and institution.closed_on <= day:
        return True
    things = {thing_of_agreement(one.id): one for one in institution.agreements}
    agreement = things.get(certificate.thing_earned)
    return agreement is not None and agreement.ends_on < day
