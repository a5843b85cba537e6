"""A teacher's own page behind a secret link, with her calendar; and the button that mails the link."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, public, requires
from gdt.database import now
from gdt.people.queries import get_person
from gdt.row_security import everything
from gdt.security import secret, throttle_wrong
from gdt.training.blueprint import training
from gdt.training.meetings.timetable import calendar_of_all, lines_of
from gdt.training.own_page.queries import read_own_page
from gdt.training.own_page.services import send_own_page
from gdt.training.qualifying.chains import renewed_of
from gdt.training.words import OUTCOMES, STAGES, validity_word

GUESSES = "30 per minute"


@training.get("/teacher/<token>")
@public
@throttle_wrong(GUESSES, of="teachers")
@secret
def own_page(token: str) -> ResponseReturnValue:
    with everything():
        page = read_own_page(token)
        ahead = [one for one in page.meetings if one.ends_at >= now()]
        return render_template(
            "training/own_page/own_page.html",
            page=page,
            token=token,
            lines=lines_of(ahead, [page.zone]),
            renewed=renewed_of(page.qualifications),
            today=now().date(),
            validity_word=validity_word,
            STAGES=STAGES,
            OUTCOMES=OUTCOMES,
        )


@training.get("/teacher/<token>/timetable.ics")
@public
@throttle_wrong(GUESSES, of="teachers")
@secret
def own_timetable_ics(token: str) -> ResponseReturnValue:
    with everything():
        page = read_own_page(token)
        return calendar_of_all(
            _("Teacher training"), page.meetings, ""
        )  # calendars are shared; her link is not


@training.post("/people/<int:person_id>/own-page")
@requires(Permission.TRAININGS_APPLY)
def mail_own_page(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    send_own_page(actor=current_user, person=person)
    flash(_("The link is on its way to %(email)s.", email=person.email))
    return redirect(url_for(".person_record", person_id=person.id))
