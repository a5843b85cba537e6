"""Witnesses: partners who receive every new head, so that nobody can rewrite the log unseen."""

import secrets

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import Viewer
from gdt.certification.log import queries
from gdt.certification.log.models import LogHead
from gdt.certification.log.witness_models import LogWitness
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution

MOST_OF_ONE_INSTITUTION = 5


def add_witness(*, actor: Viewer, institution: Institution, email: str) -> LogWitness:
    """Send every new head to an address at a partner. Raises DomainError."""
    address = email.strip().lower()
    open_ones = queries.list_witnesses_of(institution)
    if address in {one.email for one in open_ones}:
        raise DomainError(_("This address receives every head already."), "email")
    if len(open_ones) >= MOST_OF_ONE_INSTITUTION:
        raise DomainError(
            _("An institution has at most %(count)s witnesses.", count=MOST_OF_ONE_INSTITUTION), "email"
        )
    witness = LogWitness(
        institution_id=institution.id,
        email=address,
        added_by_name=actor.name,
        stop_token=secrets.token_urlsafe(32),
    )
    db.session.add(witness)
    summary = _("Made %(email)s a witness of the log", email=address)
    audit.record(actor, "added a witness", witness, summary, institution_id=institution.id)
    return witness


def remove_witness(*, actor: Viewer, witness: LogWitness) -> None:
    """Send no more heads to the address; what it received stays good. Twice is as good as once."""
    db.session.refresh(witness, with_for_update={"of": LogWitness})
    if witness.ended_at is not None:
        return
    witness.ended_at, witness.ended_by_name = now(), actor.name
    summary = _("Took %(email)s off the witnesses of the log", email=witness.email)
    audit.record(actor, "took off a witness", witness, summary, institution_id=witness.institution_id)


def tell_witnesses(head: LogHead) -> None:
    """Mail a new head to every witness, in the transaction that signs it: each gets it once."""
    base_url = current_app.config["BASE_URL"]
    with force_locale("en"):
        for witness in queries.list_witnesses():
            mail.send(
                "log_head",
                to=witness.email,
                subject=_("The certificate log of %(day)s", day=format_date(head.signed_on, "d MMM yyyy")),
                head=head,
                log_url=f"{base_url}/log",
                stop_url=f"{base_url}/log/stop/{witness.stop_token}",
            )
