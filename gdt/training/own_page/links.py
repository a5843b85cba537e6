"""The secret link to a teacher's own page: signed, for a season, and good only for the address it went to."""

from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

LASTS_DAYS = 120


def link_for(person_id: int, email: str) -> str:
    """The address of the page of a person whose mails go to this address."""
    token = _sealer().dumps([person_id, _mark(email)])
    return f"{current_app.config['BASE_URL']}/teacher/{token}"


def read_link(token: str) -> tuple[int, str] | None:
    """The person a link is for, and the mark of the address it went to; None for one we did not make."""
    try:
        person_id, mark = _sealer().loads(token, max_age=LASTS_DAYS * 24 * 3600)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(person_id), str(mark)


def is_for(mark: str, email: str | None) -> bool:
    """Whether a link went to the address a person has now: a changed address ends the links before it."""
    return email is not None and mark == _mark(email)


def _mark(email: str) -> str:
    return sha256(email.lower().encode()).hexdigest()[:16]


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="gdt.teacher")
