"""Reading the users, and the links that were mailed to them."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Permission, Role, Viewer, may, within
from gdt.accounts.models import Invitation, User
from gdt.accounts.reset_models import PasswordReset
from gdt.accounts.session_queries import token_hash
from gdt.database import any_contains, db, now
from gdt.errors import RecordNotFound


def find_user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def visible_user(viewer: Viewer) -> ColumnElement[bool]:
    """An administrator sees everyone who signs in, others a partner's people at the places they see."""
    if may(viewer, Permission.USERS_MANAGE):
        return true()
    of_partners = [role for role in Role if role.is_of_one_institution]
    return and_(User.role.in_(of_partners), within(viewer, User.institution_id))


def get_user(viewer: Viewer, user_id: int) -> User:
    """Somebody the viewer sees, or the viewer herself."""
    seen = or_(User.id == viewer.id, visible_user(viewer))
    user: User | None = db.session.scalar(select(User).where(User.id == user_id, seen))
    if user is None:
        raise RecordNotFound
    return user


def list_users(viewer: Viewer, *, search: str = "", role: Role | None = None) -> Select[User]:
    """The users whose name or address holds the words, in a role if one is given; to be paged."""
    statement = select(User).where(visible_user(viewer))
    if role is not None:
        statement = statement.where(User.role == role)
    if search:
        statement = statement.where(any_contains((User.name, User.email), search))
    return statement.options(joinedload(User.institution), selectinload(User.regions))


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


def list_accounts_of(viewer: Viewer, person_id: int) -> Sequence[User]:
    """The accounts of somebody in the register that the viewer sees, the newest first."""
    mine = (User.person_id == person_id, User.forgotten_at.is_(None), visible_user(viewer))
    return db.session.scalars(select(User).where(*mine).order_by(User.id.desc())).all()


def states_of_accounts(viewer: Viewer, person_ids: Collection[int], institution_id: int) -> dict[int, User]:
    """The account at an institution of each of the persons who has one there, for whoever invites."""
    if not may(viewer, Permission.USERS_INVITE):
        return {}
    hers = User.person_id.in_(person_ids), User.institution_id == institution_id, User.forgotten_at.is_(None)
    found = db.session.scalars(select(User).where(*hers, visible_user(viewer)).order_by(User.id))
    return {user.person_id: user for user in found if user.person_id is not None}


def count_active_administrators() -> int:
    """How many there are; their rows are held, so that two of them cannot each leave it to the other."""
    statement = select(User.id).where(User.role == Role.ADMINISTRATOR, User.suspended_at.is_(None))
    return len(db.session.scalars(statement.order_by(User.id).with_for_update()).all())


def find_open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link, if it was neither used nor has run out."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now(),
        )
    )


def find_newest_invitation(user: User) -> Invitation | None:
    """The last link that was mailed, whatever became of it."""
    newest = select(Invitation).where(Invitation.user_id == user.id).order_by(Invitation.id.desc())
    return db.session.scalar(newest.limit(1))


def list_open_invitations(user: User) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation).where(Invitation.user == user, Invitation.used_at.is_(None))
    ).all()


def find_open_reset(token: str) -> PasswordReset | None:
    """What is behind a link for a new password, if it was neither used nor has run out."""
    return db.session.scalar(
        select(PasswordReset)
        .join(PasswordReset.user)
        .where(
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now(),
            User.suspended_at.is_(None),
        )
    )


def list_open_resets(user: User) -> Sequence[PasswordReset]:
    return db.session.scalars(
        select(PasswordReset).where(PasswordReset.user == user, PasswordReset.used_at.is_(None))
    ).all()
