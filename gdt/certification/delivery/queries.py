"""Reading deliveries: those of a batch by state and search, those of a certificate, one with all it shows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Case, ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from gdt.access import Viewer, within
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.delivery.models import CertificateDelivery, MailedBatch
from gdt.certification.models import Certificate
from gdt.certification.numbering import parse_number
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.mail import DeliveryState, OutgoingMail
from gdt.partners.models import Country, Institution
from gdt.people.models import Person

ORDER = (CertificateDelivery.id,)
NO_ADDRESS = "no address"
TO_SEND_AGAIN = (DeliveryState.REFUSED.value, DeliveryState.BOUNCED.value, NO_ADDRESS)
_SURVIVOR = aliased(Person)


@dataclass(frozen=True, kw_only=True)
class WantedDeliveries:
    """The latest deliveries of a batch, narrowed; "" narrows nothing."""

    batch_id: int
    text: str = ""
    state: str = ""


@dataclass(frozen=True)
class Addressee:
    """Where a certificate's holder is reached today, and the country whose language she may read."""

    email: str | None
    country: str


def list_deliveries(viewer: Viewer, wanted: WantedDeliveries) -> Select[Any]:
    """To be paged in ORDER."""
    return _joined(viewer, wanted).options(
        contains_eager(CertificateDelivery.certificate), contains_eager(CertificateDelivery.mail)
    )


def every_delivery(viewer: Viewer, wanted: WantedDeliveries) -> Iterator[CertificateDelivery]:
    statement = list_deliveries(viewer, wanted).order_by(*ORDER)
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def count_by_state(viewer: Viewer, wanted: WantedDeliveries) -> dict[str, int]:
    """How many of the latest deliveries are in each state; "no address" is one of them."""
    inner = _joined(viewer, replace(wanted, state="")).with_only_columns(_state().label("state")).subquery()
    query = select(inner.c.state, func.count()).group_by(inner.c.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_to_send_again(viewer: Viewer, batch: CertificateBatch) -> list[CertificateDelivery]:
    """The refused, the returned and the unaddressed of a batch whose holder has an address now."""
    found = db.session.scalars(
        list_deliveries(viewer, WantedDeliveries(batch_id=batch.id))
        .where(_state().in_(TO_SEND_AGAIN), Certificate.revoked_at.is_(None))
        .order_by(*ORDER)
    ).all()
    known = find_addressees([delivery.certificate_id for delivery in found])
    return [delivery for delivery in found if known[delivery.certificate_id].email]


def list_of_certificate(viewer: Viewer, certificate: Certificate) -> Sequence[CertificateDelivery]:
    """Every round, latest first."""
    return db.session.scalars(
        select(CertificateDelivery)
        .where(
            CertificateDelivery.certificate_id == certificate.id,
            within(viewer, CertificateDelivery.institution_id),
        )
        .options(joinedload(CertificateDelivery.mail))
        .order_by(CertificateDelivery.round.desc())
    ).all()


def get_delivery(viewer: Viewer, delivery_id: int) -> CertificateDelivery:
    found = db.session.scalar(
        select(CertificateDelivery)
        .where(CertificateDelivery.id == delivery_id, within(viewer, CertificateDelivery.institution_id))
        .options(joinedload(CertificateDelivery.mail), joinedload(CertificateDelivery.certificate))
    )
    if found is None:
        raise RecordNotFound
    return found


def is_mailed(batch_id: int | None) -> bool:
    """Whether the holders of a batch are mailed."""
    return db.session.scalar(select(MailedBatch.id).where(MailedBatch.batch_id == batch_id)) is not None


def find_addressees(certificate_ids: Collection[int]) -> dict[int, Addressee]:
    """The address of each certificate's holder as it is known today, after merging people, too."""
    rows = db.session.execute(
        select(
            Certificate.id,
            func.coalesce(_SURVIVOR.email, Person.email),
            Country.code,
        )
        .join(Institution, Institution.id == Certificate.institution_id)
        .join(Country, Country.id == Institution.country_id)
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(_SURVIVOR, _SURVIVOR.id == Person.merged_into_id)
        .where(Certificate.id.in_(certificate_ids))
    )
    return {row[0]: Addressee(row[1], row[2]) for row in rows}


def _joined(viewer: Viewer, wanted: WantedDeliveries) -> Select[Any]:
    conditions = [
        CertificateDelivery.batch_id == wanted.batch_id,
        CertificateDelivery.is_latest,
        within(viewer, CertificateDelivery.institution_id),
        *_search(wanted.text),
    ]
    if wanted.state:
        conditions.append(_state() == wanted.state)
    return (
        select(CertificateDelivery)
        .join(Certificate, Certificate.id == CertificateDelivery.certificate_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == CertificateDelivery.mail_id)
        .where(*conditions)
    )


def _state() -> Case[str]:
    words = [(OutgoingMail.state == state, literal(state.value)) for state in DeliveryState]
    return case((CertificateDelivery.mail_id.is_(None), literal(NO_ADDRESS)), *words)


def _search(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    number = parse_number(text)
    if number is not None:
        return [Certificate.number == number]
    names = [Certificate.facts[key].as_string() for key in ("printed_name", "native_name")]
    columns = [CertificateDelivery.recipient, *names]
    return [any_contains(columns, text)]
