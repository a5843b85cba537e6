"""Beginning and ending sessions, and how long what is known of them is kept."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from gdt import audit
from gdt.accounts.factor_queries import has_factor
from gdt.accounts.models import User
from gdt.accounts.refusal_models import RefusedSignIn
from gdt.accounts.session_models import EndReason, SignInMethod, Step, UserSession
from gdt.accounts.session_queries import list_open_sessions, token_hash
from gdt.accounts.token_ending import end_tokens
from gdt.database import db, in_passing, now, unit_of_work

SEEN_EVERY = timedelta(minutes=5)
HISTORY_KEPT = timedelta(days=180)


def begin_session(*, user: User, method: SignInMethod, address: str, browser: str) -> tuple[UserSession, str]:
    """Begin a session of a browser. Returns it and its token; its `step` says what is left to do."""
    token = secrets.token_urlsafe(32)
    session = UserSession(
        user=user,
        token_hash=token_hash(token),
        method=method,
        step=_step_after(method, user),
        address=address[:45],
        browser=browser[:80],
    )
    db.session.add(session)
    if session.step is Step.DONE:
        _note_sign_in(user)
    db.session.flush()
    return session, token


def finish_session(*, session: UserSession) -> str:
    """Open everything to a session whose last step is done. Returns its new token: the old one is dead."""
    token = secrets.token_urlsafe(32)
    session.step, session.token_hash = Step.DONE, token_hash(token)
    _note_sign_in(session.user)
    return token


def end_session(*, session: UserSession, reason: EndReason) -> None:
    """End one session, from its next request on. Ending it again changes nothing."""
    if session.ended_at is None:
        session.ended_at, session.ended_because = now(), reason


def end_own_session(*, user: User, session: UserSession) -> None:
    """What the owner does from another place, when she sees a session she does not know."""
    end_session(session=session, reason=EndReason.ENDED)
    audit.record(user, "ended session", user, _("Ended a session"), institution_id=user.institution_id)


def end_other_sessions(*, user: User, here: UserSession | None) -> None:
    """Sign the owner out everywhere but here."""
    ended = end_sessions(user=user, reason=EndReason.ENDED, but=here)
    sentence = _("Ended %(n)s other sessions", n=ended)
    audit.record(user, "ended sessions", user, sentence, institution_id=user.institution_id)


def end_sessions(*, user: User, reason: EndReason, but: UserSession | None = None) -> int:
    """End all sessions of a user but one, and her tokens where the reason ends those. Returns how many."""
    end_tokens(user, reason)
    ended = [session for session in list_open_sessions(user) if session is not but]
    for session in ended:
        end_session(session=session, reason=reason)
    return len(ended)


def note_seen(*, session_id: int, last_seen_at: datetime) -> None:
    """Write down that a session is in use, every few minutes; it is no action of a person, so in no trail.

    It runs after the answer, in a transaction of its own: reading a page keeps nothing else. When the
    database is busy the next request will do.
    """
    moment = now()
    if moment - last_seen_at < SEEN_EVERY:
        return
    seen = update(UserSession).where(UserSession.id == session_id).values(last_seen_at=moment)
    with suppress(OperationalError), in_passing() as connection:
        connection.execute(seen)


def forget_old_sign_ins() -> int:
    """Addresses and browsers are personal data: they go when nobody will look for them any more.

    Returns how many; retention does it every hour.
    """
    with unit_of_work():
        old, before = delete(UserSession), now() - HISTORY_KEPT
        went = int(db.session.execute(old.where(UserSession.started_at < before)).rowcount)  # type: ignore[attr-defined]
        refused = delete(RefusedSignIn).where(RefusedSignIn.last_at < before)
        return went + int(db.session.execute(refused).rowcount)  # type: ignore[attr-defined]


def _step_after(method: SignInMethod, user: User) -> Step:
    if method is SignInMethod.PASSKEY:  # the device and whoever unlocks it: two factors at once
        return Step.DONE
    if has_factor(user):
        return Step.SECOND
    return Step.SET_UP if needs_factor(user) else Step.DONE


def needs_factor(user: User) -> bool:
    """Whether the user may do nothing before a second factor is set up."""
    return bool(current_app.config["SECOND_FACTOR"]) and not user.role.is_of_one_institution


def _note_sign_in(user: User) -> None:
    user.last_signed_in_at = now()
    audit.record(user, "signed in", user, _("Signed in"), institution_id=user.institution_id)
