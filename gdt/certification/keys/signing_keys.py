"""The keys we issue with: one signs the PDF, one signs the badge. Which of those on the disk, others decide.

Without settings a marked development pair is made on first run; production refuses it. A setting names a
file, or a folder with several: then the next key lies ready in it until it is approved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_pem_x509_certificates
from flask import Flask, current_app
from flask_babel import gettext as _

from certificates import Signer, load_signing_key, make_development_key
from certificates import SigningKey as DocumentKey
from certificates.badges import SigningKey as BadgeKey
from certificates.badges.development import is_development_badge_key, make_development_badge_key
from certificates.keys import key_id, public_jwk
from gdt.certification.keys import terms
from gdt.certification.keys.signature_levels import signer_for
from gdt.certification.models import KeyKind
from gdt.database import now
from gdt.errors import DomainError

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


@dataclass(frozen=True)
class KeyOnDisk:
    """A key of ours that lies on this machine, with its private half."""

    facts: KeyFacts
    private: DocumentKey | BadgeKey


def init_app(app: Flask) -> None:
    """Load both keys, or end the process with a sentence that says what to set."""
    try:
        loaded = _load(app.config)
    except (OSError, ValueError) as error:
        message = f"The keys for certificates cannot be used: {error}"
        raise SystemExit(message) from error
    app.extensions["certification_keys"] = loaded
    if sentence := terms.warning(loaded.signer.key.certificate, now()):
        app.logger.warning(sentence)  # verifying goes on all the same


def use(names: Iterable[str]) -> None:
    """Sign with these keys from now on: the first signs PDFs, the second badges. Looks at the disk anew.

    Raises DomainError when one of them is not on this machine.
    """
    found = {key.facts.name: key for key in list_on_disk()}
    missing = [name for name in names if name not in found]
    if missing:
        raise DomainError(
            _(
                "The key %(name)s is in use, and its file is not on this machine. Nothing was issued. "
                "Put the file where GDT_SIGNING_KEY or GDT_BADGE_KEY says.",
                name=missing[0],
            )
        )
    signature, badge = (found[name] for name in names)
    current_app.extensions["certification_keys"] = _pair(current_app.config, signature, badge)


def list_on_disk() -> list[KeyOnDisk]:
    """Every key on this machine, by file name, those of PDFs first. Raises ValueError, OSError."""
    config = current_app.config
    return [*_signing_keys(config), *_badge_keys(config)]


def make_next_development_pair() -> list[KeyFacts]:
    """Make one more development key of each kind that no setting names, to change to."""
    config = current_app.config
    folder = Path(config["DATA_DIR"]) / FOLDER
    fresh = folder / str(len(_generations(folder)) + 1)
    made = []
    if config["SIGNING_KEY"] is None:
        made.append(_signature(make_development_key(fresh)))
    if config["BADGE_KEY"] is None:
        made.append(_badge(make_development_badge_key(fresh), is_made=True))
    return [key.facts for key in made]


def certificate_of(public: str) -> Certificate:
    """The certificate of a key that signs papers, out of all its certificates in PEM."""
    return load_pem_x509_certificates(public.encode())[0]


def jwk_of(public: str) -> dict[str, str]:
    """The public half of a key that signs papers, as JSON Web Key, out of its certificates in PEM."""
    return public_jwk(load_pem_x509_certificates(public.encode())[0])


def name_of(public: str) -> str:
    """The name of a key that signs papers, out of its certificates in PEM. Raises ValueError."""
    return key_id(load_pem_x509_certificates(public.encode())[0])


def current() -> Keys:
    return cast("Keys", current_app.extensions["certification_keys"])


def _load(config: Any) -> Keys:
    signature, badge = _signing_keys(config)[0], _badge_keys(config)[0]
    if config["PRODUCTION"]:
        _refuse_in_production("GDT_SIGNING_KEY", signature.facts.is_development)
        _refuse_in_production("GDT_BADGE_KEY", badge.facts.is_development)
    return _pair(config, signature, badge)


def _pair(config: Any, signature: KeyOnDisk, badge: KeyOnDisk) -> Keys:
    signer = signer_for(config, cast("DocumentKey", signature.private))
    return Keys(signer, cast("BadgeKey", badge.private), (signature.facts, badge.facts))


def _signing_keys(config: Any) -> list[KeyOnDisk]:
    if config["SIGNING_KEY"] is None:
        _refuse_without(config, "GDT_SIGNING_KEY", "a PKCS#12 or PEM file")
        folder = Path(config["DATA_DIR"]) / FOLDER
        return [_signature(make_development_key(place)) for place in _generations(folder) or [folder]]
    secret = config["SIGNING_KEY_PASSWORD_FILE"]
    password = Path(secret).read_bytes().rstrip(b"\r\n") if secret else None
    return [_signature(load_signing_key(file, password)) for file in _files(config["SIGNING_KEY"])]


def _signature(key: DocumentKey) -> KeyOnDisk:
    chain = (key.certificate, *key.chain)
    public = "".join(link.public_bytes(Encoding.PEM).decode() for link in chain)
    return KeyOnDisk(KeyFacts(KeyKind.SIGNATURE, key.id, public, key.is_development), key)


def _badge_keys(config: Any) -> list[KeyOnDisk]:
    folder = Path(config["DATA_DIR"]) / FOLDER
    if config["BADGE_KEY"] is None:
        _refuse_without(config, "GDT_BADGE_KEY", "an Ed25519 key in PEM")
        made = [make_development_badge_key(place) for place in _generations(folder) or [folder]]
        return [_badge(key, is_made=True) for key in made]
    pems = [file.read_bytes() for file in _files(config["BADGE_KEY"])]
    return [_badge(BadgeKey.from_pem(pem), is_made=is_development_badge_key(pem, folder)) for pem in pems]


def _badge(key: BadgeKey, *, is_made: bool) -> KeyOnDisk:
    return KeyOnDisk(KeyFacts(KeyKind.BADGE, key.multikey, key.multikey, is_made), key)


def _generations(folder: Path) -> list[Path]:
    """The folders of development pairs in the order they were made: this one, then those inside it."""
    later = sorted((place for place in folder.glob("[0-9]*") if place.is_dir()), key=lambda at: int(at.name))
    return [folder, *later] if folder.exists() else []


def _files(setting: str) -> list[Path]:
    """The file, or every file of the folder, that a setting names. Raises FileNotFoundError."""
    path = Path(setting)
    found = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    found = [file for file in found if not file.name.startswith(".")]
    if not found:
        message = f"There is no key in the folder {path}."
        raise FileNotFoundError(message)
    return found


def _refuse_without(config: Any, setting: str, what: str) -> None:
    if config["PRODUCTION"]:
        message = f"Set {setting} to the path of {what}: production does not make its own keys."
        raise SystemExit(message)


def _refuse_in_production(setting: str, is_development: bool) -> None:
    if is_development:
        message = f"{setting} is a development key, which anybody could have made. Production needs its own."
        raise SystemExit(message)
