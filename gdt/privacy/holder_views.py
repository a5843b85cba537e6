"""The holder's own page about her data, behind her secret link: copy, consent, be forgotten."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.access import OFFICE, public
from gdt.certification.addresses import GUESSES
from gdt.certification.delivery import holders
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import BaseForm, form_page
from gdt.people.models import Person
from gdt.privacy.blueprint import privacy
from gdt.privacy.consents import withdraw_consent
from gdt.privacy.forms import HolderWishForm
from gdt.privacy.models import AskedBy
from gdt.privacy.own_copy import make_copy
from gdt.privacy.person_views import chosen_form, copy_answer
from gdt.privacy.queries import list_of_person
from gdt.privacy.requests import ask_to_forget
from gdt.privacy.wording import STATES
from gdt.security import limiter, secret, throttle_wrong

COPIES = "10 per hour"
HOLDER = "The holder"


@privacy.get("/holder/<token>/data")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def own_data(token: str) -> ResponseReturnValue:
    return _page(token, HolderWishForm())


@privacy.post("/holder/<token>/data/copy")
@public
@limiter.limit(COPIES)
@throttle_wrong(GUESSES, of="codes")
@secret
def own_copy(token: str) -> ResponseReturnValue:
    form = chosen_form()
    return copy_answer(make_copy(actor=OFFICE, person=_holder(token), form=form, by="holder"), form)


@privacy.post("/holder/<token>/data/withdraw")
@public
@throttle_wrong(GUESSES, of="codes")
@secret
def withdraw_own(token: str) -> ResponseReturnValue:
    withdraw_consent(actor=OFFICE, person=_holder(token), name=HOLDER, by="holder")
    flash(_("Taken back. Your gender is no longer held, and strangers see the paper alone."))
    return redirect(url_for(".own_data", token=token))


@privacy.post("/holder/<token>/data/forget")
@public
@limiter.limit(COPIES)
@throttle_wrong(GUESSES, of="codes")
@secret
def ask_to_be_forgotten(token: str) -> ResponseReturnValue:
    person, form = _holder(token), HolderWishForm(request.form)
    if not form.validate():
        return _page(token, form)
    words = form.words.data or _("No reason was given.")
    try:
        ask_to_forget(actor=OFFICE, person=person, words=words, asked_by=AskedBy.HOLDER, name=HOLDER)
    except DomainError as error:
        form.reject(error)
        return _page(token, form)
    flash(_("Your wish is with the programme office."))
    return redirect(url_for(".own_data", token=token))


def _holder(token: str) -> Person:
    person = holders.get_holder(token).person
    if person is None:
        raise RecordNotFound
    return person


def _page(token: str, form: BaseForm) -> ResponseReturnValue:
    person = _holder(token)
    return form_page(
        "privacy/own_data.html",
        form,
        token=token,
        person=person,
        requests=list_of_person(person),
        STATES=STATES,
    )
