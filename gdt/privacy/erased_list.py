"""The list of the erased, kept in the document store and in no table, so that an older backup forgets, too.

An entry is a hash under a key of the installation's own secret, over the id and the moment an entry was made:
it says nothing of anybody, and fits one entry of one register.
"""

import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from gdt import documents
from gdt.errors import DomainError
from gdt.privacy.models import Outcome

FOLDER, ACCOUNTS = "erased", "erased-accounts"
_WITNESS = "which-key"


def mark_of(person_id: int, created_at: datetime) -> str:
    """The entry of a person."""
    moment = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return hmac.new(_key(), f"{person_id} {moment}".encode(), sha256).hexdigest()


def note(people: Iterable[tuple[int, datetime]], outcome: Outcome) -> None:
    """Put people on the list; again is harmless."""
    _put(_WITNESS, {"key": _witness()})
    for person_id, created_at in people:
        _put(mark_of(person_id, created_at), {"outcome": outcome.value})


def note_account(user_id: int, created_at: datetime) -> None:
    """Put an account on the list of accounts; it says as little."""
    _put(_WITNESS, {"key": _witness()})
    entry = BytesIO(json.dumps({"outcome": "account"}).encode())
    documents.put_back(f"{ACCOUNTS}/{mark_of_account(user_id, created_at)}.json", entry)


def accounts() -> set[str]:
    """The marks of every account on the list."""
    return {PurePosixPath(key).stem for key in documents.every_key(ACCOUNTS)}


def mark_of_account(user_id: int, created_at: datetime) -> str:
    """The entry of an account, whose number is counted from the other end than those of people."""
    return mark_of(-user_id, created_at)


def read() -> dict[str, Outcome]:
    """Everyone on the list. Raises DomainError when it was written under another secret."""
    found: dict[str, Outcome] = {}
    for key in documents.every_key(FOLDER):
        name, entry = PurePosixPath(key).stem, json.loads(documents.read(key))
        if name == _WITNESS and entry["key"] != _witness():
            raise DomainError(
                "The list of erased people was written under another GDT_SECRET_KEY, so they cannot "
                "be recognised here. Set the key the register had before, then run "
                "`flask gdt privacy erase-again`."
            )
        if name != _WITNESS:
            found[name] = Outcome(entry["outcome"])
    return found


def _put(name: str, entry: dict[str, str]) -> None:
    documents.put_back(f"{FOLDER}/{name}.json", BytesIO(json.dumps(entry).encode()))


def _witness() -> str:
    return hmac.new(_key(), b"which key", sha256).hexdigest()[:16]


def _key() -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gdt erased people").derive(secret)
