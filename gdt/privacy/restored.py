"""After a restore: whoever was erased since the backup is erased again, by the list that outlived it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select

from gdt import jobs
from gdt.access import OFFICE
from gdt.accounts.models import User
from gdt.database import db, reading, unit_of_work
from gdt.people.models import Person
from gdt.privacy import erased_list
from gdt.privacy.erasing_accounts import take_out_account
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.queries import find_waiting
from gdt.privacy.requests import ask_to_forget, erase_person

AT_A_TIME = 5_000


def erase_again() -> int:
    """Erase everyone on the list who is here with her data, and finish what a backup caught half done.

    Returns how many. Raises DomainError when the list was written under another secret.
    """
    with reading():
        listed = erased_list.read()
        found = _still_here(listed)
        unfinished = list(
            db.session.scalars(select(ErasureRequest.id).where(ErasureRequest.state == RequestState.ERASING))
        )
    request_ids = unfinished + [_order(person_id, outcome) for person_id, outcome in found]
    for request_id in request_ids:
        jobs.run_here(ErasureRequest.__tablename__, request_id)
    return len(request_ids) + _forget_accounts_again()


def _forget_accounts_again() -> int:
    """The accounts on the list that a backup brought back with their names; returns how many."""
    with unit_of_work():
        listed, went = erased_list.accounts(), 0
        known = db.session.scalars(select(User).where(User.forgotten_at.is_(None))) if listed else ()
        for user in known:
            if erased_list.mark_of_account(user.id, user.created_at) in listed:
                take_out_account(user)
                went += 1
        return went


def _still_here(listed: dict[str, Outcome]) -> list[tuple[int, Outcome]]:
    """Entries with data whose mark is on the list; of merged ones only the one that stands."""
    if not listed:
        return []
    found, last = [], 0
    while people := _next(last):
        for person_id, created_at in people:
            outcome = listed.get(erased_list.mark_of(person_id, created_at))
            if outcome is not None:
                found.append((person_id, outcome))
        last = people[-1][0]
    return found


def _next(after: int) -> Sequence[Row[int, datetime]]:
    query = select(Person.id, Person.created_at).where(
        Person.id > after, Person.erased_at.is_(None), Person.merged_into_id.is_(None)
    )
    return db.session.execute(query.order_by(Person.id).limit(AT_A_TIME)).all()


def _order(person_id: int, outcome: Outcome) -> int:
    with unit_of_work():
        person = db.session.get_one(Person, person_id)
        request = find_waiting(person) or ask_to_forget(
            actor=OFFICE, person=person, words="-", asked_by=AskedBy.RESTORE
        )
        db.session.flush()
        erase_person(actor=OFFICE, request=request, outcome=outcome)
        return request.id
