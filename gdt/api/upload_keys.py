"""Handing in once whatever a program sends twice under the same Idempotency-Key."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from gdt.access import Viewer
from gdt.api.key_models import UploadKey
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.imports.models import Upload
from gdt.imports.queries import get_upload
from gdt.routines import routine

KEPT = timedelta(days=7)


def hand_in_once(
    *, actor: Viewer, key: str, sent: tuple[str, ...], data: bytes, hand_in: Callable[[], Upload]
) -> Upload:
    """The upload that came of this key, or what `hand_in` makes now; `sent` is what was said beside the file.

    The key's row is written first: of two requests at once the second waits, and then finds the upload.
    Raises DomainError where the key came with something else before.
    """
    if not key:
        return hand_in()
    fingerprint = sha256("\0".join((*sent, sha256(data).hexdigest())).encode()).hexdigest()
    try:
        with db.session.begin_nested():
            held = UploadKey(user_id=actor.id, key=key, fingerprint=fingerprint)
            db.session.add(held)
    except IntegrityError:
        return _again(actor, key, fingerprint)
    upload = hand_in()
    held.upload_id = upload.id
    return upload


def _again(actor: Viewer, key: str, fingerprint: str) -> Upload:
    held = db.session.scalars(
        select(UploadKey).where(UploadKey.user_id == actor.id, UploadKey.key == key)
    ).one()
    if held.fingerprint != fingerprint or held.upload_id is None:
        raise DomainError(
            _("This Idempotency-Key came with another file or other answers before. Send a new key."),
            "Idempotency-Key",
        )
    return get_upload(actor, held.upload_id)


@routine
def forget_old_keys() -> None:
    """Nobody sends again what was sent a week ago."""
    with unit_of_work():
        db.session.execute(delete(UploadKey).where(UploadKey.made_at < now() - KEPT))
