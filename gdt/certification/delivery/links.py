"""Secret links to a holder's page: made for a mail, found by their hash, ended when they went astray."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from flask import current_app
from sqlalchemy import insert, update

from gdt.certification.delivery.models import HolderLink
from gdt.database import db, now


@dataclass(frozen=True)
class FreshLink:
    """A link before it leaves: the address goes into one mail and is never seen again."""

    address: str
    token_sha256: str


def fresh_link() -> FreshLink:
    token = secrets.token_urlsafe(32)
    return FreshLink(f"{current_app.config['BASE_URL']}/holder/{token}", hashed(token))


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def keep_links(links: Collection[tuple[FreshLink, int, str]]) -> None:
    """Write down many links: each with the certificate it leads to and the address it is mailed to."""
    rows = [
        {
            "token_sha256": link.token_sha256,
            "certificate_id": certificate_id,
            "recipient": to,
            "made_at": now(),
        }
        for link, certificate_id, to in links
    ]
    if rows:
        db.session.execute(insert(HolderLink), rows)


def end_links(certificate_ids: Collection[int], *, but_to: Collection[str]) -> None:
    """End what was mailed for these certificates to any other address."""
    db.session.execute(
        update(HolderLink)
        .where(
            HolderLink.certificate_id.in_(certificate_ids),
            HolderLink.recipient.not_in(but_to),
            HolderLink.ended_at.is_(None),
        )
        .values(ended_at=now())
        .execution_options(synchronize_session=False)
    )
