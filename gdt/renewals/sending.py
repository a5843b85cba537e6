"""Sending the reminders of agreements that end: each once, to the office and to the institution."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE
from gdt.database import now, unit_of_work
from gdt.filters import day as written
from gdt.mail import Note, send_all
from gdt.partners.models import Agreement
from gdt.partners.reminder_models import AgreementReminder, Audience, ReminderState
from gdt.partners.reminding import plan_reminders
from gdt.partners.renewal_times import Round, to_send
from gdt.renewals import queries


def remind_of_ends(today: date) -> int:
    """Plan the reminders of new terms and send those whose day has come; returns how many were sent."""
    with unit_of_work(), force_locale("en"):
        plan_reminders()
        due = queries.list_due(today)
        by_term = groupby(due, key=lambda one: (one.agreement_id, one.audience))
        return sum(_remind(list(reminders), today) for _key, reminders in by_term)


def _remind(reminders: Sequence[AgreementReminder], today: date) -> bool:
    """Send the latest of a term's due reminders; those before it are passed over."""
    term, audience = reminders[0].agreement, reminders[0].audience
    if term.ends_on < today:
        for one in reminders:
            _pass_over(one, _("The term had ended before it could be sent"))
        return False
    latest, passed = to_send([Round(one.months, one.due_on) for one in reminders], today)
    by_months = {one.months: one for one in reminders}
    for earlier in passed:
        _pass_over(by_months[earlier.months], _("A later one was sent in its place"))
    return latest is not None and _send(by_months[latest.months], term, audience, today)


def _pass_over(reminder: AgreementReminder, why: str) -> None:
    reminder.state, reminder.settled_at, reminder.note = ReminderState.NOT_NEEDED, now(), why


def _send(reminder: AgreementReminder, term: Agreement, audience: Audience, today: date) -> bool:
    """Where there is nobody to write to it stays due, and is sent once somebody is there."""
    people = queries.list_recipients(term.institution, audience, today)
    if not people:
        reminder.note = _("Nobody there to write to yet")
        return False
    name, end = term.institution.name, written(term.ends_on)
    base, code = current_app.config["BASE_URL"], term.institution.code
    context = {
        "institution": term.institution,
        "is_office": audience is Audience.OFFICE,
        "end": end,
        "days": (term.ends_on - today).days,
        "url": f"{base}/institutions/{code}/agreements/{term.id}",
    }
    send_all(
        [
            Note(
                template="agreement_ending",
                to=person.email,
                subject=_("The agreement of %(name)s ends on %(day)s", name=name, day=end),
                context=context | {"name": person.name, "has_account": person.has_account},
                key=f"agreement-end:{term.id}:{reminder.months}:{person.key}",
            )
            for person in people
        ]
    )
    reminder.state, reminder.sent_at, reminder.people = ReminderState.SENT, now(), len(people)
    reminder.note = None
    to = _("the office") if audience is Audience.OFFICE else _("the institution")
    said = _("Reminded %(to)s of the end on %(day)s", to=to, day=end)
    audit.record(OFFICE, "reminded", term, said, institution_id=term.institution_id, months=reminder.months)
    return True
