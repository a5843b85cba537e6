"""The keys we publish, against those that signed something and those that two administrators approved."""

from collections.abc import Iterator

from gdt.certification.checking import queries
from gdt.certification.keys import signing_keys
from gdt.certification.models import CertificationKey, KeyKind


def check_keys(used: set[str]) -> Iterator[str]:
    """Whether a key was slipped in, exchanged, or a theft forgotten. `used` are the names in the log."""
    orders = queries.list_key_orders_done()
    known = queries.every_key()
    first_ones = {next((key.id for key in known if key.kind is kind), None) for kind in KeyKind}
    for key in known:
        if _name_of(key) != key.name:
            yield f"The public half of the key {key.name} was exchanged."
        approved = [order for order in orders if order.key_id == key.id]
        is_explained = key.name in used or approved or key.id in first_ones or key.began_at is None
        if not is_explained:
            yield f"The key {key.name} is published as ours, but signed nothing, and nobody approved it."
        stolen = {order.compromised_from for order in approved if order.compromised_from is not None}
        if key.compromised_from != (min(stolen) if stolen else None):
            yield f"When the key {key.name} was stolen is not what was approved."


def _name_of(key: CertificationKey) -> str:
    if key.kind is KeyKind.BADGE:
        return key.public
    try:
        return signing_keys.name_of(key.public)
    except ValueError:
        return ""
