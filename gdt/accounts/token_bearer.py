"""Who a program acts for: the user of the token it sends, at the doors that are made for programs alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Request, abort, current_app, g, request
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from gdt.access import Permission, login_manager, requires
from gdt.accounts.blueprint import accounts
from gdt.accounts.models import User
from gdt.accounts.token_models import AccessToken, TokenRight
from gdt.accounts.token_queries import find_token
from gdt.accounts.tokens import note_used
from gdt.bearer import bearer_key

DOOR = "token_right"


def opens_to_tokens(permission: Permission, right: TokenRight) -> Callable[[Any], Any]:
    """Guard a view for browsers and programs: the user's permission, and of a token the right beside it."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            token = this_token()
            if token is not None and not token.may(right):
                abort(
                    403, _("This token was not made for that. Make one that may do it on your account page.")
                )
            return view(*args, **kwargs)

        guarded.token_right = right  # type: ignore[attr-defined]
        return requires(permission)(guarded)

    return guard


def this_token() -> AccessToken | None:
    """The live token of this request, if it brings one."""
    token: AccessToken | None = g.get("token")
    return token


def whose_requests() -> str:
    """Whose requests are counted together: those of one token, of one signed-in person, of one address.

    A key that nobody was given counts for where it comes from: of made-up keys each would have its own count,
    and a row of the throttles.
    """
    if not current_user.is_authenticated:
        return f"address {get_remote_address()}"
    token = this_token()
    return f"token {token.id}" if token is not None else f"user {current_user.get_id()}"


@login_manager.request_loader
def _load_user(_request: Request) -> User | None:
    """The token's user, at a door for programs; her rights are read with her, at each request."""
    view = current_app.view_functions.get(request.endpoint or "")
    key = bearer_key()
    if not key or not hasattr(view, DOOR):
        return None
    token = find_token(key)
    if token is None:
        return None
    g.token, g.used = token, token.id
    return token.user


@accounts.teardown_app_request
def _note_used(_error: BaseException | None) -> None:
    if token_id := g.pop("used", None):
        note_used(token_id=token_id)
