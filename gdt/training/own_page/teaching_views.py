"""A signed-in teacher's own pages: what she may teach, her papers, her trainings and what she answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.forms import BaseForm, form_page
from gdt.row_security import everything
from gdt.training.blueprint import training
from gdt.training.feedback.forms import FeedbackForm
from gdt.training.feedback.services import give_own_feedback, open_own
from gdt.training.meetings.timetable import calendar_of_all, lines_of
from gdt.training.own_page.answering import get_named, say_she_cannot, say_she_comes
from gdt.training.own_page.queries import read_teaching
from gdt.training.qualifying.chains import renewed_of
from gdt.training.taking_part.words import PARTS
from gdt.training.words import OUTCOMES, STAGES, validity_word

OWN = Permission.TEACHING_OWN


@training.get("/teaching")
@requires(OWN)
def own_teaching() -> ResponseReturnValue:
    with everything():
        page = read_teaching(current_user)
        ahead = [one for one in page.meetings if one.ends_at >= now()]
        return render_template(
            "training/own_page/own_teaching.html",
            page=page,
            lines=lines_of(ahead, [page.zone]),
            calendar=url_for(".teaching_ics"),
            renewed=renewed_of(page.qualifications),
            today=now().date(),
            validity_word=validity_word,
            STAGES=STAGES,
            OUTCOMES=OUTCOMES,
            PARTS=PARTS,
        )


@training.get("/teaching/timetable.ics")
@requires(OWN)
def teaching_ics() -> ResponseReturnValue:
    with everything():
        page = read_teaching(current_user)
        return calendar_of_all(_("Teacher training"), page.meetings, url_for(".own_teaching"))


@training.post("/teaching/trainings/<code>/come")
@requires(OWN)
def come_to_training(code: str) -> ResponseReturnValue:
    named = say_she_comes(viewer=current_user, code=code)
    flash(_("Your institution and the office see that you come to %(training)s.", training=named.training))
    return redirect(url_for(".own_teaching"))


@training.route("/teaching/trainings/<code>/decline", methods=["GET", "POST"])
@requires(OWN)
def decline_training(code: str) -> ResponseReturnValue:
    named, form = get_named(current_user, code), BaseForm()
    if request.method == "POST":
        try:
            say_she_cannot(viewer=current_user, code=code)
            flash(_("You are withdrawn. A free place goes to whoever waits longest."))
            return redirect(url_for(".own_teaching"))
        except DomainError as error:
            form.reject(error)
    return form_page("training/own_page/decline_training.html", form, named=named)


@training.route("/teaching/trainings/<code>/feedback", methods=["GET", "POST"])
@requires(OWN)
def own_feedback(code: str) -> ResponseReturnValue:
    record, is_answered = open_own(current_user, code)
    form = FeedbackForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            give_own_feedback(viewer=current_user, code=code, **form.said())
            flash(_("Thank you. Your answer is kept without your name."))
            return redirect(url_for(".own_teaching"))
        except DomainError as error:
            form.reject(error)
    page = "training/feedback/own_feedback.html"
    return form_page(page, form, training=record, is_answered=is_answered)
