"""Making and ending access tokens, and noting their use."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, or_, update
from sqlalchemy.exc import OperationalError

from gdt import audit
from gdt.access import Permission, Viewer, may
from gdt.accounts.factor_queries import has_factor
from gdt.accounts.models import User
from gdt.accounts.session_models import Step, UserSession
from gdt.accounts.session_queries import token_hash
from gdt.accounts.sessions import needs_factor
from gdt.accounts.signing_in import require_own_password, tell_of_change
from gdt.accounts.token_ending import end_token
from gdt.accounts.token_models import AccessToken, TokenEnd, TokenRight
from gdt.accounts.token_queries import list_open_tokens
from gdt.accounts.token_texts import ENDING, new_token
from gdt.database import db, in_passing, now, unit_of_work
from gdt.errors import DomainError
from gdt.routines import routine

LONGEST_DAYS = 365
TRACES_KEPT = timedelta(days=180)  # after its end, as those of sessions
MOST = 20  # that work at the same time
# What a right is made of: whoever holds none of these permissions has no use for it.
OPENS: dict[TokenRight, frozenset[Permission]] = {
    TokenRight.FIGURES: frozenset({Permission.IMPACT_READ}),
    TokenRight.RECORDS: frozenset(
        {Permission.INSTITUTIONS_READ, Permission.COHORTS_READ, Permission.CERTIFICATES_READ}
    ),
    TokenRight.UPLOADS: frozenset({Permission.IMPORTS_MANAGE}),
}


def rights_for(user: Viewer) -> list[TokenRight]:
    """The rights the user has something to give of."""
    return [right for right, opened in OPENS.items() if any(may(user, one) for one in opened)]


def make_token(
    *, user: User, here: UserSession | None, name: str, rights: Collection[str], days: int, password: str
) -> tuple[AccessToken, str]:
    """Make a token for the user's programs. Returns it and its text, which is told this once only."""
    _require_second_step(user, here)
    if user.password_hash is not None:
        require_own_password(user, password, field="password")
    _require_sense(user, name, rights, days)
    text = new_token()
    token = AccessToken(
        user=user,
        name=name,
        token_hash=token_hash(text),
        ending=text[-ENDING:],
        rights=sorted(rights),
        role=user.role,
        expires_at=now() + timedelta(days=days),
    )
    db.session.add(token)
    sentence = _("Made the access token “%(name)s”", name=name)
    _note(user, "made a token", user, sentence, token, rights=sorted(rights), days=days)
    return token, text


def end_own_token(*, user: User, token: AccessToken) -> None:
    """What the owner does when a program is gone, or its token may have been seen."""
    _end(user, token, TokenEnd.OWNER, _("Ended the access token “%(name)s”", name=token.name))


def end_token_of(*, actor: Viewer, token: AccessToken) -> None:
    """What an administrator does when somebody else's token may have been seen."""
    is_own = actor.id == token.user_id
    _end(
        actor,
        token,
        TokenEnd.OWNER if is_own else TokenEnd.ADMINISTRATOR,
        _("Ended the access token “%(name)s” of %(user)s", name=token.name, user=token.user.name),
    )


def note_used(*, token_id: int) -> None:
    """Count a use. It is no action of a person, so in no trail; it runs after the answer, as seeing does."""
    used = update(AccessToken).where(AccessToken.id == token_id)
    with suppress(OperationalError), in_passing() as connection:
        connection.execute(used.values(last_used_at=now(), times_used=AccessToken.times_used + 1))


@routine
def forget_old_tokens() -> None:
    """When a token was last used is personal data: it goes when nobody will ask about it any more."""
    long_ago = now() - TRACES_KEPT
    gone = or_(AccessToken.ended_at < long_ago, AccessToken.expires_at < long_ago)
    with unit_of_work():
        db.session.execute(delete(AccessToken).where(gone))


def _end(actor: Viewer, token: AccessToken, because: TokenEnd, sentence: str) -> None:
    if token.ended_at is None:
        end_token(token, because)
        _note(actor, "ended a token", token.user, sentence, token)


def _note(
    actor: Viewer, action: str, user: User, sentence: str, token: AccessToken, **details: object
) -> None:
    db.session.flush()
    audit.record(actor, action, user, sentence, institution_id=user.institution_id, token=token.id, **details)
    tell_of_change(user, f"{sentence}.")


def _require_second_step(user: User, here: UserSession | None) -> None:
    """The first factor ended all sessions begun without it, so a finished one has seen it."""
    is_done = here is not None and here.step is Step.DONE and here.user_id == user.id
    if not is_done or (needs_factor(user) and not has_factor(user)):
        raise DomainError(
            _("Set up a second step first: your role needs one before programs may act for you.")
        )


def _require_sense(user: User, name: str, rights: Collection[str], days: int) -> None:
    known = {right.value for right in rights_for(user)}
    if not rights or not known.issuperset(rights):
        raise DomainError(_("Choose what the program may do."), field="rights")
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(_("A token lasts at most a year."), field="days")
    there = list_open_tokens(user)
    if any(token.name == name for token in there):
        raise DomainError(_("You have a token of this name already. Give this one another."), field="name")
    if len(there) >= MOST:
        raise DomainError(_("You have %(most)s tokens. End one that no program uses any more.", most=MOST))
