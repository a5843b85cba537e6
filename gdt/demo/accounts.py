"""The people a newcomer can sign in as; the teacher among them comes with her entry in the register."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from gdt.access import Role
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password
from gdt.demo.network import Network
from gdt.demo.queries import list_users
from gdt.demo.rows import add_all

OFFICER, TEACHER = "officer@gdt.example", "teacher@utar.example"
USERS = (
    ("coordinator@utar.example", "Lee Pei Shan", Role.COORDINATOR, "utar"),
    (OFFICER, "Lin Xiaowen", Role.OFFICER, None),
    ("leader@gdt.example", "Zhou Minghui", Role.LEADER, None),
    ("admin@gdt.example", "Wang Yifan", Role.ADMINISTRATOR, None),
    ("coordinator@inti.example", "Nur Aina binti Rosli", Role.COORDINATOR, "inti"),
    ("exams@inti.example", "Chong Kah Yee", Role.COORDINATOR, "inti"),
)


@dataclass(frozen=True)
class DemoAccounts:
    """The addresses to sign in with; the password only when it was set just now."""

    emails: tuple[str, ...]
    password: str | None


def add_users(network: Network) -> None:
    """Write the users without a password: nobody can sign in before the network is complete."""
    rows = [
        {
            "email": email,
            "name": name,
            "role": role,
            "institution_id": network.partners[code].id if code else None,
        }
        for email, name, role, code in USERS
    ]
    add_all(User, rows)
    [network.officer] = list_users([OFFICER])
    for user in find_users():
        if user.institution_id is not None:
            network.coordinators.setdefault(user.institution_id, user)


def find_users() -> Sequence[User]:
    return list_users(known_emails())


def open_accounts(password: str | None) -> DemoAccounts:
    """Give all of them one password, hashed once; without one given, a random one."""
    chosen = password or secrets.token_urlsafe(9)
    hashed = hash_password(chosen)
    for user in find_users():
        user.password_hash = hashed
    return DemoAccounts(known_emails(), chosen)


def known_emails() -> tuple[str, ...]:
    first, *others = (email for email, *_rest in USERS)
    return first, TEACHER, *others
