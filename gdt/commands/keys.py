"""The command line of the keys: `flask --app wsgi gdt keys …`."""

from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from gdt.access import OFFICE, Viewer
from gdt.accounts.queries import count_active_administrators
from gdt.certification.keys import orders as key_orders
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys.known_keys import KnownKey, known_keys
from gdt.certification.keys.models import KeyOrder
from gdt.commands.answers import as_json, refuse, say, whoever_types
from gdt.database import unit_of_work
from gdt.errors import DomainError, RecordNotFound

keys = AppGroup("keys", help="The keys that sign certificates, badges and the log.")
who = click.option("--as", "email", help="Your e-mail address; asks your password. It is your yes.")


@keys.command("list")
@as_json
def list_keys(as_json: bool) -> None:
    """Print every key: kind, id, state, what it signed, who approved it."""
    found = known_keys()
    say({"keys": [key.as_json() for key in found]}, "\n".join(_line(key) for key in found), as_json)


@keys.command("rotate")
@who
@as_json
def rotate(email: str | None, as_json: bool) -> None:
    """Prepare the change to new keys: those that lie ready on the disk, or in development a new pair."""
    password = _password_of(email)
    try:
        with unit_of_work():
            orders = key_orders.prepare_rotation(actor=_actor(email, password))
            outcome = {"orders": [_told(order) for order in orders]}
    except DomainError as error:
        refuse(error.message, as_json)
    say(outcome, _prepared(outcome["orders"]), as_json)


@keys.command("retire")
@click.argument("name", metavar="ID")
@click.option("--compromised-from", required=True, type=click.DateTime(["%Y-%m-%d"]), help="YYYY-MM-DD")
@who
@as_json
def retire(name: str, compromised_from: datetime, email: str | None, as_json: bool) -> None:
    """Prepare to declare a key stolen: from that day on, only what the log shows before it is trusted."""
    password = _password_of(email)
    try:
        with unit_of_work():
            order = key_orders.prepare_retirement(
                actor=_actor(email, password),
                key=key_queries.get_key(name),
                compromised_from=compromised_from.replace(tzinfo=UTC).date(),
            )
            outcome = {"orders": [_told(order)]}
    except RecordNotFound:
        refuse(f"There is no key {name}. See them with: gdt keys list", as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    say(outcome, _prepared(outcome["orders"]), as_json)


@keys.command("approve")
@click.argument("order_id", type=int)
@click.option("--as", "email", required=True, help="Your e-mail address; your password is asked for.")
@as_json
def approve(order_id: int, email: str, as_json: bool) -> None:
    """Say yes to an order about a key, as a second administrator."""
    password = _password_of(email)
    try:
        with unit_of_work():
            order = key_queries.get_order(order_id)
            is_done = key_orders.approve_order(actor=_actor(email, password), order=order)
            outcome = _told(order)
    except RecordNotFound:
        refuse(f"There is no order {order_id}.", as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    said = f"Done. {outcome['what']}" if is_done else "Your yes is noted. One more has to agree."
    say(outcome, said, as_json)


def _password_of(email: str | None) -> str:
    """Asked before the transaction begins: nobody waits for a person who types."""
    return str(click.prompt("Password", hide_input=True, err=True)) if email else ""


def _actor(email: str | None, password: str) -> Viewer:
    return whoever_types(email, password) if email else OFFICE


def _told(order: KeyOrder) -> dict[str, Any]:
    return {
        "order": order.id,
        "key": order.key.name,
        "what": key_orders.what_it_does(order),
        "state": order.state.value,
        "approved_by": [approval.name for approval in order.approvals],
        "needed": key_orders.NEEDED,
    }


def _prepared(orders: list[dict[str, Any]]) -> str:
    lines = [f"Prepared as order {order['order']}: {order['what']}" for order in orders]
    missing = key_orders.NEEDED - min(len(order["approved_by"]) for order in orders)
    administrators = count_active_administrators()
    lines.append(f"Nothing has changed yet. Administrators who still have to agree: {missing}, on the page")
    lines.append("“Keys” or with: gdt keys approve ORDER --as EMAIL")
    if administrators < key_orders.NEEDED:
        lines.append(f"Two have to agree, and there are {administrators} active. Make another one first:")
        lines.append('gdt invite-administrator EMAIL "NAME"')
    return "\n".join(lines)


def _line(key: KnownKey) -> str:
    parts = [f"{key.kind.value}  {key.name}  {key.state.value}"]
    if key.began_at:
        parts.append(f"since {key.began_at:%Y-%m-%d}")
    if key.stolen_since:
        parts.append(f"stolen from {key.stolen_since:%Y-%m-%d} on")
    parts.append(f"{key.use.certificates} certificates")
    if key.approved_by:
        parts.append(f"approved by {' and '.join(key.approved_by)}")
    if key.is_development:
        parts.append("for development only")
    if key.valid_until:
        parts.append(f"certificate valid until {key.valid_until}")
    return ", ".join(parts) + (f"\n  {key.warning}" if key.warning else "")
