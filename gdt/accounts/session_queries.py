"""Reading sessions: the one a token opens, and those of a user."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.accounts.session_models import Step, UserSession
from gdt.database import db, now
from gdt.errors import RecordNotFound


def token_hash(token: str) -> str:
    """What is kept of a secret link or cookie: enough to know it again, not enough to make it."""
    return sha256(token.encode()).hexdigest()


def find_session(token: str) -> UserSession | None:
    """The session of a browser's token while it lives, with its user and all that says what she may do."""
    found = db.session.scalars(
        select(UserSession)
        .where(UserSession.token_hash == token_hash(token))
        .options(joinedload(UserSession.user).joinedload(User.regions))
    ).unique()
    session = found.first()
    return session if session is not None and is_live(session) and session.user.is_active else None


def is_live(session: UserSession) -> bool:
    idle, longest = limits()
    return not session.is_over(now(), idle=idle, longest=longest)


def limits() -> tuple[timedelta, timedelta]:
    """How long a session may rest, and how long it may last."""
    return current_app.config["SESSION_IDLE"], current_app.config["SESSION_LONGEST"]


def get_own_session(viewer: Viewer, session_id: int) -> UserSession:
    session = db.session.scalar(
        select(UserSession).where(UserSession.id == session_id, UserSession.user_id == viewer.id)
    )
    if session is None:
        raise RecordNotFound
    return session


def list_live_sessions(viewer: Viewer) -> Sequence[UserSession]:
    """The viewer's own sessions that still open something, the newest first."""
    statement = (
        select(UserSession)
        .where(UserSession.user_id == viewer.id, UserSession.step == Step.DONE, *_living(now()))
        .order_by(UserSession.id.desc())
    )
    return db.session.scalars(statement).all()


def list_sign_ins(viewer: Viewer) -> Select[UserSession]:
    """The viewer's own sign-ins, also those that are over or were never finished; to be paged."""
    return select(UserSession).where(UserSession.user_id == viewer.id)


def list_recent_sign_ins(user: User, limit: int = 10) -> Sequence[UserSession]:
    """The newest sign-ins of a user, for whoever administers users."""
    statement = select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id.desc())
    return db.session.scalars(statement.limit(limit)).all()


def list_open_sessions(user: User) -> Sequence[UserSession]:
    """Those nobody has ended yet."""
    statement = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    return db.session.scalars(statement).all()


def _living(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    idle, longest = limits()
    return (
        UserSession.ended_at.is_(None),
        UserSession.last_seen_at > moment - idle,
        UserSession.started_at > moment - longest,
    )
