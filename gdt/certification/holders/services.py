"""What a holder does on her page: has the link mailed to her again, and decides what strangers see."""

from datetime import timedelta

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import OFFICE
from gdt.certification.delivery import queries as deliveries
from gdt.certification.delivery.holders import Holder, count_links_since
from gdt.certification.delivery.links import fresh_link, keep_links
from gdt.certification.delivery.models import HolderChoice
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import DomainError

MOST_LINKS_A_DAY = 3


def mail_link(*, certificate: Certificate) -> None:
    """Mail a link to the address we know, if we know one; whoever asks is told the same in every case."""
    address = deliveries.find_addressees([certificate.id])[certificate.id].email
    if not address or count_links_since(certificate, timedelta(days=1)) >= MOST_LINKS_A_DAY:
        return
    link = fresh_link()
    keep_links([(link, certificate.id, address)])
    subject = _("The link to your certificate %(number)s", number=certificate.number)
    facts = certificate.facts
    note = mail.Note(
        template="holder_link",
        to=address,
        subject=subject,
        context={"facts": facts, "link": link.address},
        has_html=True,
    )
    mail.send_all([note])


def choose_what_strangers_see(*, holder: Holder, shows_others: bool, profile_url: str) -> None:
    """Keep the holder's choice. Raises DomainError where there is no person to choose."""
    if holder.person is None:
        raise DomainError(_("This certificate belongs to an institution, so its page shows the paper alone."))
    choice = holder.choice
    if choice is None:
        choice = HolderChoice(person_id=holder.person.id)
        db.session.add(choice)
    choice.shows_others, choice.profile_url = shows_others, profile_url or None
    choice.chosen_at = now()
    summary = _("The holder decided what the public page shows beyond the paper")
    details = {"shows_others": shows_others, "profile_url": profile_url or None}
    place = holder.certificate.institution_id
    audit.record(OFFICE, "chose", holder.certificate, summary, institution_id=place, by="holder", **details)
