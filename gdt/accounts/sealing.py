"""Secrets we must be able to read again, of apps and sign-in services, sealed before they are kept."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from flask_babel import gettext as _

from gdt.errors import DomainError


def seal(secret: str, *, purpose: str) -> str:
    """Encrypt under a key made of the installation's own secret, one key for each purpose."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, purpose: str, max_age: int | None = None) -> str:
    """Read it again. `max_age` in seconds. Raises DomainError when it was sealed under another secret."""
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=max_age).decode()
    except InvalidToken:
        message = _("This was sealed with another key, or too long ago. Begin anew.")
        raise DomainError(message) from None


def _box(purpose: str) -> Fernet:
    material = str(current_app.config["SECRET_KEY"]).encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gdt {purpose}".encode()).derive(material)
    return Fernet(base64.urlsafe_b64encode(key))
