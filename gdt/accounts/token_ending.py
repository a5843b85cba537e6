"""Ending access tokens together with what they rested on: the password, the role, the account."""

from gdt.accounts.models import User
from gdt.accounts.session_models import EndReason
from gdt.accounts.token_models import AccessToken, TokenEnd
from gdt.accounts.token_queries import list_open_tokens
from gdt.database import now

# Signing out somewhere says nothing about programs; all else that ends sessions ends tokens as well.
ENDS_WITH_SESSIONS = {
    EndReason.PASSWORD: TokenEnd.PASSWORD,
    EndReason.ROLE: TokenEnd.ROLE,
    EndReason.SUSPENDED: TokenEnd.SUSPENDED,
    EndReason.SECOND_FACTOR: TokenEnd.SECOND_FACTOR,
}


def end_token(token: AccessToken, because: TokenEnd) -> None:
    """End one, from its next request on. Ending it again changes nothing."""
    if token.ended_at is None:
        token.ended_at, token.ended_because = now(), because


def end_tokens(user: User, reason: EndReason) -> None:
    """End all tokens of a user whose sessions end for this reason, where it is one for tokens."""
    because = ENDS_WITH_SESSIONS.get(reason)
    for token in list_open_tokens(user) if because else ():
        end_token(token, because or TokenEnd.OWNER)
