"""Reading correction requests: the list, one, those of a certificate, how many wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.correction_requests.models import CorrectionRequest, RequestState
from gdt.certification.models import Certificate
from gdt.certification.numbering import parse_number
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution

ORDER = (CorrectionRequest.id.desc(),)
_WAITING = (RequestState.OPEN, RequestState.ASKED)


@dataclass(frozen=True, kw_only=True)
class WantedRequests:
    """What the list is narrowed to; None and "" narrow nothing."""

    text: str = ""
    state: RequestState | None = None
    institution: str = ""


def list_requests(viewer: Viewer, wanted: WantedRequests) -> Select[Any]:
    """To be paged in ORDER, latest first."""
    return _joined(viewer, wanted).options(
        contains_eager(CorrectionRequest.certificate), contains_eager(CorrectionRequest.institution)
    )


def count_by_state(viewer: Viewer, wanted: WantedRequests) -> dict[RequestState, int]:
    statement = _joined(viewer, replace(wanted, state=None)).with_only_columns(
        CorrectionRequest.state, func.count()
    )
    rows = db.session.execute(statement.group_by(CorrectionRequest.state))
    return {row[0]: row[1] for row in rows}


def count_by_institution(viewer: Viewer, wanted: WantedRequests) -> list[tuple[str, str, int]]:
    """(code, name, count) by name."""
    statement = _joined(viewer, replace(wanted, institution="")).with_only_columns(
        Institution.code, Institution.name, func.count()
    )
    rows = db.session.execute(
        statement.group_by(Institution.code, Institution.name).order_by(Institution.name)
    )
    return [(code, name, count) for code, name, count in rows]


def count_open(viewer: Viewer) -> int:
    """How many wait for the office."""
    return count_by_state(viewer, WantedRequests()).get(RequestState.OPEN, 0)


def get_request(viewer: Viewer, request_id: int) -> CorrectionRequest:
    found = db.session.scalar(
        select(CorrectionRequest)
        .where(CorrectionRequest.id == request_id, within(viewer, CorrectionRequest.institution_id))
        .options(
            joinedload(CorrectionRequest.certificate).selectinload(Certificate.replaced_by),
            selectinload(CorrectionRequest.notes),
        )
    )
    if found is None:
        raise RecordNotFound
    return found


def list_of_certificate(certificate: Certificate) -> Sequence[CorrectionRequest]:
    """What was asked about a certificate, latest first; for its holder, and for the office."""
    return db.session.scalars(
        select(CorrectionRequest)
        .where(CorrectionRequest.certificate_id == certificate.id)
        .options(selectinload(CorrectionRequest.notes))
        .order_by(CorrectionRequest.id.desc())
    ).all()


def find_waiting(certificate: Certificate, fact: str) -> CorrectionRequest | None:
    return db.session.scalar(
        select(CorrectionRequest).where(
            CorrectionRequest.certificate_id == certificate.id,
            CorrectionRequest.fact == fact,
            CorrectionRequest.state.in_(_WAITING),
        )
    )


def _joined(viewer: Viewer, wanted: WantedRequests) -> Select[Any]:
    conditions = [within(viewer, CorrectionRequest.institution_id), *_search(wanted.text)]
    if wanted.state is not None:
        conditions.append(CorrectionRequest.state == wanted.state)
    if wanted.institution:
        conditions.append(Institution.code == wanted.institution)
    return (
        select(CorrectionRequest)
        .join(Certificate, Certificate.id == CorrectionRequest.certificate_id)
        .join(Institution, Institution.id == CorrectionRequest.institution_id)
        .where(*conditions)
    )


def _search(words: str) -> list[ColumnElement[bool]]:
    if not words:
        return []
    number = parse_number(words)
    if number is not None:
        return [Certificate.number == number]
    names = [Certificate.facts[key].as_string() for key in ("printed_name", "native_name")]
    return [any_contains((*names, CorrectionRequest.wanted), words)]
