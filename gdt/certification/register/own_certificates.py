"""The certificates a teacher holds, told to her own page: her latest, each with where anybody checks it."""

from flask import url_for
from sqlalchemy import select

from gdt.certification.models import Certificate
from gdt.certification.wording import STATES
from gdt.database import db, now
from gdt.training.own_page.certificates import HeldCertificate, tells_certificates


@tells_certificates
def held_by(person_id: int) -> list[HeldCertificate]:
    """The latest first."""
    today = now().date()
    found = db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    return [
        HeldCertificate(
            title=str(one.facts["achievement"]),
            number=one.number,
            issued_on=one.issued_on,
            state=STATES[one.state(today)],
            url=url_for("certification.verify", code=one.code),
            mine=url_for("certification.mine", code=one.code),
            paper=url_for("certification.paper", code=one.code),
        )
        for one in found
        if not one.is_forgotten
    ]
