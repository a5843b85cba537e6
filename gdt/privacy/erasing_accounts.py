"""Forgetting an account: who signed in goes, what she did stays under a name that says nothing."""

from collections.abc import Collection, Iterator

from flask_babel import gettext as _
from sqlalchemy import Column, and_, delete, exists, or_, select, update

from gdt import audit, changes
from gdt.access import Viewer
from gdt.accounts.factor_models import AuthenticatorApp, Passkey, RecoveryCode
from gdt.accounts.models import Invitation, User
from gdt.accounts.refusal_models import RefusedSignIn
from gdt.accounts.reset_models import PasswordReset
from gdt.accounts.service_models import LinkedIdentity
from gdt.accounts.session_models import UserSession
from gdt.accounts.token_models import AccessToken
from gdt.audit import AuditEvent
from gdt.database import Model, db, now
from gdt.errors import DomainError
from gdt.impact.digest_models import DigestSubscription
from gdt.outgoing import OutgoingMail
from gdt.people.models import Person
from gdt.privacy import erased_list
from gdt.privacy.erasing_journals import rename_in_journals
from gdt.privacy.erasing_texts import holding, take_out_of_texts
from gdt.privacy.personal_columns import REGISTER, Who
from gdt.privacy.words import Words
from gdt.trail_forgetting import forget, forget_actor

HERS = (
    UserSession, RefusedSignIn, AccessToken, AuthenticatorApp, Passkey, RecoveryCode, LinkedIdentity,
    PasswordReset, Invitation, DigestSubscription,
)  # fmt: skip
FROZEN = {"closed_years", "audit_events"}  # published and never changed; the trail forgets in its own way
OTHER_NAMES = {"key_approvals": ("name",)}


def forget_account(*, actor: Viewer, user: User, reason: str) -> None:
    """Erase who somebody was that signed in here. Raises DomainError while the account can be used.

    Her deeds stay, and stay one person's: the trail keeps the number of the account, the other records the
    pseudonym made of it.
    """
    if user.id == actor.id:
        raise DomainError(_("Ask another administrator to do this for you."))
    if user.forgotten_at is not None:
        raise DomainError(_("This account was forgotten already."))
    if user.is_active:
        raise DomainError(_("Suspend the account first, so that nobody is using it meanwhile."))
    erased_list.note_account(user.id, user.created_at)
    sentence = _("Forgot who had account %(n)s: %(reason)s", n=user.id, reason=reason)
    take_out_account(user)
    audit.record(actor, "forgot account", user, sentence, institution_id=user.institution_id)


def forget_accounts_of(person_ids: Collection[int]) -> int:
    """Forget the accounts of somebody who is erased, so that her address is nobody's; returns how many."""
    mine = (User.person_id.in_(person_ids), User.forgotten_at.is_(None))
    accounts = db.session.scalars(select(User).where(*mine)).all()
    for user in accounts:
        erased_list.note_account(user.id, user.created_at)
        take_out_account(user)
    return len(accounts)


def take_out_account(user: User) -> None:
    """Put the pseudonym in the place of her name everywhere, and drop what let her in; twice is once."""
    words, pseudonym = _words_of(user), user.pseudonym
    _put_in_place_of_her_name(user, pseudonym, is_shared=_is_shared(user))
    forget_actor(AuditEvent.actor_id == user.id)
    texts = (AuditEvent.subject_name, AuditEvent.summary, AuditEvent.details)
    about_her = and_(AuditEvent.subject_kind == User.__tablename__, AuditEvent.subject_id == user.id)
    forget(or_(about_her, holding(texts, words)))
    take_out_of_texts(words)
    blank = {"recipient": "", "subject": "", "body": "", "server_answer": None}
    db.session.execute(update(OutgoingMail).where(OutgoingMail.recipient == user.email).values(**blank))
    for model in HERS:
        db.session.execute(delete(model).where(model.user_id == user.id))
    db.session.execute(delete(PasswordReset).where(PasswordReset.email == user.email))
    user.name, user.email = pseudonym, f"account-{user.id}@forgotten.invalid"
    user.password_hash = user.suspended_because = user.last_signed_in_at = None
    user.forgotten_at = user.forgotten_at or now()
    user.suspended_at = user.suspended_at or now()
    db.session.flush()
    changes.leave_untold()  # or the next event would tell from which name


def _put_in_place_of_her_name(user: User, pseudonym: str, *, is_shared: bool) -> None:
    """In every row and journal; where another has the name, in the rows that have her number, too."""
    columns = list(_name_columns())
    for column, table_id in columns:
        mine = column == user.name
        if table_id is not None:
            mine = and_(mine, table_id == user.id)
        if table_id is not None or not is_shared:
            db.session.execute(update(column.table).where(mine).values({column.name: pseudonym}))
    if not is_shared:
        named = {(column.table.name, column.name) for column, _table_id in columns}
        rename_in_journals(user.name, pseudonym, named)


def _name_columns() -> Iterator[tuple[Column[str], Column[int] | None]]:
    """Every column that names who did something, and the one beside it that holds the account's number."""
    for held in REGISTER:
        table = Model.metadata.tables[held.table]
        if held.who is not Who.USER or held.table in FROZEN:
            continue
        for name in held.columns:
            if name.endswith("_name") or name in OTHER_NAMES.get(held.table, ()):
                yield table.c[name], table.c.get(f"{name.removesuffix('_name')}_id")


def _words_of(user: User) -> Words:
    """Her name is taken out of texts only where nobody else bears it."""
    names = frozenset() if _is_shared(user) else frozenset({user.name})
    return Words(frozenset(), frozenset({user.name}), names, frozenset({user.email}), frozenset())


def _is_shared(user: User) -> bool:
    """Whether another account, or somebody of the register, has the same name."""
    others = exists().where(User.name == user.name, User.id != user.id)
    people = exists().where(Person.printed_name == user.name, Person.id != (user.person_id or 0))
    return bool(db.session.scalar(select(or_(others, people))))
