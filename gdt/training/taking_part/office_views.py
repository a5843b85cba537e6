"""Pages on which the office offers places in a training, invites institutions, and sees who waits."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.forms import form_page
from gdt.partners.queries import list_countries, list_institutions
from gdt.partners.time_zones import UTC_NAME, zones_of
from gdt.row_security import everything
from gdt.training.blueprint import training as training_pages
from gdt.training.meetings.queries import zone_of_training
from gdt.training.taking_part import inviting, queries
from gdt.training.taking_part.forms import InvitationForm, OfferForm
from gdt.training.training_queries import get_training

READ, MANAGE = Permission.TRAININGS_READ, Permission.TRAININGS_MANAGE


@training_pages.get("/trainings/<code>/places")
@requires(READ)
def training_places(code: str) -> ResponseReturnValue:
    record = get_training(code)
    with everything():
        room = queries.room_of(record)
    return render_template(
        "training/taking_part/training_places.html",
        training=record,
        offer=queries.find_offer(record),
        room=room,
        invitations=queries.list_invitations(current_user, record),
        counts=queries.count_parts(record),
        named=queries.list_named(current_user, record),
        is_ahead=record.starts_on > now().date(),
    )


@training_pages.route("/trainings/<code>/offer", methods=["GET", "POST"])
@requires(MANAGE)
def offer_places(code: str) -> ResponseReturnValue:
    record = get_training(code)
    zones = dict.fromkeys([zone_of_training(record), UTC_NAME])
    zones |= dict.fromkeys(zone for country in list_countries() for zone in zones_of(country.code))
    form = OfferForm(request.form, obj=queries.find_offer(record))
    form.offer(list(zones))
    if request.method == "POST" and form.validate():
        try:
            inviting.offer_places(actor=current_user, training=record, **form.values())
            flash(_("The places are offered. Invite institutions next."))
            return redirect(url_for(".training_places", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("training/taking_part/offer_places.html", form, training=record)


@training_pages.route("/trainings/<code>/invitations/new", methods=["GET", "POST"])
@requires(MANAGE)
def invite_institutions(code: str) -> ResponseReturnValue:
    record, form = get_training(code), InvitationForm(request.form)
    form.offer([(one.id, one.name) for one in list_institutions(current_user)])
    if request.method == "POST" and form.validate():
        places = dict.fromkeys(form.institutions.data or (), form.places.data or 0)
        try:
            count = inviting.invite_institutions(actor=current_user, training=record, places=places)
            flash(ngettext("%(num)s institution is invited.", "%(num)s institutions are invited.", count))
            return redirect(url_for(".training_places", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("training/taking_part/invite_institutions.html", form, training=record)


@training_pages.post("/training-invitations/<int:invitation_id>/withdraw")
@requires(MANAGE)
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    invitation = queries.get_invitation(current_user, invitation_id)
    inviting.withdraw_invitation(actor=current_user, invitation=invitation)
    flash(_("The invitation is withdrawn."))
    return redirect(url_for(".training_places", code=invitation.training.code))
