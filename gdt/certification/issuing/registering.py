"""Registering: a drawn certificate takes the next number and enters the register with its proof.

Whatever must be true of every certificate from its first moment is written here, in the transaction that
takes its number, whether it comes from a batch or replaces another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import Viewer
from gdt.certification import queries
from gdt.certification.badges.statuses import Slots
from gdt.certification.batches import halting
from gdt.certification.delivery import services as delivering
from gdt.certification.drawing.documents import Holder, Occasion
from gdt.certification.drawing.drafting import Draft, draw_draft, forecast_of
from gdt.certification.keys import keyring, signing_keys
from gdt.certification.keys import queries as key_queries
from gdt.certification.log import writing as log_writing
from gdt.certification.models import Certificate, CertificateCounter, CertificateKind, CertificateProof
from gdt.certification.numbering import number_of
from gdt.certification.terms.renewing import link_renewals
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
    """Numbers certificates of one year under the held counter; a number is used up only by one drawn.

    Takes the log's row, so that the bits of the status list that are free now stay free. Whoever needs the
    rows of certificates too takes those first. `drafts`, when known, are looked at all at once. Raises
    DomainError while all issuing is halted.
    """

    def __init__(self, counter: CertificateCounter, drafts: Iterable[Draft] = ()) -> None:
        halting.refuse_while_halted()
        self.counter = counter
        queries.take_log()
        keyring.refresh()
        self.signature_key_id, self.badge_key_id = key_queries.remember_keys(signing_keys.current().facts)
        self.slots = Slots(draft.slot for draft in drafts)

    def register(
        self, entitlement: Entitlement, holder: Holder, occasion: Occasion, draft: Draft | None
    ) -> Certificate:
        """The certificate with the next number: of the draft if all it says is still so, else drawn anew.

        Raises DomainError when it cannot be printed; the number stays free.
        """
        return self.enter(entitlement, self._drawn(draft, holder, occasion, entitlement.email))

    @property
    def next_number(self) -> str:
        """The number the next certificate of the year will have, while the counter is held."""
        return number_of(self.counter.year, self.counter.last_serial + 1)

    def enter(self, entitlement: Entitlement, draft: Draft) -> Certificate:
        """The certificate of a draft that was drawn under the next number; the number is used up."""
        certificate = self._certificate(entitlement, draft)
        certificate.number, certificate.year = self.next_number, self.counter.year
        self.counter.last_serial += 1
        certificate.serial = self.counter.last_serial
        self.slots.use(draft.slot)
        db.session.add(certificate)
        return certificate

    def _drawn(self, draft: Draft | None, holder: Holder, occasion: Occasion, email: str | None) -> Draft:
        """The draft, if everything it says is still so; else a new drawing under the same code."""
        is_sound = (
            draft and draft.key_names == signing_keys.current().names and self.slots.are_free(draft.slot)
        )
        kept = draft if is_sound else None
        forecast = forecast_of(
            holder,
            occasion,
            number=self.next_number,
            email=email,
            code=draft.forecast.code if draft else None,
            slot=kept.slot if kept else self.slots.another(),
        )
        return kept if kept and kept.forecast == forecast else draw_draft(forecast)

    def _certificate(self, entitlement: Entitlement, draft: Draft) -> Certificate:
        content = draft.forecast.content
        key, digest = documents.keep(FOLDER, draft.pdf, suffix=".pdf")
        columns: dict[str, Any] = {
            name: value for name, value in vars(entitlement).items() if name != "email"
        }
        return Certificate(
            **columns,
            code=draft.forecast.code,
            kind=CertificateKind(content.kind.value),
            issued_on=content.issued_on,
            issued_at=draft.signed_at,
            valid_until=content.valid_until,
            facts=draft.facts,
            design=draft.forecast.look.design,
            file_key=key,
            file_sha256=digest,
            file_size=len(draft.pdf),
            proof=CertificateProof(
                signature_key_id=self.signature_key_id,
                badge_key_id=self.badge_key_id,
                badge=draft.badge,
                badge_digest=draft.badge_digest,
            ),
        )


def record_issued(certificates: Sequence[Certificate], actor: Viewer, **details: Any) -> None:
    """Everything that follows from new certificates, once for all of them, in the same transaction."""
    db.session.flush()
    log_writing.record_issued(certificates)
    link_renewals(certificates)
    events = [(c, _("Issued %(number)s", number=c.number), c.institution_id) for c in certificates]
    audit.record_all(actor, "issued", events, **details)
    delivering.deliver_issued(certificates, batch_id=details.get("batch"), is_new="replaces" not in details)
