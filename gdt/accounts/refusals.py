"""Refusing a try to sign in: the words for whoever tried, and the note for whoever owns the account."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.database import db, now, writing
from gdt.errors import DomainError

SHOWN = 20
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class SignInRefused(DomainError):
    """A try to sign in was refused; `user_id` is whose account was tried, None for nobody's."""

    def __init__(self, message: str, because: Refusal, user: User | None, field: str | None = None) -> None:
        super().__init__(message, field)
        self.because, self.user_id = because, user.id if user else None


def note_refusal(refused: SignInRefused, *, address: str, browser: str) -> None:
    """Count a refused try in a transaction of its own, in one statement, whether or not anybody is meant."""
    if refused.user_id is None:
        address = browser = ""
    moment, kind = now(), _INSERT[db.engine.dialect.name]
    told = (refused.user_id or 0, refused.because.value, address[:45], browser[:80], f"{moment:%Y%m%d%H}")
    row = {
        "user_id": refused.user_id,
        "because": refused.because,
        "address": told[2],
        "browser": told[3],
        "hour_key": sha256("\x1f".join(map(str, told)).encode()).hexdigest(),
    }
    once_more = {"tries": RefusedSignIn.tries + 1, "last_at": moment}
    counted = kind(RefusedSignIn).values(**row)
    counted = counted.on_conflict_do_update(index_elements=["hour_key"], set_=once_more)
    with writing():
        db.session.execute(counted)


def list_refusals(user: Viewer) -> Sequence[RefusedSignIn]:
    """What was refused at an account, the newest first, as far as it is shown."""
    newest = select(RefusedSignIn).where(RefusedSignIn.user_id == user.id)
    return db.session.scalars(newest.order_by(RefusedSignIn.last_at.desc()).limit(SHOWN)).all()


def count_refused(user: User, since: datetime | None) -> int:
    """How many tries were refused at an account since then, or ever since it is kept."""
    counted = select(func.coalesce(func.sum(RefusedSignIn.tries), 0)).where(RefusedSignIn.user_id == user.id)
    if since is not None:
        counted = counted.where(RefusedSignIn.last_at > since)
    return int(db.session.scalar(counted) or 0)
