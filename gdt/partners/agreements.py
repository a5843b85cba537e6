"""What the office does with agreements: it signs a first term, renews one, and keeps the signed paper."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit, documents
from gdt.access import Viewer
from gdt.database import broken_constraint, db, now
from gdt.errors import DomainError
from gdt.filters import day, period
from gdt.partners.agreement_states import GRACE
from gdt.partners.models import Agreement, AgreementKind, Institution
from gdt.partners.queries import list_agreements, lock_institution
from gdt.partners.reminding import settle_reminders
from gdt.partners.signed_pdf import check_signed_pdf

FOLDER = "agreements"


def sign_agreement(
    *,
    viewer: Viewer,
    institution: Institution,
    kind: AgreementKind,
    extends_id: int | None,
    starts_on: date,
    ends_on: date,
    document: bytes | None,
    **facts: object,
) -> Agreement:
    """Record a signed term: a memorandum, a programme agreement, or the extension of an earlier term.

    `facts` are signed_on, signatories, teachers_target and students_target; `document` is the signed PDF.
    """
    _check_signed_on(facts.get("signed_on"))
    extended = check_term(institution, kind, extends_id, starts_on, ends_on)
    document_key, digest = _keep_document(document) if document is not None else (None, None)
    agreement = Agreement(
        institution_id=institution.id,
        kind=kind,
        extends_id=extended.id if extended else None,
        extends_ends_on=extended.ends_on if extended else None,
        starts_on=starts_on,
        ends_on=ends_on,
        document_key=document_key,
        document_sha256=digest,
        **facts,
    )
    _keep(agreement)
    if extended is not None:
        settle_reminders(extended, _("Renewed until %(day)s", day=day(ends_on)))
    audit.record(
        viewer,
        "signed",
        agreement,
        _(
            "Recorded the %(kind)s of %(name)s for %(term)s",
            kind=kind.value,
            name=institution.name,
            term=period(starts_on, ends_on),
        ),
        institution_id=institution.id,
    )
    return agreement


def file_signed_document(*, viewer: Viewer, agreement: Agreement, document: bytes) -> None:
    """Keep the signed paper of a term; an earlier file stays in the store, the trail names both."""
    before = agreement.document_key
    agreement.document_key, agreement.document_sha256 = _keep_document(document)
    if agreement.document_key != before:
        audit.record(
            viewer,
            "filed the signed document",
            agreement,
            _("Filed the signed document of %(term)s", term=period(agreement.starts_on, agreement.ends_on)),
            institution_id=agreement.institution_id,
            before=before,
            now=agreement.document_key,
        )


def check_term(
    institution: Institution, kind: AgreementKind, extends_id: int | None, starts_on: date, ends_on: date
) -> Agreement | None:
    """Raise DomainError unless the term fits what the institution signed before; the term it extends."""
    lock_institution(institution)
    terms = list_agreements(institution)
    if ends_on < starts_on:
        raise DomainError(_("The term ends before it starts. Check both dates."), "ends_on")
    extended = _extended(terms, extends_id) if kind is AgreementKind.EXTENSION else None
    _check_overlap(terms, kind, extended, starts_on, ends_on)
    return extended


def following_term(term: Agreement, today: date | None = None) -> tuple[date, date]:
    """The first and last day of a renewal as long as the term it extends: whole years stay whole.

    Given today, what has lapsed is followed from the next month on: nobody signs for years that are over.
    """
    starts_on = term.ends_on + timedelta(days=1)
    years = round((starts_on - term.starts_on).days / 365.25) or 1
    if today is not None and today > term.ends_on + GRACE:
        starts_on = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    after = (starts_on - timedelta(days=starts_on.day - 1)).replace(year=starts_on.year + years)
    last = after + timedelta(days=starts_on.day - 1)
    return starts_on, last - timedelta(days=1)


def _keep_document(content: bytes) -> tuple[str, str]:
    check_signed_pdf(content, field="document")
    return documents.keep(FOLDER, content, suffix=".pdf")


def _check_signed_on(signed_on: object) -> None:
    if isinstance(signed_on, date) and signed_on > now().date():
        raise DomainError(
            _("This day has not come yet. Record the agreement once it is signed."), "signed_on"
        )


def _extended(terms: Sequence[Agreement], extends_id: int | None) -> Agreement:
    extended = next((term for term in terms if term.id == extends_id), None)
    if extended is None:
        raise DomainError(_("Choose the term that is extended."), "extends_id")
    if any(term.extends_id == extended.id for term in terms):
        raise _renewed_already(terms, extended)
    if extended.agreed_until is not None:
        raise DomainError(
            _(
                "This term was terminated and ends on %(day)s. Record a new agreement instead.",
                day=day(extended.ends_on),
            ),
            "extends_id",
        )
    return extended


def _renewed_already(terms: Iterable[Agreement], extended: Agreement) -> DomainError:
    renewal = next((term for term in terms if term.extends_id == extended.id), None)
    if renewal is None:
        return DomainError(_("This term was renewed by somebody else just now."), "extends_id")
    return DomainError(
        _("This term was already renewed until %(day)s. Extend that one instead.", day=day(renewal.ends_on)),
        "extends_id",
    )


def _check_overlap(
    terms: Sequence[Agreement],
    kind: AgreementKind,
    extended: Agreement | None,
    starts_on: date,
    ends_on: date,
) -> None:
    """A memorandum may run beside a programme agreement, but not beside another memorandum."""
    by_id = {term.id: term for term in terms}
    line = first_kind(extended, by_id) if extended else kind
    for term in terms:
        if first_kind(term, by_id) is line and term.starts_on <= ends_on and starts_on <= term.ends_on:
            raise DomainError(
                _(
                    "This overlaps the term %(term)s. Start after %(day)s.",
                    term=period(term.starts_on, term.ends_on),
                    day=day(term.ends_on),
                ),
                "starts_on",
            )
    if extended and starts_on < extended.starts_on:
        raise DomainError(
            _("An extension starts after the term it extends: after %(day)s.", day=day(extended.ends_on)),
            "starts_on",
        )


def first_kind(term: Agreement, by_id: dict[int, Agreement]) -> AgreementKind:
    """What the chain of this term began as: an extension is of the kind it extends in the end."""
    while term.extends_id is not None:
        term = by_id[term.extends_id]
    return term.kind


def _keep(agreement: Agreement) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(agreement)
            db.session.flush()
    except IntegrityError as error:
        raise _refusal(broken_constraint(error)) from error


def _refusal(constraint: str) -> DomainError:
    if constraint == "uq_agreements_extends_id":
        return _renewed_already((), Agreement())
    if constraint == "ck_agreements_starts_before_it_ends":
        return DomainError(_("The term ends before it starts. Check both dates."), "ends_on")
    return DomainError(_("This term does not fit the one it extends. Check its dates."), "starts_on")
