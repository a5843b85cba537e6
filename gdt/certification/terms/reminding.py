"""Reminding: holders and their institutions hear before a certificate ends, each agreed time once.

Made every hour by whichever worker comes first, and by `gdt remind`. A reminder is a row with a unique key,
written in the transaction that queues its mail, so several workers at once and a day made twice send nothing
twice. An institution's coordinators get one mail a day for all their teachers.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from gdt import mail
from gdt.accounts.queries import list_coordinators
from gdt.certification.models import Certificate
from gdt.certification.terms import queries
from gdt.certification.terms.models import ExpiryDigest, ExpiryReminder
from gdt.certification.terms.reminder_schedule import due_reminder
from gdt.database import Model, db, now, unit_of_work
from gdt.routines import routine

PORTION = 100
NAMED_IN_A_MAIL = 40
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@routine
def remind_today() -> None:
    send_reminders(now().date())


def send_reminders(day: date) -> dict[str, int]:
    """Make every reminder that is due; commits as it goes, and doing it again sends nothing again.

    Answers {"reminders": certificates, "holders": mails to holders, "institutions": mails to coordinators'
    institutions}.
    """
    made = {"reminders": 0, "holders": 0, "institutions": 0}
    after_id: int | None = 0
    while after_id is not None:
        with unit_of_work(), force_locale("en"):
            after_id = _remind_portion(day, after_id, made)
    with unit_of_work():
        institutions = list(queries.list_institutions_to_tell())
    for institution_id in institutions:
        with unit_of_work(), force_locale("en"):
            made["institutions"] += _tell_institution(institution_id, day)
    return made


def _remind_portion(day: date, after_id: int, made: dict[str, int]) -> int | None:
    """Remind the next holders; returns where to go on, or None at the end."""
    days_before: Sequence[int] = current_app.config["EXPIRY_REMINDERS"]
    last = day + timedelta(days=max(days_before, default=-1))
    ending = queries.list_to_remind(day, last, after_id, PORTION)
    sent = queries.sent_reminders([certificate.id for certificate in ending])
    for certificate in ending:
        due = due_reminder(
            ends_on=certificate.valid_until or day,
            issued_on=certificate.issued_on,
            day=day,
            days_before=days_before,
        )
        if due is not None and (certificate.id, due) not in sent:
            _remind(certificate, due, day, made)
    return ending[-1].id if len(ending) == PORTION else None


def _remind(certificate: Certificate, due: int, day: date, made: dict[str, int]) -> None:
    row = {
        "certificate_id": certificate.id,
        "days_before": due,
        "institution_id": certificate.institution_id,
    }
    reminder_id = _insert_new(ExpiryReminder, row | {"made_at": now()})
    if reminder_id is None:
        return  # another worker was faster
    made["reminders"] += 1
    if certificate.person is not None and certificate.person.email:
        message = _write_to_holder(certificate, certificate.person.email, day)
        db.session.get_one(ExpiryReminder, reminder_id).mail_id = message.id
        made["holders"] += 1


def _write_to_holder(certificate: Certificate, address: str, day: date) -> mail.OutgoingMail:
    ends_on = certificate.valid_until or day
    last = format_date(ends_on, "d MMM yyyy")
    return mail.send(
        "certificate_expiring",
        to=address,
        subject=_("Your certificate %(number)s ends on %(day)s", number=certificate.number, day=last),
        certificate=certificate,
        last=last,
        remaining=(ends_on - day).days,
    )


def _tell_institution(institution_id: int, day: date) -> int:
    """One mail to each coordinator about all that is new, unless today's went out; answers 1 or 0."""
    digest_id = _insert_new(ExpiryDigest, {"institution_id": institution_id, "day": day})
    if digest_id is None:
        return 0
    reminders = queries.list_untold(institution_id)
    for reminder in reminders:
        reminder.digest_id = digest_id
    ending = [reminder.certificate for reminder in reminders]
    for coordinator in list_coordinators(institution_id):
        mail.send(
            "certificates_expiring",
            to=coordinator.email,
            subject=ngettext(
                "%(num)s certificate of your teachers ends soon",
                "%(num)s certificates of your teachers end soon",
                len(ending),
            ),
            coordinator=coordinator,
            lines=[_line(certificate) for certificate in ending[:NAMED_IN_A_MAIL]],
            more=len(ending) - NAMED_IN_A_MAIL,
            address=f"{current_app.config['BASE_URL']}/certificates/expiring",
        )
    return 1


def _line(certificate: Certificate) -> str:
    last = format_date(certificate.valid_until, "d MMM yyyy")
    facts = certificate.facts
    return f"{last}  {facts['printed_name']}, {facts['achievement']} ({certificate.number})"


def _insert_new(model: type[Model], row: dict[str, Any]) -> int | None:
    """The id of the new row, or None when its unique key is there already."""
    statement = _INSERT[db.engine.dialect.name](model).values(**row).on_conflict_do_nothing()
    found: int | None = db.session.scalar(statement.returning(model.id))
    return found
