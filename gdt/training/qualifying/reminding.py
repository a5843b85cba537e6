"""Reminding teachers and their coordinators before a qualification ends, each agreed time once.

Done every hour by whichever worker comes first; again, or in two places at once, it sends nothing twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from gdt.accounts.queries import list_coordinators
from gdt.database import db, now, unit_of_work
from gdt.filters import day as written
from gdt.filters import ngettext
from gdt.mail import Note, send_all
from gdt.partners.models import Institution
from gdt.routines import routine
from gdt.training.models import Qualification
from gdt.training.own_page.links import link_for
from gdt.training.qualifying import queries
from gdt.training.qualifying.models import QualificationReminder
from gdt.training.qualifying.reminder_days import MONTHS, due_months
from gdt.training.queries import lock_institution

AHEAD = timedelta(days=31 * max(MONTHS))
NAMED_IN_A_MAIL = 40


@routine
def remind_of_qualifications() -> None:
    remind_on(now().date())


def remind_on(day: date) -> int:
    """Send what is due on a day, one institution at a time; returns how many qualifications it is about."""
    with unit_of_work():
        institutions = list(queries.list_institutions_with_ends(day, day + AHEAD))
    count = 0
    for institution_id in institutions:
        with unit_of_work(), force_locale("en"):
            count += _remind(institution_id, day)
    return count


def _remind(institution_id: int, day: date) -> int:
    institution = db.session.get_one(Institution, institution_id)
    lock_institution(institution)
    ending = queries.list_ending_of(institution_id, day, day + AHEAD)
    sent = queries.reminded([one.id for one in ending])
    due = []
    for one in ending:
        months = due_months(valid_from=one.valid_from, valid_until=one.valid_until, day=day)
        if months is not None and (one.id, months) not in sent:
            due.append(one)
            db.session.add(QualificationReminder(qualification=one, months=months, sent_on=day))
    if due:
        send_all([*_to_teachers(due, day), *_to_coordinators(institution, due, day)])
    return len(due)


def _to_teachers(due: Sequence[Qualification], day: date) -> list[Note]:
    """One mail to each teacher who has an address, about all of hers."""
    by_person: dict[int, list[Qualification]] = defaultdict(list)
    for one in due:
        by_person[one.person_id].append(one)
    return [
        Note(
            template="qualification_ending",
            to=held[0].person.email,
            subject=_("Your qualification ends on %(day)s", day=written(held[0].valid_until)),
            context={
                "name": held[0].person.printed_name,
                "lines": _lines(held, named=False),
                "url": link_for(person_id, held[0].person.email or ""),
            },
            key=f"qualification-end:{day}:{person_id}",
        )
        for person_id, held in by_person.items()
        if held[0].person.email
    ]


def _to_coordinators(institution: Institution, due: Sequence[Qualification], day: date) -> list[Note]:
    subject = ngettext(
        "%(num)s qualification of your teachers ends soon",
        "%(num)s qualifications of your teachers end soon",
        len(due),
    )
    context: dict[str, Any] = {
        "institution": institution,
        "lines": _lines(due[:NAMED_IN_A_MAIL], named=True),
        "more": max(0, len(due) - NAMED_IN_A_MAIL),
        "url": f"{current_app.config['BASE_URL']}/institutions/{institution.code}/teachers",
    }
    return [
        Note(
            template="qualifications_ending",
            to=user.email,
            subject=subject,
            context=context | {"name": user.name},
            key=f"qualifications-end:{day}:{institution.id}:{user.id}",
        )
        for user in list_coordinators(institution.id)
    ]


def _lines(held: Sequence[Qualification], *, named: bool) -> list[str]:
    until = [_("%(what)s, until %(day)s", what=one.module, day=written(one.valid_until)) for one in held]
    return [f"{one.person}: {line}" if named else line for one, line in zip(held, until, strict=True)]
