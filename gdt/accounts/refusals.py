"""Refusing a try to sign in: the words for whoever tried, and the note for whoever owns the account."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Insert, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.database import db, in_passing, now, writing
from gdt.errors import DomainError

SHOWN, A_DAY = 20, timedelta(days=1)
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class SignInRefused(DomainError):
    """A try to sign in was refused; `user_id` is whose account was tried, None for nobody's.

    `institution_id` is whose provider vouched, where one did.
    """

    def __init__(
        self,
        message: str,
        because: Refusal,
        user: User | None,
        field: str | None = None,
        institution_id: int | None = None,
    ) -> None:
        super().__init__(message, field)
        self.because, self.user_id = because, user.id if user else None
        self.institution_id = institution_id


def note_refusal(refused: SignInRefused, *, address: str, browser: str) -> None:
    """Count a refused try in a transaction of its own, in one statement, whether or not anybody is meant."""
    counted = _counted(refused, address, browser)
    with writing():
        db.session.execute(counted)


def note_in_passing(refused: SignInRefused, *, address: str, browser: str) -> None:
    """Count it where that costs nobody a moment: a database that is busy is not kept waiting for."""
    counted = _counted(refused, address, browser)
    with suppress(OperationalError), in_passing() as connection:
        connection.execute(counted)


def _counted(refused: SignInRefused, address: str, browser: str) -> Insert:
    if refused.user_id is None:
        address = browser = ""
    moment, kind = now(), _INSERT[db.engine.dialect.name]
    row = {
        "user_id": refused.user_id,
        "institution_id": refused.institution_id,
        "because": refused.because,
        "address": address[:45],
        "browser": browser[:80],
    }
    told = (*row.values(), f"{moment:%Y%m%d%H}")
    row["hour_key"] = sha256("\x1f".join(map(str, told)).encode()).hexdigest()
    once_more = {"tries": RefusedSignIn.tries + 1, "last_at": moment}
    first = kind(RefusedSignIn).values(**row, tries=1, first_at=moment, last_at=moment)
    return first.on_conflict_do_update(index_elements=["hour_key"], set_=once_more)  # type: ignore[no-any-return]


def list_refusals(user: Viewer) -> Sequence[RefusedSignIn]:
    """What was refused at an account, the newest first, as far as it is shown."""
    newest = select(RefusedSignIn).where(RefusedSignIn.user_id == user.id)
    newest = newest.options(joinedload(RefusedSignIn.institution))
    return db.session.scalars(newest.order_by(RefusedSignIn.last_at.desc()).limit(SHOWN)).all()


def list_all_refusals() -> Select[RefusedSignIn]:
    """What was refused at all accounts, and at addresses nobody has; to be paged, for administrators."""
    whose = joinedload(RefusedSignIn.user).lazyload("*"), joinedload(RefusedSignIn.institution)
    return select(RefusedSignIn).options(*whose)


def count_refused_lately() -> tuple[int, int]:
    """How many tries were refused in the last 24 hours: at accounts, and at addresses nobody has."""
    since = RefusedSignIn.last_at > now() - A_DAY
    is_somebodys = RefusedSignIn.user_id.is_not(None)
    counted = select(is_somebodys, func.sum(RefusedSignIn.tries)).where(since).group_by(is_somebodys)
    found = {bool(somebodys): int(tries) for somebodys, tries in db.session.execute(counted)}
    return found.get(True, 0), found.get(False, 0)


def count_refused(user: User, since: datetime | None) -> int:
    """How many tries were refused at an account since then, or ever since it is kept."""
    counted = select(func.coalesce(func.sum(RefusedSignIn.tries), 0)).where(RefusedSignIn.user_id == user.id)
    if since is not None:
        counted = counted.where(RefusedSignIn.last_at > since)
    return int(db.session.scalar(counted) or 0)
