"""What happened to a certificate, in words: its trail, the reminders about it, and its renewal."""

from collections.abc import Sequence

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from gdt.access import OFFICE
from gdt.audit import list_events
from gdt.certification.models import Certificate
from gdt.certification.terms import queries as term_queries
from gdt.certification.terms.models import ExpiryReminder
from gdt.histories import Happening, in_words
from gdt.mail import DeliveryState


def list_happenings(certificate: Certificate, chain: Sequence[Certificate]) -> list[Happening]:
    """Everything about one certificate, newest first; `chain` holds the terms the viewer may see."""
    found = [in_words(event) for event in list_events(certificate)]
    found += [_reminded(reminder) for reminder in term_queries.list_reminders(certificate)]
    newer = next_term(certificate, chain)
    if newer is not None:
        last = format_date(newer.valid_until, "d MMM yyyy")
        said = _("Renewed by %(number)s, valid until %(day)s", number=newer.number, day=last)
        found.append(Happening(newer.issued_at, OFFICE.name, said))
    return sorted(found, key=lambda happening: happening.happened_at, reverse=True)


def next_term(certificate: Certificate, chain: Sequence[Certificate]) -> Certificate | None:
    """The certificate that renews this one's term, if there is one in the chain."""
    things = [term.thing_earned for term in chain]
    if certificate.thing_earned not in things[:-1]:
        return None
    return chain[things.index(certificate.thing_earned) + 1]


def _reminded(reminder: ExpiryReminder) -> Happening:
    said = ngettext(
        "Reminded of its end, %(num)s day before",
        "Reminded of its end, %(num)s days before",
        reminder.days_before,
    )
    mail = reminder.mail
    if mail is None:
        said += ": " + _("the institution alone, because no address of the holder is known")
    elif mail.state is DeliveryState.REFUSED:
        said += ": " + _("the mail server refused it (%(answer)s)", answer=mail.server_answer)
    elif mail.state is DeliveryState.QUEUED:
        said += ": " + _("the mail waits to be sent")
    else:
        said += ": " + _("holder and institution by mail")
    return Happening(reminder.made_at, OFFICE.name, said)
