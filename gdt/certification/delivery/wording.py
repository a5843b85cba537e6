"""How deliveries are worded: a state as a word with a shape, the sentence that says more, and the CSV."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.certification.delivery.models import CertificateDelivery
from gdt.certification.delivery.queries import NO_ADDRESS
from gdt.filters import moment
from gdt.mail import DeliveryState

WAITING = (lazy_gettext("Waiting for the mail server"), "attention")
WORDS: dict[str, tuple[Any, str]] = {
    DeliveryState.QUEUED.value: (lazy_gettext("Queued"), "progress"),
    DeliveryState.SENDING.value: (lazy_gettext("Being sent"), "progress"),
    DeliveryState.SENT.value: (lazy_gettext("Sent"), "ok"),
    DeliveryState.REFUSED.value: (lazy_gettext("Refused"), "problem"),
    DeliveryState.BOUNCED.value: (lazy_gettext("Came back"), "problem"),
    DeliveryState.UNCLEAR.value: (lazy_gettext("Unclear"), "attention"),
    NO_ADDRESS: (lazy_gettext("No address"), "neutral"),
}


def state_of(delivery: CertificateDelivery) -> tuple[Any, str]:
    """The word and the shape of a delivery."""
    if delivery.mail is None:
        return WORDS[NO_ADDRESS]
    return WAITING if delivery.mail.is_waiting else WORDS[delivery.mail.state.value]


def sentence_of(delivery: CertificateDelivery) -> str:
    """What happened, with the server's own words, and what comes next."""
    mail = delivery.mail
    if mail is None:
        return str(_("No address of this person was known."))
    said = mail.server_answer or ""
    if mail.is_waiting:
        return str(_("Next try at %(moment)s. %(words)s", moment=moment(mail.next_try_at), words=said))
    sentences = {
        DeliveryState.QUEUED: _("Queued on %(moment)s; it leaves soon.", moment=moment(mail.queued_at)),
        DeliveryState.SENDING: _("It is on its way to the mail server."),
        DeliveryState.SENT: _("The mail server took it on %(moment)s.", moment=moment(mail.settled_at)),
        DeliveryState.REFUSED: _("The mail server refused it: %(words)s", words=said),
        DeliveryState.BOUNCED: _("It came back: %(words)s", words=said),
        DeliveryState.UNCLEAR: _(
            "The line broke after the mail was handed over, so it may have arrived or not: %(words)s",
            words=said,
        ),
    }
    return str(sentences[mail.state])


def csv_header() -> Sequence[str]:
    return (_("Number"), _("Name"), _("Address"), _("State"), _("What happened"), _("Round"))


def csv_row(delivery: CertificateDelivery) -> Sequence[str]:
    certificate = delivery.certificate
    return (
        certificate.number,
        certificate.facts["printed_name"],
        delivery.recipient or "",
        str(state_of(delivery)[0]),
        sentence_of(delivery),
        str(delivery.round),
    )
