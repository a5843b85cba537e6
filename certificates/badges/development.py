"""A self-made badge key for development, marked so that production can refuse it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates.badges.keys import SigningKey
from certificates.development import keep_first
from certificates.keys import DEVELOPMENT_MARK

BADGE_KEY_FILE = "development-badge-key.pem"
_MARK = f"GDT Network development badge key: {DEVELOPMENT_MARK}\n".encode()


def make_development_badge_key(folder: Path) -> SigningKey:
    """Return the development badge key kept in `folder`, made on first use.

    Writes development-badge-key.pem (no password, readable by its owner alone). Two processes that start at
    once end up with the same key. Raises InvalidKey, OSError.
    """
    path = folder / BADGE_KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        private = Ed25519PrivateKey.generate()
        keep_first(path, _MARK + private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return SigningKey.from_pem(path.read_bytes())


def is_development_badge_key(pem: bytes, folder: Path) -> bool:
    """Tell whether a key was made by make_development_badge_key: by its mark, or as the one in `folder`."""
    path = folder / BADGE_KEY_FILE
    if DEVELOPMENT_MARK.encode() in pem:
        return True
    return (
        path.exists() and SigningKey.from_pem(path.read_bytes()).multikey == SigningKey.from_pem(pem).multikey
    )
