"""Delivering: holders are mailed a link to their page, once by itself, again only when somebody says so.

Row, mail and link are written in the transaction that issues the certificate: all of them are there, or none.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert

from gdt import audit, mail
from gdt.access import Viewer
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.delivery import queries
from gdt.certification.delivery.languages import language_of
from gdt.certification.delivery.links import end_links, fresh_link, keep_links
from gdt.certification.delivery.models import CertificateDelivery, MailedBatch
from gdt.certification.delivery.queries import Addressee
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.mail import DeliveryState


def mail_holders_of(batch: CertificateBatch) -> None:
    """Decide, when a batch is ordered, that its holders are mailed as their certificates are issued."""
    if not queries.is_mailed(batch.id):  # the same order placed again
        db.session.add(MailedBatch(batch_id=batch.id))


def deliver_issued(certificates: Sequence[Certificate], *, batch_id: int | None, is_new: bool) -> None:
    """Queue the first mails of certificates that were just issued.

    A batch says whether it mails. The holder of a replaced certificate is told always: hers counts no more.
    """
    if certificates and (not is_new or queries.is_mailed(batch_id)):
        _deliver([(certificate, 1) for certificate in certificates], batch_id)


def deliver_without_batch(certificates: Sequence[Certificate]) -> None:
    """Mail the holders of certificates that no batch issued, such as those of awards, for the first time."""
    if certificates:
        _deliver([(certificate, 1) for certificate in certificates], None)


def send_again(*, actor: Viewer, delivery: CertificateDelivery) -> None:
    """Mail one holder again, to the address known today. Raises DomainError when that makes no sense."""
    certificate = delivery.certificate
    _refuse_needless(delivery)
    addressee = queries.find_addressees([certificate.id])[certificate.id]
    if not addressee.email:
        raise DomainError(_("No address of this person is known. Write it on the person's page first."))
    _deliver_again([delivery])
    summary = _("Mailed %(number)s again to %(address)s", number=certificate.number, address=addressee.email)
    audit.record(actor, "mailed again", certificate, summary, institution_id=certificate.institution_id)


def send_all_again(*, actor: Viewer, batch: CertificateBatch, seen: int | None) -> int:
    """Mail everyone of a batch whose mail was refused, came back or had no address; returns how many."""
    found = queries.list_to_send_again(actor, batch)
    if not found or len(found) != seen:
        raise DomainError(_("Meanwhile this changed: %(count)s can be mailed now.", count=len(found)))
    _deliver_again(found)
    summary = ngettext("Mailed %(num)s holder again", "Mailed %(num)s holders again", len(found))
    audit.record(actor, "mailed again", batch, summary)
    return len(found)


def note_bounce(*, actor: Viewer, delivery: CertificateDelivery, words: str) -> None:
    """Write down that a mail came back later. Raises DomainError for one that never left."""
    sent = delivery.mail
    if sent is None or sent.state not in {DeliveryState.SENT, DeliveryState.UNCLEAR, DeliveryState.BOUNCED}:
        raise DomainError(_("Only a mail that was sent can come back."))
    sent.state, sent.server_answer, sent.settled_at = DeliveryState.BOUNCED, words, now()
    certificate = delivery.certificate
    summary = _("The mail of %(number)s came back: %(words)s", number=certificate.number, words=words)
    audit.record(actor, "noted a bounce", certificate, summary, institution_id=certificate.institution_id)


def _refuse_needless(delivery: CertificateDelivery) -> None:
    if not delivery.is_latest:
        raise DomainError(_("It was mailed again already. Look at the latest mail."))
    if delivery.certificate.revoked_at is not None:
        raise DomainError(_("This certificate was revoked, so it is not mailed any more."))
    if delivery.mail is not None and delivery.mail.state in {DeliveryState.QUEUED, DeliveryState.SENDING}:
        raise DomainError(_("The mail is still on its way. Nothing was changed."))


def _deliver_again(found: Sequence[CertificateDelivery]) -> None:
    """New rounds beside the old ones; links that went to another address end."""
    known = queries.find_addressees([delivery.certificate_id for delivery in found])
    for delivery in found:
        delivery.is_latest = False
        address = known[delivery.certificate_id].email
        if address != delivery.recipient:
            end_links([delivery.certificate_id], but_to=[address or ""])
    db.session.flush()
    for batch_id in {delivery.batch_id for delivery in found}:
        rounds = [(d.certificate, d.round + 1) for d in found if d.batch_id == batch_id]
        _deliver(rounds, batch_id)


def _deliver(rounds: Sequence[tuple[Certificate, int]], batch_id: int | None) -> None:
    """Write rows, mails and links of many certificates in one statement each."""
    known = queries.find_addressees([certificate.id for certificate, _round in rounds])
    mailed = {c.id: (fresh_link(), _address(known[c.id])) for c, _r in rounds if known[c.id].email}
    notes = [
        note_of(c, round_, known[c.id], mailed[c.id][0].address) for c, round_ in rounds if c.id in mailed
    ]
    mail_ids = dict(zip(mailed, mail.send_all(notes), strict=True))
    keep_links([(link, certificate_id, to) for certificate_id, (link, to) in mailed.items()])
    rows = [
        {
            "certificate_id": certificate.id,
            "round": round_,
            "batch_id": batch_id,
            "institution_id": certificate.institution_id,
            "recipient": known[certificate.id].email,
            "mail_id": mail_ids.get(certificate.id),
            "is_latest": True,
            "ordered_at": now(),
        }
        for certificate, round_ in rounds
    ]
    db.session.execute(insert(CertificateDelivery), rows)


def note_of(certificate: Certificate, round_: int, addressee: Addressee, link: str) -> mail.Note:
    """The mail with the link, in English and in the language of the country where we have the words."""
    facts = certificate.facts
    subject = _("Your certificate: %(achievement)s", achievement=facts["achievement"])
    return mail.Note(
        template="certificate",
        to=_address(addressee),
        subject=f"{subject} ({certificate.number})",
        context={"facts": facts, "link": link, "language": language_of(addressee.country)},
        key=f"certificate:{certificate.id}:{round_}",
        has_html=True,
    )


def _address(addressee: Addressee) -> str:
    return addressee.email or ""
