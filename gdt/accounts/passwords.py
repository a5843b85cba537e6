"""Passwords: how they are hashed, checked, and refused when anyone could guess them."""

from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from flask_babel import gettext as _
from zxcvbn import zxcvbn

from gdt.errors import DomainError

SHORTEST, LONGEST = 10, 200
JUDGED = 72  # characters the estimate looks at: it is slow for long ones, which need no estimate
HARD_ENOUGH = 3  # of 4: more than a hundred million guesses


def hash_password(password: str) -> str:
    """The Argon2id hash to keep."""
    return _hasher(current_app.config["PASSWORD_MEMORY_KIB"]).hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether the password fits the kept hash. Takes the same time when there is none to fit."""
    memory = current_app.config["PASSWORD_MEMORY_KIB"]
    try:
        return _hasher(memory).verify(kept or _nobodys(memory), password) and kept is not None
    except VerificationError:
        return False


def require_strength(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse what is short, on the shipped lists of leaked passwords, close to one, or made of `about`.

    Raises DomainError of the field `password`.
    """
    if len(password) < SHORTEST:
        message = _("Use at least %(n)s characters. Three or four words make a good one.", n=SHORTEST)
        raise DomainError(message, field="password")
    if len(password) > LONGEST:
        raise DomainError(_("Use at most %(n)s characters.", n=LONGEST), field="password")
    if guesses_needed(password, about) < HARD_ENOUGH:
        message = _(
            "This password is too easy to guess: it is, or is close to, one that was stolen elsewhere, "
            "or is made of your name or address. Three or four words make a good one."
        )
        raise DomainError(message, field="password")


def guesses_needed(password: str, about: Iterable[str] = ()) -> int:
    """How hard to guess, from 0 (at once) to 4."""
    texts = [_words(text) for text in ("gdt network", *about)]
    known = [word for words in texts for word in (*words, "".join(words))]
    return int(zxcvbn(password[:JUDGED], user_inputs=known)["score"])


def _words(text: str) -> list[str]:
    return [word for word in "".join(c if c.isalnum() else " " for c in text.casefold()).split() if word]


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)


@cache
def _nobodys(memory_kib: int) -> str:
    return _hasher(memory_kib).hash("nobody has this password")
