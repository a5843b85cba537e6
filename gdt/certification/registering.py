"""Registering: a drawn certificate takes the next number and enters the register with its proof.

Whatever must be true of every certificate from its first moment is written here, in the transaction that
takes its number, whether it comes from a batch or replaces another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import Viewer
from gdt.certification import halting, keys, queries
from gdt.certification.documents import Holder, Occasion, design_name, frozen
from gdt.certification.drafting import Draft, draw_draft, forecast_of
from gdt.certification.models import Certificate, CertificateCounter, CertificateProof
from gdt.certification.numbering import number_of
from gdt.database import db

FOLDER = "certificates"


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """What a certificate is for: columns that say whose it is and what was earned."""

    thing_earned: str
    person_id: int | None
    institution_id: int
    course_id: int | None
    cohort_id: int | None
    issued_by_id: int | None
    email: str | None
    edition: int = 1
    replaces_id: int | None = None


class Registrar:
    """Numbers certificates of one year under the held counter; a number is used up only by one drawn."""

    def __init__(self, counter: CertificateCounter) -> None:
        halting.refuse_while_halted()
        self.counter = counter
        self.signature_key_id, self.badge_key_id = queries.remember_keys(keys.current().facts)

    def register(
        self, entitlement: Entitlement, holder: Holder, occasion: Occasion, draft: Draft | None
    ) -> Certificate:
        """The certificate with the next number: of the draft if all it says is still so, else drawn anew.

        Raises DomainError when it cannot be printed; the number stays free.
        """
        serial = self.counter.last_serial + 1
        number = number_of(self.counter.year, serial)
        certificate = self._certificate(
            entitlement, occasion, _draft(draft, holder, occasion, number, entitlement.email)
        )
        certificate.number, certificate.year, certificate.serial = number, self.counter.year, serial
        self.counter.last_serial = serial
        db.session.add(certificate)
        return certificate

    def _certificate(self, entitlement: Entitlement, occasion: Occasion, draft: Draft) -> Certificate:
        content = draft.forecast.content
        key, digest = documents.keep(FOLDER, draft.pdf, suffix=".pdf")
        columns: dict[str, Any] = {
            name: value for name, value in vars(entitlement).items() if name != "email"
        }
        return Certificate(
            **columns,
            code=draft.forecast.code,
            kind=occasion.kind,
            issued_on=occasion.issued_on,
            issued_at=draft.signed_at,
            valid_until=content.valid_until,
            facts=frozen(content),
            design=design_name(content),
            file_key=key,
            file_sha256=digest,
            file_size=len(draft.pdf),
            proof=CertificateProof(
                signature_key_id=self.signature_key_id, badge_key_id=self.badge_key_id, badge=draft.badge
            ),
        )


def record_issued(certificates: Sequence[Certificate], actor: Viewer, **details: Any) -> None:
    """Everything that follows from new certificates, once for all of them, in the same transaction."""
    events = [(c, _("Issued %(number)s", number=c.number), c.institution_id) for c in certificates]
    audit.record_all(actor, "issued", events, **details)


def _draft(draft: Draft | None, holder: Holder, occasion: Occasion, number: str, email: str | None) -> Draft:
    """The draft, if everything it says is still so; else a new drawing under the same code."""
    code = draft.forecast.code if draft else None
    forecast = forecast_of(holder, occasion, number=number, email=email, code=code)
    return draft if draft and draft.forecast == forecast else draw_draft(forecast)
