"""The links in mails: each names one invitation or one place, sealed so that nobody can guess another."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

INVITATION, PLACE = "event-invitations", "event-places"


def token_of(kind: str, key: str) -> str:
    return str(_sealer(kind).dumps(key))


def address_of(kind: str, key: str) -> str:
    """Built from the configured address, never from the request, so that nobody can poison it."""
    return f"{current_app.config['BASE_URL']}/{kind}/{token_of(kind, key)}"


def key_of(kind: str, token: str) -> str | None:
    """The key a link names; None for one we did not make."""
    try:
        return str(_sealer(kind).loads(token))
    except BadSignature:
        return None


def _sealer(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=f"gdt.{kind}")
