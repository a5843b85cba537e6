"""Who watches the log: partners' addresses, made witnesses and taken off, also by the link in each mail."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Office, Permission, public, requires
from gdt.certification.addresses import page_here
from gdt.certification.blueprint import certification
from gdt.certification.log import queries, witnessing
from gdt.certification.log.witness_forms import WitnessForm
from gdt.errors import DomainError
from gdt.forms import BaseForm, form_page
from gdt.paging import PAGE_SIZE
from gdt.partners.queries import get_institution, list_institutions
from gdt.security import limiter, secret


class WhoeverHasTheLink(Office):
    """Ends the mails by the link in one of them."""

    name = "the link in the mail"


@certification.get("/witnesses")
@requires(Permission.WITNESSES_MANAGE)
def witnesses() -> ResponseReturnValue:
    page = page_here(queries.statement_of_witnesses(current_user), queries.WITNESS_ORDER, size=PAGE_SIZE)
    return render_template("certification/witnesses.html", page=page)


@certification.route("/witnesses/new", methods=["GET", "POST"])
@requires(Permission.WITNESSES_MANAGE)
def new_witness() -> ResponseReturnValue:
    form = WitnessForm(request.form)
    form.offer([(one.code, one.name) for one in list_institutions(current_user)])
    if request.method == "POST" and form.validate():
        institution = get_institution(current_user, form.institution.data)
        try:
            witness = witnessing.add_witness(
                actor=current_user, institution=institution, email=form.email.data
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("%(email)s receives every new head from now on.", email=witness.email))
            return redirect(url_for(".witnesses"))
    return form_page("certification/new_witness.html", form, cancel_url=url_for(".witnesses"))


@certification.route("/witnesses/<int:witness_id>/remove", methods=["GET", "POST"])
@requires(Permission.WITNESSES_MANAGE)
def remove_witness(witness_id: int) -> ResponseReturnValue:
    witness = queries.get_witness(current_user, witness_id)
    form = BaseForm(request.form)
    if request.method == "POST" and form.validate():
        witnessing.remove_witness(actor=current_user, witness=witness)
        flash(_("%(email)s receives no more heads.", email=witness.email))
        return redirect(url_for(".witnesses"))
    return form_page("certification/remove_witness.html", form, witness=witness)


@certification.route("/log/stop/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
@secret
def stop_witness(token: str) -> ResponseReturnValue:
    """The link in each mail: it asks first, because programs that read mail open links."""
    witness = queries.get_witness_by_token(token)
    form = BaseForm(request.form)
    if request.method == "POST" and form.validate():
        witnessing.remove_witness(actor=WhoeverHasTheLink(), witness=witness)
        return redirect(url_for(".stop_witness", token=token))
    return form_page("certification/stop_witness.html", form, witness=witness)
