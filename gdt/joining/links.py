"""The applicant's link: it names her application, sealed by our key so that nobody can guess another."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from gdt.joining.models import InstitutionApplication


def token_of(application: InstitutionApplication) -> str:
    return str(_sealer().dumps(application.link_key))


def address_of(application: InstitutionApplication) -> str:
    """Built from the configured address, never from the request, so that nobody can poison it."""
    return f"{current_app.config['BASE_URL']}/join/{token_of(application)}"


def key_of(token: str) -> str | None:
    """The key a link names; None for one we did not make."""
    try:
        return str(_sealer().loads(token))
    except BadSignature:
        return None


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="gdt.application")
