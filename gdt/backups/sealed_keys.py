"""The private keys in a backup: only when asked for, and only sealed with a password.

Whoever holds the keys can sign as the programme, so a backup that is merely lost must not hold them in the
clear. scrypt (RFC 7914) makes the key of AES-256-GCM out of the password.
"""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from gdt.errors import DomainError

LEAST_PASSWORD = 12
_COST = {"n": 2**16, "r": 8, "p": 1}
_FILES = ("SIGNING_KEY", "SIGNING_KEY_PASSWORD_FILE", "BADGE_KEY", "TIMESTAMP_PASSWORD_FILE")


def read_password(file: Path) -> bytes:
    """The password in a file, without its line end. Raises DomainError when it is too short."""
    password = file.read_bytes().rstrip(b"\r\n")
    if len(password) < LEAST_PASSWORD:
        raise DomainError(f"The password that seals the keys needs {LEAST_PASSWORD} characters or more.")
    return password


def seal_keys(config: Any, password: bytes) -> bytes:
    """All secrets of an installation, readable only with the password."""
    files = {name: base64.b64encode(content).decode() for name, content in _collected(config).items()}
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_derived(password, salt)).encrypt(nonce, json.dumps(files).encode(), None)
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}).encode()


def unseal_keys(content: bytes, password: bytes) -> dict[str, bytes]:
    """The secrets by the path they are to have in a data folder. Raises DomainError for a wrong password."""
    parts = {name: base64.b64decode(part) for name, part in json.loads(content).items()}
    try:
        cipher = AESGCM(_derived(password, parts["salt"]))
        files = json.loads(cipher.decrypt(parts["nonce"], parts["sealed"], None))
    except InvalidTag as error:
        raise DomainError("The password does not open the keys of this backup.") from error
    return {name: base64.b64decode(text) for name, text in files.items()}


def put_keys_back(files: dict[str, bytes], folder: Path) -> list[str]:
    """Write the keys into a data folder, readable by their owner alone; returns the paths."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        paths.append(str(path))
    return paths


def _collected(config: Any) -> dict[str, bytes]:
    """Keys made by the installation keep their place; those that settings name go to restored-keys/."""
    files = {"secret-key": config["SECRET_KEY"].encode()}
    if config["SIGNING_KEY"] is None or config["BADGE_KEY"] is None:
        files |= _below(config["DATA_DIR"] / "keys", "keys")
    for setting in _FILES:
        if config[setting]:
            files |= _below(Path(config[setting]), f"restored-keys/{setting}")
    return files


def _below(place: Path, name: str) -> dict[str, bytes]:
    if place.is_file():
        return {f"{name}/{place.name}": place.read_bytes()}
    found = sorted(path for path in place.rglob("*") if path.is_file())
    return {f"{name}/{path.relative_to(place)}": path.read_bytes() for path in found}


def _derived(password: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_COST).derive(password)
