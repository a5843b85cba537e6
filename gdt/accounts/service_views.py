"""Signing in by one's institution, and how an administrator sets that up."""

import json
from dataclasses import asdict

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, public, requires
from gdt.accounts import browser_sessions
from gdt.accounts import service_queries as queries
from gdt.accounts.blueprint import accounts
from gdt.accounts.institution_sign_in import set_up_service, user_vouched_for, vouched_by
from gdt.accounts.openid import Errand, Vouched, leave_for, look_up, redirect_address
from gdt.accounts.sealing import seal, unseal
from gdt.accounts.service_forms import ServiceForm
from gdt.accounts.session_models import SignInMethod
from gdt.accounts.throttled_tries import nobodys, noting
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.partners.queries import get_institution, list_institutions
from gdt.security import limiter

ERRAND, VOUCHED, MINUTES = "errand", "vouched", 5


@accounts.get("/sign-in/institution")
@public
def choose_institution() -> ResponseReturnValue:
    return render_template("accounts/choose_institution.html", services=queries.list_open_services())


@accounts.get("/sign-in/institution/<code>")
@public
@limiter.limit("20 per minute")
def leave_for_institution(code: str) -> ResponseReturnValue:
    address, errand = leave_for(queries.get_open_service(code))
    session[ERRAND] = errand.sealed()
    return redirect(address)


@accounts.get("/sign-in/callback")
@public
@limiter.limit("20 per minute", on_breach=noting(nobodys))
def come_back_from_institution() -> ResponseReturnValue:
    """Check the answer. Reading keeps nothing, so signing in is the button on the page."""
    if ERRAND not in session or "code" not in request.args:
        flash(_("Your institution did not sign you in. Begin anew, or use a password."), "info")
        return redirect(url_for(".sign_in"))
    errand = Errand.unsealed(session.pop(ERRAND))
    service = queries.get_open_service(errand.code)
    code, state = request.args["code"], request.args.get("state", "")
    with browser_sessions.refusals_noted():
        vouched = vouched_by(service, errand, code=code, state=state)
    session[VOUCHED] = seal(json.dumps(asdict(vouched)), purpose=VOUCHED)
    return render_template("accounts/vouched.html", vouched=vouched, service=service)


@accounts.post("/sign-in/institution")
@public
@limiter.limit("20 per minute", on_breach=noting(nobodys))
def sign_in_by_institution() -> ResponseReturnValue:
    sealed = session.pop(VOUCHED, None)
    if sealed is None:
        return redirect(url_for(".choose_institution"))
    vouched = Vouched(**json.loads(unseal(sealed, purpose=VOUCHED, max_age=MINUTES * 60)))
    with browser_sessions.refusals_noted():
        user = user_vouched_for(vouched)
    return browser_sessions.begin(user, SignInMethod.INSTITUTION)


@accounts.get("/sign-in-services")
@requires(Permission.USERS_MANAGE)
def sign_in_services() -> ResponseReturnValue:
    services = {service.institution_id: service for service in queries.list_services()}
    places = sorted(list_institutions(current_user), key=lambda place: place.id not in services)
    return render_template("accounts/sign_in_services.html", services=services, places=places)


@accounts.route("/sign-in-services/<code>", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def sign_in_service(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    service = queries.find_service(institution)
    form = ServiceForm(request.form, obj=service)
    if request.method == "POST" and form.validate():
        try:
            set_up_service(actor=current_user, institution=institution, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Kept. Check now whether the provider answers."))
            return redirect(url_for(".sign_in_service", code=code))
    return form_page(
        "accounts/sign_in_service.html",
        form,
        institution=institution,
        service=service,
        address=redirect_address(),
        trouble=_trouble_with(service) if "check" in request.args else None,
    )


def _trouble_with(service: object) -> str:
    """What is wrong with a provider, asked just now; nothing (an empty string) when it answers well."""
    try:
        look_up(service)  # type: ignore[arg-type]
    except DomainError as error:
        return error.message
    return ""
