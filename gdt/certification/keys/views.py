"""The administrators' pages about keys: what each signed, changing to a new one, declaring one stolen."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.accounts.queries import count_active_administrators
from gdt.certification.blueprint import certification
from gdt.certification.keys import orders, queries
from gdt.certification.keys.forms import RetireKeyForm
from gdt.certification.keys.known_keys import known_keys
from gdt.certification.keys.models import KeyOrderState
from gdt.errors import DomainError
from gdt.forms import BaseForm, form_page

WORD = "stolen"


@certification.get("/keys")
@requires(Permission.KEYS_MANAGE)
def keys() -> ResponseReturnValue:
    return render_template(
        "certification/keys.html",
        keys=known_keys()[::-1],
        orders=queries.list_orders(KeyOrderState.WAITING),
        what_it_does=orders.what_it_does,
        needed=orders.NEEDED,
        administrators=count_active_administrators(),
    )


@certification.route("/keys/rotate", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def rotate_keys() -> ResponseReturnValue:
    form = BaseForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            orders.prepare_rotation(actor=current_user)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Prepared. Another administrator has to say yes before anything changes."))
            return redirect(url_for(".keys"))
    return form_page("certification/rotate_keys.html", form)


@certification.route("/keys/<name>/retire", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def retire_key(name: str) -> ResponseReturnValue:
    key = queries.get_key(name)
    form = RetireKeyForm(request.form, word=WORD)
    if request.method == "POST" and form.validate():
        try:
            orders.prepare_retirement(
                actor=current_user, key=key, compromised_from=form.compromised_from.data
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Prepared. Another administrator has to say yes before anything changes."))
            return redirect(url_for(".keys"))
    return form_page("certification/retire_key.html", form, key=key, word=WORD)


@certification.route("/key-orders/<int:order_id>/approve", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def approve_key_order(order_id: int) -> ResponseReturnValue:
    order, form = queries.get_order(order_id), BaseForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            is_done = orders.approve_order(actor=current_user, order=order)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Done.") if is_done else _("Your yes is noted. One more administrator has to agree."))
            return redirect(url_for(".keys"))
    return form_page("certification/approve_key_order.html", form, order=order, what=orders.what_it_does)


@certification.route("/key-orders/<int:order_id>/drop", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def drop_key_order(order_id: int) -> ResponseReturnValue:
    order, form = queries.get_order(order_id), BaseForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            orders.drop_order(actor=current_user, order=order)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Dropped. Nothing happened to the key."))
            return redirect(url_for(".keys"))
    return form_page("certification/drop_key_order.html", form, order=order, what=orders.what_it_does)
