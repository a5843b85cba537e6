"""Knowing again who asked to be forgotten, when a file or a form brings her number or address back.

What is kept is a hash under a key made of the installation's secret: no number and no address.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now, one_of, unit_of_work
from gdt.errors import DomainError
from gdt.filters import day
from gdt.partners.models import Institution
from gdt.people.forgotten_models import ForgottenMark
from gdt.people.matching import Identified

MARKS_KEPT = timedelta(days=3 * 365)


def remember(*, numbers: Iterable[tuple[int, str]], emails: Iterable[str]) -> None:
    """Keep the marks of somebody who is being erased; again is harmless."""
    key = _key()
    marks = {_of_number(key, place, number) for place, number in numbers}
    marks |= {_of_email(key, email) for email in emails}
    known = set(db.session.scalars(select(ForgottenMark.mark).where(ForgottenMark.mark.in_(marks))))
    db.session.add_all(ForgottenMark(mark=mark) for mark in sorted(marks - known))


def find_forgotten(institution_id: int, people: Sequence[Identified]) -> dict[int, datetime]:
    """Which of these people carry a mark, by their place in the list, and since when they are forgotten."""
    if not people or not is_anybody_forgotten():
        return {}
    key = _key()
    marks = [_marks(key, institution_id, one) for one in people]
    every = {mark for told in marks for mark in told}
    found = db.session.execute(
        select(ForgottenMark.mark, ForgottenMark.forgotten_at).where(one_of(ForgottenMark.mark, every))
    )
    since = {row[0]: row[1] for row in found}
    if not since:
        return {}
    return {
        place: min(since[mark] for mark in told if mark in since)
        for place, told in enumerate(marks)
        if any(mark in since for mark in told)
    }


def is_anybody_forgotten() -> bool:
    """Whether there is anything to look for: most installations never erased anybody."""
    return db.session.scalar(select(ForgottenMark.id).limit(1)) is not None


def why_not(since: datetime) -> str:
    """Why somebody who was forgotten is not entered again just so."""
    return str(
        _(
            "Somebody with this number or e-mail asked to be forgotten, and was on %(day)s. If this is the "
            "same person and the wish is to be here again, the programme office lets the person back in "
            "under Personal data.",
            day=day(since),
        )
    )


def let_back_in(*, actor: Viewer, institution: Institution | None, number: str, email: str) -> None:
    """Take the marks of a number at an institution, or of an address, away: she wants to be here again."""
    key, marks = _key(), set()
    if number and institution is None:
        raise DomainError(_("Choose the institution that gave the number."), "institution")
    if number and institution is not None:
        marks.add(_of_number(key, institution.id, number))
    if email:
        marks.add(_of_email(key, email))
    if not marks:
        raise DomainError(_("Enter a number or an e-mail address."), "email")
    gone = db.session.execute(delete(ForgottenMark).where(ForgottenMark.mark.in_(marks)))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise DomainError(_("Nobody who was forgotten had this number or address."), "email")
    audit.record_operation(actor, "let back in", _("Let somebody back in who had been forgotten"))


def forget_old_marks() -> int:
    """Drop the marks whose time is over; returns how many. Retention does it every hour."""
    with unit_of_work():
        old = delete(ForgottenMark).where(ForgottenMark.forgotten_at < now() - MARKS_KEPT)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


def _marks(key: bytes, institution_id: int, one: Identified) -> Collection[str]:
    found = [_of_number(key, institution_id, one.own_number)] if one.own_number else []
    return [*found, _of_email(key, one.email)] if one.email else found


def _of_number(key: bytes, institution_id: int, number: str) -> str:
    return hmac.digest(key, f"number {institution_id} {number.strip().casefold()}".encode(), "sha256").hex()


def _of_email(key: bytes, email: str) -> str:
    return hmac.digest(key, f"address {email.strip().lower()}".encode(), "sha256").hex()


def _key() -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gdt forgotten people").derive(secret)
