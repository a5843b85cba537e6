"""Tries to sign in that are too many to be looked at: whoever owns the account learns of them, too."""

from collections.abc import Callable

from flask import request
from flask_limiter import RequestLimit

from gdt.accounts.browser_sessions import place, unfinished_session
from gdt.accounts.models import User
from gdt.accounts.passkeys import find_owner
from gdt.accounts.queries import find_user_by_email
from gdt.accounts.refusal_models import Refusal
from gdt.accounts.refusals import SignInRefused, note_in_passing
from gdt.database import reading
from gdt.errors import DomainError
from gdt.forms import CONTROLS
from gdt.security import Tries

# A throttle is there to cost nothing. So of a flood only the beginning of each minute is written down.
NOTED = Tries("throttled sign-ins noted", "60 per minute")


def noting(whose: Callable[[], User | None]) -> Callable[[RequestLimit], None]:
    """What a throttle of a door to sign in does when it closes; whoever knocks is answered as ever."""

    def note(_limit: RequestLimit) -> None:
        try:
            NOTED.take("everyone")
        except DomainError:
            return
        with reading():
            refused = SignInRefused("", Refusal.THROTTLED, whose())
        note_in_passing(refused, **place())

    return note


def by_address() -> User | None:
    """Whose address was typed; no form has looked at it yet."""
    typed = request.form.get("email", "")
    return find_user_by_email("" if CONTROLS.search(typed) else typed)


def by_passkey() -> User | None:
    return find_owner(request.form.get("answer", ""))


def by_first_step() -> User | None:
    """Who has the password right already, and is to bring the second step."""
    unfinished = unfinished_session()
    return unfinished.user if unfinished else None


def nobodys() -> None:
    """For doors at which nobody is named yet."""
