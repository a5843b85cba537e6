"""Signed heads: the state of the log once a day, published, mailed to the witnesses, and kept for ever."""

from urllib.parse import urlsplit

from flask import current_app

from certificates.log import Head, sign_head
from gdt import trail
from gdt.certification import queries
from gdt.certification.keys import keyring, signing_keys
from gdt.certification.keys import queries as key_queries
from gdt.certification.log import bundling, witnessing
from gdt.certification.log import queries as log_queries
from gdt.certification.log.models import LogHead
from gdt.certification.log.tree import KeptTree
from gdt.database import db, now, reading, unit_of_work
from gdt.routines import routine


def origin() -> str:
    """The log's name in its heads: our host, and /log."""
    place = urlsplit(current_app.config["BASE_URL"])
    return f"{place.netloc}{place.path}/log".lower()


@routine
def sign_daily_head() -> None:
    """Sign today's head unless somebody has. However many workers ask, there is one."""
    with reading():
        is_done = log_queries.has_head_of(now().date())
    if not is_done:
        with unit_of_work():
            if not log_queries.has_head_of(now().date(), under_lock=True):
                sign_head_now()


def sign_head_now() -> tuple[LogHead, bool]:
    """Today's head over everything so far, and whether it is new: with nothing new it is the one there is.

    A new one goes to every witness, and a bundle is made of it, in the same transaction.
    """
    log = queries.take_log()
    known = log_queries.find_head_of(now().date(), log.size)
    if known is not None:
        return known, False
    keyring.refresh()
    key, previous = signing_keys.current(), log_queries.find_newest_head()
    key_queries.remember_keys(key.facts)
    at = max(now().replace(microsecond=0), log.last_at, previous.signed_at if previous else log.last_at)
    root, seals = KeptTree(log.size).root(), trail.head()
    head = LogHead(
        number=previous.number + 1 if previous else 1,
        signed_on=at.date(),
        signed_at=at,
        size=log.size,
        root=root.hex(),
        note=sign_head(Head(origin(), log.size, root, at), key.badge),
        mailed_to=log_queries.count_witnesses(),
        trail_size=seals.size,
        trail_hash=seals.hash,
    )
    db.session.add(head)
    db.session.flush()
    witnessing.tell_witnesses(head)
    bundling.order_bundle(head)
    return head, True
