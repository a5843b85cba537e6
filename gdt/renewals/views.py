"""The renewal calendar: what ends in the months ahead, what was sent about it, and what to do next."""

from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.calendar_files import DayEvent, calendar_file
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.facets import Group, Option
from gdt.filters import day, url_with
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.partners.draft_queries import get_sent_reminder
from gdt.partners.models import Agreement
from gdt.partners.reminder_models import Audience, ReminderState
from gdt.partners.reminding import note_answer
from gdt.partners.renewal_times import months_before
from gdt.partners.term_states import AUDIENCES, REMINDER_STATES, sentence_of
from gdt.renewals import home_steps, queries, routines  # noqa: F401  (registered by being imported)
from gdt.renewals.blueprint import renewals as renewals
from gdt.renewals.forms import AnswerForm

AHEAD = (6, 12, 24, 36)  # months
ROWS = 20


@renewals.context_processor
def _words() -> dict[str, Any]:
    return {"AUDIENCES": AUDIENCES, "REMINDER_STATES": REMINDER_STATES}


@renewals.get("/renewals")
@requires(Permission.AGREEMENTS_MANAGE)
def calendar() -> ResponseReturnValue:
    today, months = now().date(), _months()
    until = months_before(today, -months)
    statement = queries.ending(current_user, today, until)
    page = page_of(db.session, statement, order=queries.ORDER, after=request.args.get("after"), size=ROWS)
    reminders, drafts = queries.reminders_of(page.items), queries.drafts_of(page.items)
    by_month = groupby(page.items, key=lambda term: format_date(term.ends_on, "LLLL yyyy"))
    return render_template(
        "renewals/calendar.html",
        page=page,
        months=[
            (name, [(t, sentence_of(t.life([]), today), reminders[t.id], drafts.get(t.id)) for t in terms])
            for name, terms in by_month
        ],
        total=queries.count_ending(current_user, today, until),
        ahead=months,
        groups=[Group(_("How far ahead"), "months", _choices(today, months))],
        last=_last_word,
    )


@renewals.get("/renewals.ics")
@requires(Permission.INSTITUTIONS_READ)
def calendar_ics() -> ResponseReturnValue:
    today = now().date()
    terms = queries.list_ending(current_user, today, months_before(today, -_months()))
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "gdt"
    content = calendar_file(_("Agreements that end"), host, [_event(term) for term in terms], now())
    headers = {"Content-Disposition": 'attachment; filename="agreements.ics"'}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


@renewals.route("/renewals/<int:reminder_id>/answer", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def answer(reminder_id: int) -> ResponseReturnValue:
    reminder, form = get_sent_reminder(current_user, reminder_id), AnswerForm(request.form)
    term = reminder.agreement
    if request.method == "POST" and form.validate():
        try:
            note_answer(viewer=current_user, reminder=reminder, words=form.words.data or "")
            flash(_("The answer is noted."))
            return redirect(url_for(".calendar"))
        except DomainError as error:
            form.reject(error)
    return form_page("renewals/answer.html", form, reminder=reminder, term=term)


def _choices(today: date, asked: int) -> list[Option]:
    """How many months one may look ahead, each with how many agreements end by then."""
    counts = {n: queries.count_ending(current_user, today, months_before(today, -n)) for n in AHEAD}
    return [
        Option(_("%(n)s months", n=n), url_with(months=n, after=None), n == asked, count)
        for n, count in counts.items()
    ]


def _months() -> int:
    asked = request.args.get("months", "")
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) in AHEAD else AHEAD[1]


def _last_word(reminders: Any) -> Any:
    """The reminder to the institution that says most: the last one sent, else the next to come."""
    theirs = [one for one in reminders if one.audience is Audience.INSTITUTION]
    sent = [one for one in theirs if one.sent_at is not None]
    due = [one for one in theirs if one.state is ReminderState.DUE]
    return sent[-1] if sent else due[0] if due else None


def _event(term: Agreement) -> DayEvent:
    institution = term.institution
    url = url_for("partners.agreement", code=institution.code, agreement_id=term.id)
    summary = _("The agreement of %(name)s ends", name=institution.name)
    said = _("Last day in force: %(day)s. It is not renewed yet.", day=day(term.ends_on))
    base = current_app.config["BASE_URL"]
    return DayEvent(f"agreement-{term.id}", term.ends_on, summary, said, base + url)
