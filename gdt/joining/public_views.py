"""Where an institution applies without an account, and follows its application by the link in the mail."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.access import public
from gdt.certification.addresses import GUESSES
from gdt.errors import DomainError, RecordNotFound
from gdt.filters import country_name
from gdt.forms import form_page
from gdt.joining import applying, queries
from gdt.joining.blueprint import joining
from gdt.joining.forms import ApplicationForm, WordsForm
from gdt.joining.links import key_of
from gdt.joining.models import InstitutionApplication, Voice
from gdt.joining.words import STATES, VOICES
from gdt.partners.queries import list_countries
from gdt.partners.standing import KINDS
from gdt.security import limiter, secret, throttle_wrong
from gdt.training.queries import list_modules

APPLICATIONS = "10 per hour"


@joining.route("/join", methods=["GET", "POST"])
@public
@limiter.limit(APPLICATIONS, exempt_when=lambda: request.method != "POST")
def apply() -> ResponseReturnValue:
    form = ApplicationForm(request.form)
    countries = {country.code: country_name(country.code) for country in list_countries()}
    in_order = dict(sorted(countries.items(), key=lambda pair: pair[1]))
    form.offer(in_order, list(dict.fromkeys(module.title for module in list_modules())))
    if request.method == "POST" and form.validate():
        try:
            applying.apply_to_join(**form.values())
            return redirect(url_for(".sent"))
        except DomainError as error:
            form.reject(error)
    return form_page("joining/apply.html", form)


@joining.get("/join/sent")
@public
def sent() -> ResponseReturnValue:
    return render_template("joining/sent.html")


@joining.get("/join/<token>")
@public
@throttle_wrong(GUESSES, of="applications")
@secret
def own_application(token: str) -> ResponseReturnValue:
    return _page(_own(token), token, WordsForm())


@joining.post("/join/<token>/confirm")
@public
@throttle_wrong(GUESSES, of="applications")
@secret
def confirm(token: str) -> ResponseReturnValue:
    application = _own(token)
    applying.confirm_address(application=application)
    flash(_("Thank you. Your address is confirmed."))
    return redirect(url_for(".own_application", token=token))


@joining.post("/join/<token>/answer")
@public
@limiter.limit(APPLICATIONS)
@throttle_wrong(GUESSES, of="applications")
@secret
def answer(token: str) -> ResponseReturnValue:
    application, form = _own(token), WordsForm(request.form)

    def act() -> None:
        applying.answer_office(application=application, words=form.words.data or "")

    return _done(application, token, form, act, _("Your answer is with the programme office."))


@joining.post("/join/<token>/withdraw")
@public
@throttle_wrong(GUESSES, of="applications")
@secret
def withdraw(token: str) -> ResponseReturnValue:
    application = _own(token)
    try:
        applying.withdraw_application(application=application)
        flash(_("The application is withdrawn."))
    except DomainError as error:
        flash(error.message)
    return redirect(url_for(".own_application", token=token))


def _own(token: str) -> InstitutionApplication:
    key = key_of(token)
    application = queries.find_by_key(key) if key else None
    if application is None:
        raise RecordNotFound
    return application


def _done(
    application: InstitutionApplication, token: str, form: WordsForm, act: Callable[[], None], said: str
) -> ResponseReturnValue:
    """Carry out what was typed, or show the page again with what stands against it."""
    if form.validate():
        try:
            act()
            flash(said)
            return redirect(url_for(".own_application", token=token))
        except DomainError as error:
            form.reject(error)
    return _page(application, token, form)


def _page(application: InstitutionApplication, token: str, form: WordsForm) -> ResponseReturnValue:
    return form_page(
        "joining/own_application.html",
        form,
        application=application,
        token=token,
        kind=KINDS[application.kind],
        standing=STATES[application.state],
        notes=[note for note in application.notes if note.voice is not Voice.INSIDE],
        voices=VOICES,
    )
