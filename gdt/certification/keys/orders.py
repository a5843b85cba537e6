"""Changing to a new key and declaring one stolen: prepared by one administrator, confirmed by another.

Nothing happens until two different administrators said yes; whoever prepares it has said so. An order from
the command line without a name has nobody's yes yet.
"""

from datetime import UTC, date, datetime, time

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _

from gdt import audit
from gdt.access import Permission, Viewer, may
from gdt.certification import queries
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys import signing_keys
from gdt.certification.keys.models import KeyAction, KeyApproval, KeyOrder, KeyOrderState
from gdt.certification.keys.signing_keys import KeyFacts
from gdt.certification.models import CertificationKey, KeyKind
from gdt.database import db, now
from gdt.errors import DomainError

NEEDED = 2
SHOWN = 20  # characters of a key's name in a sentence


def prepare_rotation(*, actor: Viewer) -> list[KeyOrder]:
    """Order the change to each new key that lies on the disk; in development a new pair is made first.

    Raises DomainError when there is none, or two of a kind.
    """
    if any(order.action is KeyAction.ROTATE for order in key_queries.list_orders(KeyOrderState.WAITING)):
        raise DomainError(_("A change to new keys waits for a yes already. Approve or drop it first."))
    made = [] if current_app.config["PRODUCTION"] else signing_keys.make_next_development_pair()
    found = made or _one_of_each_kind()
    return [_order(actor, KeyAction.ROTATE, _written_down(facts)) for facts in found]


def prepare_retirement(*, actor: Viewer, key: CertificationKey, compromised_from: date) -> KeyOrder:
    """Order that a key counts as stolen from a day on (midnight, UTC). Raises DomainError."""
    moment = datetime.combine(compromised_from, time(), UTC)
    if key.began_at is None:
        raise DomainError(_("This key was never in use. Delete its file instead."))
    if moment > now():
        raise DomainError(_("The day it was stolen cannot lie in the future."), "compromised_from")
    if key.compromised_from is not None and key.compromised_from <= moment:
        raise DomainError(
            _(
                "It counts as stolen from %(day)s already. An earlier day would be news.",
                day=format_date(key.compromised_from, "d MMM yyyy"),
            ),
            "compromised_from",
        )
    return _order(actor, KeyAction.RETIRE, key, moment)


def approve_order(*, actor: Viewer, order: KeyOrder) -> bool:
    """Say yes to an order. Returns whether it was carried out by that. Raises DomainError."""
    queries.take_log()  # whoever issues holds it too: nothing is signed while keys change
    key_queries.hold_order(order)
    _refuse_settled(order)
    if actor.id is None or not may(actor, Permission.KEYS_MANAGE):
        raise DomainError(_("Only an administrator can say yes to this."))
    if actor.id in {approval.user_id for approval in order.approvals}:
        raise DomainError(_("You said yes already. Another administrator has to, not you again."))
    order.approvals.append(KeyApproval(user_id=actor.id, name=actor.name))
    audit.record(actor, "approved", order, _summary(_("Said yes to: %(what)s"), order))
    if len(order.approvals) < NEEDED:
        return False
    _carry_out(order)
    audit.record(actor, "carried out", order, _summary(_("Carried out: %(what)s"), order))
    return True


def drop_order(*, actor: Viewer, order: KeyOrder) -> None:
    """Take an order back; nothing happens to the key. Raises DomainError."""
    key_queries.hold_order(order)
    _refuse_settled(order)
    order.state, order.settled_at = KeyOrderState.DROPPED, now()
    audit.record(actor, "dropped", order, _summary(_("Dropped: %(what)s"), order))


def what_it_does(order: KeyOrder) -> str:
    """The order in one sentence; a long name of a key is cut."""
    kind = _("certificates") if order.key.kind is KeyKind.SIGNATURE else _("badges and the log")
    name = order.key.name if len(order.key.name) <= SHOWN else f"{order.key.name[:SHOWN]}…"
    if order.compromised_from is None:
        return str(_("Sign %(kind)s with the key %(name)s from now on.", kind=kind, name=name))
    sentence: str = _(
        "The key %(name)s counts as stolen from %(day)s on: only what the log shows before is trusted.",
        name=name,
        day=format_date(order.compromised_from, "d MMM yyyy"),
    )
    return sentence


def _new_ones() -> list[KeyFacts]:
    begun = {key.name for key in key_queries.every_key() if key.began_at is not None}
    begun |= set(signing_keys.current().names) if not begun else set()
    return [key.facts for key in signing_keys.list_on_disk() if key.facts.name not in begun]


def _one_of_each_kind() -> list[KeyFacts]:
    fresh = _new_ones()
    if not fresh:
        raise DomainError(_no_new_key())
    for kind in KeyKind:
        several = [facts.name for facts in fresh if facts.kind is kind]
        if len(several) > 1:
            raise DomainError(
                _("There are several new keys: %(names)s. Leave one.", names=", ".join(several))
            )
    if current_app.config["PRODUCTION"] and any(facts.is_development for facts in fresh):
        raise DomainError(_("This is a development key, which anybody could have made."))
    return fresh


def _no_new_key() -> str:
    sentence: str = _(
        "There is no new key on this machine. Put its file into the folder that GDT_SIGNING_KEY or "
        "GDT_BADGE_KEY names, on every machine, and try again."
    )
    return sentence


def _written_down(facts: KeyFacts) -> CertificationKey:
    known = next((key for key in key_queries.every_key() if key.name == facts.name), None)
    if known is None:
        known = CertificationKey(
            kind=facts.kind, name=facts.name, public=facts.public, is_development=facts.is_development
        )
        db.session.add(known)
    return known


def _order(
    actor: Viewer, action: KeyAction, key: CertificationKey, moment: datetime | None = None
) -> KeyOrder:
    order = KeyOrder(
        action=action,
        key=key,
        compromised_from=moment,
        state=KeyOrderState.WAITING,
        prepared_by_name=actor.name,
    )
    if actor.id is not None:
        order.approvals.append(KeyApproval(user_id=actor.id, name=actor.name))
    db.session.add(order)
    audit.record(actor, "prepared", order, _summary(_("Prepared: %(what)s"), order))
    return order


def _carry_out(order: KeyOrder) -> None:
    moment, key = now(), order.key
    order.state, order.settled_at = KeyOrderState.DONE, moment
    if order.action is KeyAction.ROTATE:
        previous = key_queries.find_in_use(key.kind)
        if previous is not None:
            previous.ended_at = moment
            db.session.flush()  # one of a kind at a time is in use
        key.began_at = key.first_used_at = moment
    else:
        earlier = [at for at in (key.compromised_from, order.compromised_from) if at is not None]
        key.compromised_from = min(earlier)
        key.ended_at = key.ended_at or moment
    db.session.flush()


def _refuse_settled(order: KeyOrder) -> None:
    if order.state is not KeyOrderState.WAITING:
        raise DomainError(_("This was settled already. Nothing was changed."))


def _summary(words: str, order: KeyOrder) -> str:
    return words % {"what": what_it_does(order)}
