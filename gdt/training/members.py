"""The members of a cohort as a sheet may name them: by number, e-mail, or a name only one of them has."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from sqlalchemy import and_, select

from gdt.database import db
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.other_names import is_somebody_else_in_this_script
from gdt.training.models import Cohort, Enrolment, EnrolmentState


class Named(Protocol):
    """A row that says who it is about."""

    @property
    def own_number(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def printed_name(self) -> str: ...


class Member(NamedTuple):
    """Somebody of a cohort: what a sheet may name her by, and how far she has come."""

    person_id: int
    printed_name: str
    email: str | None
    own_number: str | None
    state: EnrolmentState
    enrolment_id: int
    attendance_percent: int | None
    completed_on: date | None
    native_name: str | None = None


def list_members(cohort: Cohort) -> Sequence[Member]:
    """Everybody ever enrolled in a cohort, those who withdrew among them."""
    here = and_(
        Affiliation.person_id == Person.id,
        Affiliation.institution_id == cohort.institution_id,
        Affiliation.role == AffiliationRole.STUDENT,
    )
    columns = (
        Person.id,
        Person.printed_name,
        Person.email,
        Affiliation.own_number,
        Enrolment.state,
        Enrolment.id,
        Enrolment.attendance_percent,
        Enrolment.completed_on,
        Person.native_name,
    )
    rows = db.session.execute(
        select(*columns)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(Affiliation, here)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Person.id)
    )
    return [Member(*row) for row in rows]


class Members:
    """Finds the member a row is about, or says why it is nobody's."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_number = {one.own_number.casefold(): one for one in members if one.own_number}
        self.by_email = {one.email: one for one in members if one.email}
        self.by_name: dict[str, list[Member]] = defaultdict(list)
        for one in members:
            self.by_name[one.printed_name].append(one)

    def find(self, row: Named) -> tuple[Member | None, str]:
        """Whose row it is, or nobody's and why."""
        by_number = self.by_number.get((row.own_number or "").casefold())
        by_email = self.by_email.get((row.email or "").lower())
        if by_number and by_email and by_number.person_id != by_email.person_id:
            return None, _(
                "The number is %(one)s’s and the e-mail %(other)s’s. Correct the one that is wrong.",
                one=by_number.printed_name,
                other=by_email.printed_name,
            )
        member = by_number or by_email
        if member is None and not (row.own_number or row.email):
            return self._named(row.printed_name)
        if member is None:
            return None, _not_enrolled(key_of(row))
        return (None, why_not) if (why_not := _other_name(member, row)) else (member, "")

    def _named(self, name: str) -> tuple[Member | None, str]:
        namesakes = self.by_name.get(name, [])
        if len(namesakes) > 1:
            return None, _(
                "%(count)s students of this cohort are called so. Add the student number.",
                count=len(namesakes),
            )
        return (namesakes[0], "") if namesakes else (None, _not_enrolled(name))


def _other_name(member: Member, row: Named) -> str:
    """Why a row with a name of its own is not this member's, "" if it is."""
    names = member.printed_name, member.native_name
    if not row.printed_name or not is_somebody_else_in_this_script(names, row.printed_name):
        return ""
    return str(
        _(
            "“%(key)s” is %(name)s’s, and this row is called “%(told)s”. Correct the one that is wrong.",
            key=key_of(row)[:80],
            name=member.printed_name,
            told=row.printed_name[:80],
        )
    )


def key_of(row: Named) -> str:
    """What a row names somebody by."""
    return row.own_number or row.email or row.printed_name


def _not_enrolled(key: str) -> str:
    return str(
        _("Nobody in this cohort has “%(key)s”. Correct it, or enrol the student first.", key=key[:80])
    )
