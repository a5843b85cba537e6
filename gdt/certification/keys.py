"""The keys we issue with, loaded once per process: one signs the PDF, one signs the badge.

Without settings a marked development pair is made on first run; production refuses it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from flask import Flask, current_app

from certificates import Signer, load_signing_key, make_development_key
from certificates import SigningKey as DocumentKey
from certificates.badges import SigningKey as BadgeKey
from certificates.badges.development import is_development_badge_key, make_development_badge_key
from certificates.keys import key_id, public_jwk
from gdt.certification.models import KeyKind

FOLDER = "keys"


@dataclass(frozen=True)
class KeyFacts:
    """What anyone may know of a key: its public half, and whether it is only for development."""

    kind: KeyKind
    name: str
    public: str
    is_development: bool


@dataclass(frozen=True)
class Keys:
    """The signer of PDFs and the key of badges, with their public halves."""

    signer: Signer
    badge: BadgeKey
    facts: tuple[KeyFacts, KeyFacts]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.facts)


def init_app(app: Flask) -> None:
    """Load both keys, or end the process with a sentence that says what to set."""
    try:
        app.extensions["certification_keys"] = _load(app.config)
    except (OSError, ValueError) as error:
        message = f"The keys for certificates cannot be used: {error}"
        raise SystemExit(message) from error


def jwk_of(public: str) -> dict[str, str]:
    """The public half of a key that signs papers, as JSON Web Key, out of its certificates in PEM."""
    return public_jwk(load_pem_x509_certificates(public.encode())[0])


def name_of(public: str) -> str:
    """The name of a key that signs papers, out of its certificates in PEM. Raises ValueError."""
    return key_id(load_pem_x509_certificates(public.encode())[0])


def current() -> Keys:
    return cast("Keys", current_app.extensions["certification_keys"])


def _load(config: Any) -> Keys:
    folder = Path(config["DATA_DIR"]) / FOLDER
    signing, (badge, is_made) = _signing_key(config, folder), _badge_key(config, folder)
    if config["PRODUCTION"]:
        _refuse_in_production("GDT_SIGNING_KEY", signing.is_development)
        _refuse_in_production("GDT_BADGE_KEY", is_made)
    chain = (signing.certificate, *signing.chain)
    public = "".join(link.public_bytes(Encoding.PEM).decode() for link in chain)
    return Keys(
        signer=Signer(signing),
        badge=badge,
        facts=(
            KeyFacts(KeyKind.SIGNATURE, signing.id, public, signing.is_development),
            KeyFacts(KeyKind.BADGE, badge.multikey, badge.multikey, is_made),
        ),
    )


def _signing_key(config: Any, folder: Path) -> DocumentKey:
    path, password_file = config["SIGNING_KEY"], config["SIGNING_KEY_PASSWORD_FILE"]
    if path is None:
        _refuse_without(config, "GDT_SIGNING_KEY", "a PKCS#12 or PEM file")
        return make_development_key(folder)
    password = Path(password_file).read_bytes().rstrip(b"\r\n") if password_file else None
    return load_signing_key(Path(path), password)


def _badge_key(config: Any, folder: Path) -> tuple[BadgeKey, bool]:
    if config["BADGE_KEY"] is None:
        _refuse_without(config, "GDT_BADGE_KEY", "an Ed25519 key in PEM")
        return make_development_badge_key(folder), True
    pem = Path(config["BADGE_KEY"]).read_bytes()
    return BadgeKey.from_pem(pem), is_development_badge_key(pem, folder)


def _refuse_without(config: Any, setting: str, what: str) -> None:
    if config["PRODUCTION"]:
        message = f"Set {setting} to the path of {what}: production does not make its own keys."
        raise SystemExit(message)


def _refuse_in_production(setting: str, is_development: bool) -> None:
    if is_development:
        message = f"{setting} is a development key, which anybody could have made. Production needs its own."
        raise SystemExit(message)
