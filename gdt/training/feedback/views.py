"""The page of a secret link on which a participant answers, and what all answers come to for the office."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.access import Permission, public, requires
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.security import secret, throttle_wrong
from gdt.training.blueprint import training as training_pages
from gdt.training.feedback import queries, services
from gdt.training.feedback.forms import PACES, FeedbackForm
from gdt.training.feedback.totals import FEWEST, totals_of
from gdt.training.training_queries import get_training

GUESSES = "30 per minute"


@training_pages.route("/training-feedback/<token>", methods=["GET", "POST"])
@public
@throttle_wrong(GUESSES, of="training feedback")
@secret
def give_feedback(token: str) -> ResponseReturnValue:
    record, is_answered = services.open_link(token)
    form = FeedbackForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            services.give_feedback(token=token, **form.said())
            flash(_("Thank you. Your answer is kept without your name."))
            return redirect(url_for(".give_feedback", token=token))
        except DomainError as error:
            form.reject(error)
    page = "training/feedback/give_feedback.html"
    return form_page(page, form, training=record, is_answered=is_answered)


@training_pages.get("/trainings/<code>/feedback")
@requires(Permission.TRAININGS_READ)
def training_feedback(code: str) -> ResponseReturnValue:
    record = get_training(code)
    answers = queries.list_answers(record)
    return render_template(
        "training/feedback/training_feedback.html",
        training=record,
        totals=totals_of(answers),
        answered=len(answers),
        asked=queries.count_asked(record),
        fewest=FEWEST,
        PACES=PACES,
    )
