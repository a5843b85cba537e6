"""What people of the demo were told: the privacy notice in its first version, and the one that holds."""

from datetime import date

from gdt.access import OFFICE
from gdt.database import db
from gdt.demo.network import moment
from gdt.privacy.notice_models import PrivacyNotice
from gdt.privacy.notices import draft, publish_notice

FIRST_ON, SECOND_ON = date(2024, 2, 5), date(2026, 3, 2)
ADDED_IN_SECOND = "Whoever asked to be forgotten is known again by a hash"


def publish_notices() -> None:
    """Publish two versions, each on its day; the second holds."""
    words = draft()
    first = "\n".join(line for line in words.splitlines() if ADDED_IN_SECOND not in line)
    for text, published_on in ((first, FIRST_ON), (words, SECOND_ON)):
        record: PrivacyNotice = publish_notice(actor=OFFICE, text=text)
        record.published_at = moment(published_on)
        db.session.flush()
