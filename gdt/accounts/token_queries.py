"""Reading access tokens: the one a program sent, and those of a user."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.accounts.session_queries import token_hash
from gdt.accounts.token_models import AccessToken
from gdt.accounts.token_texts import is_token
from gdt.database import db, now
from gdt.errors import RecordNotFound


def find_token(text: str) -> AccessToken | None:
    """The token a program sent while it is live, with its user and all that says what she may do now."""
    if not is_token(text):
        return None
    found = db.session.scalars(
        select(AccessToken)
        .where(AccessToken.token_hash == token_hash(text))
        .options(joinedload(AccessToken.user).joinedload(User.regions))
    ).unique()
    token = found.first()
    return token if token is not None and token.is_live else None


def get_own_token(viewer: Viewer, token_id: int) -> AccessToken:
    return _get(AccessToken.user_id == viewer.id, token_id)


def get_token_of(user: User, token_id: int) -> AccessToken:
    """A token of a user, for whoever administers users."""
    return _get(AccessToken.user_id == user.id, token_id)


def list_tokens(user: User, limit: int = 50) -> Sequence[AccessToken]:
    """The tokens of a user that were ever made, those that work first, then the newest."""
    statement = (
        select(AccessToken)
        .where(AccessToken.user_id == user.id)
        .options(joinedload(AccessToken.user))
        .order_by(
            or_(AccessToken.ended_at.is_not(None), AccessToken.expires_at < now()), AccessToken.id.desc()
        )
    )
    return db.session.scalars(statement.limit(limit)).all()


def list_open_tokens(user: User) -> Sequence[AccessToken]:
    """Those nobody has ended and whose last day has not come."""
    open_ones = (AccessToken.ended_at.is_(None), AccessToken.expires_at > now())
    return db.session.scalars(select(AccessToken).where(AccessToken.user_id == user.id, *open_ones)).all()


def _get(whose: object, token_id: int) -> AccessToken:
    token: AccessToken | None = db.session.scalar(
        select(AccessToken).where(whose, AccessToken.id == token_id).options(joinedload(AccessToken.user))  # type: ignore[arg-type]
    )
    if token is None:
        raise RecordNotFound
    return token
