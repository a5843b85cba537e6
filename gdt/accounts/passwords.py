"""Passwords: how they are hashed, checked, and refused when anyone could guess them."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app

SHORTEST = 10


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


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)


@cache
def _nobodys(memory_kib: int) -> str:
    return _hasher(memory_kib).hash("nobody has this password")
