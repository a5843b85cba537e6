"""Reading the users, their invitations and the trail they leave."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from gdt.access import Role
from gdt.accounts.models import Invitation, User
from gdt.audit import AuditEvent
from gdt.database import db, now
from gdt.errors import RecordNotFound


def find_user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def find_user_of_session(session_id: str) -> User | None:
    """The user a session belongs to, while it is still one of hers: the stamp has not changed since."""
    user_id, _, stamp = session_id.partition("-")
    if not user_id.isdecimal():
        return None
    user = db.session.get(User, int(user_id))
    return user if user is not None and user.session_stamp == stamp and user.is_active else None


def get_user(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise RecordNotFound
    return user


def list_users(*, search: str = "", role: Role | None = None) -> Select[User]:
    """The users whose name or address holds the words, in a role if one is given; to be paged."""
    statement = select(User).options(joinedload(User.institution))
    if role is not None:
        statement = statement.where(User.role == role)
    if search:
        statement = statement.where(or_(User.name.icontains(search), User.email.icontains(search)))
    return statement


def list_coordinators(institution_id: int) -> Sequence[User]:
    """The coordinators of an institution who may sign in."""
    return db.session.scalars(
        select(User)
        .where(
            User.role == Role.COORDINATOR,
            User.institution_id == institution_id,
            User.suspended_at.is_(None),
        )
        .order_by(User.id)
    ).all()


def count_active_administrators() -> int:
    statement = select(User.id).where(User.role == Role.ADMINISTRATOR, User.suspended_at.is_(None))
    return len(db.session.scalars(statement).all())


def find_open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link, if it was neither used nor has run out."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now(),
        )
    )


def list_open_invitations(user: User) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation).where(Invitation.user == user, Invitation.used_at.is_(None))
    ).all()


def list_trail(*, search: str = "") -> Select[AuditEvent]:
    """The trail, narrowed to events whose actor, subject or sentence holds the words; to be paged."""
    statement = select(AuditEvent)
    if search:
        columns = (AuditEvent.actor_name, AuditEvent.subject_name, AuditEvent.summary)
        statement = statement.where(or_(*(column.icontains(search) for column in columns)))
    return statement


def token_hash(token: str) -> str:
    """What is kept of a link's token: enough to know it again, not enough to make it."""
    return sha256(token.encode()).hexdigest()
