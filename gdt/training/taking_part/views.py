"""Pages on which an institution answers an invitation to a training, and names the teachers it sends."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.people.services import PersonFacts
from gdt.training.blueprint import training as training_pages
from gdt.training.meetings.queries import list_meetings
from gdt.training.meetings.timetable import calendar_of, lines_of
from gdt.training.queries import list_teachers
from gdt.training.taking_part import inviting, naming, office_views, queries, seating, words  # noqa: F401
from gdt.training.taking_part.forms import DeclineForm, NamingForm
from gdt.training.taking_part.models import TrainingInvitation
from gdt.training.taking_part.states import PartState
from gdt.training.words import MODES

ROWS = 25
APPLY = Permission.TRAININGS_APPLY


@training_pages.context_processor
def _words() -> dict[str, Any]:
    return {"INVITATIONS": words.INVITATIONS, "PARTS": words.PARTS}


@training_pages.get("/training-invitations")
@requires(APPLY)
def training_invitations() -> ResponseReturnValue:
    page = page_of(
        db.session,
        queries.invitations(current_user),
        order=queries.SOON_FIRST,
        after=request.args.get("after"),
        size=ROWS,
    )
    return render_template("training/taking_part/training_invitations.html", page=page)


@training_pages.get("/training-invitations/<int:invitation_id>")
@requires(APPLY)
def training_invitation(invitation_id: int) -> ResponseReturnValue:
    record = queries.get_invitation(current_user, invitation_id)
    zone = record.institution.zone
    named = [
        one
        for one in queries.list_named(current_user, record.training)
        if one.institution_id == record.institution_id
    ]
    taking = [one for one in named if one.state is PartState.TAKES_PART]
    return render_template(
        "training/taking_part/training_invitation.html",
        invitation=record,
        training=record.training,
        offer=queries.find_offer(record.training),
        zone=zone,
        lines=lines_of(list_meetings(record.training), [zone]),
        named=named,
        free=max(0, record.places - len(taking)),
        mode=MODES[record.training.mode],
        is_ahead=record.training.starts_on > now().date(),
        past=history_of(record),
    )


@training_pages.get("/training-invitations/<int:invitation_id>/timetable.ics")
@requires(APPLY)
def invited_timetable_ics(invitation_id: int) -> ResponseReturnValue:
    record = queries.get_invitation(current_user, invitation_id)
    page = url_for(".training_invitation", invitation_id=record.id)
    return calendar_of(record.training, list_meetings(record.training), page)


@training_pages.post("/training-invitations/<int:invitation_id>/accept")
@requires(APPLY)
def accept_places(invitation_id: int) -> ResponseReturnValue:
    record = queries.get_invitation(current_user, invitation_id)
    inviting.accept(actor=current_user, invitation=record)
    flash(_("The places are yours. Name the teachers you send."))
    return _back(record)


@training_pages.route("/training-invitations/<int:invitation_id>/decline", methods=["GET", "POST"])
@requires(APPLY)
def decline_places(invitation_id: int) -> ResponseReturnValue:
    record, form = queries.get_invitation(current_user, invitation_id), DeclineForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            inviting.decline(actor=current_user, invitation=record, reason=form.reason.data or "")
            flash(_("The office is told. You can still accept while there are places."))
            return _back(record)
        except DomainError as error:
            form.reject(error)
    return form_page("training/taking_part/decline_places.html", form, invitation=record)


@training_pages.route("/training-invitations/<int:invitation_id>/teachers", methods=["GET", "POST"])
@requires(APPLY)
def name_teachers(invitation_id: int) -> ResponseReturnValue:
    record, form = queries.get_invitation(current_user, invitation_id), NamingForm(request.form)
    here = {
        one.person_id
        for one in queries.list_named(current_user, record.training)
        if one.state in {PartState.TAKES_PART, PartState.WAITING}
    }
    teachers = list_teachers(record.institution_id)
    form.offer([(person.id, person.printed_name) for person in teachers if person.id not in here])
    if request.method == "POST" and form.validate():
        try:
            flash(_name(record, form))
            return _back(record)
        except DomainError as error:
            form.reject(error)
    return form_page("training/taking_part/name_teachers.html", form, invitation=record)


def _name(record: TrainingInvitation, form: NamingForm) -> str:
    """Name those who are ticked, and the one who was typed; say how many take part and how many wait."""
    facts = PersonFacts.typed(form.typed()) if form.printed_name.data else None
    taking, waiting = naming.name_teachers(
        actor=current_user,
        invitation=record,
        person_ids=set(form.teachers.data or ()),
        facts=facts,
        may_wait=bool(form.may_wait.data),
    )
    said = str(ngettext("%(num)s teacher takes part.", "%(num)s teachers take part.", taking))
    if not waiting:
        return said
    queued = ngettext("%(num)s is on the waiting list.", "%(num)s are on the waiting list.", waiting)
    return f"{said} {queued}"


@training_pages.route("/training-applications/<int:application_id>/withdraw", methods=["GET", "POST"])
@requires(APPLY)
def withdraw_teacher(application_id: int) -> ResponseReturnValue:
    named = queries.get_application(current_user, application_id)
    invitation = queries.find_own_invitation(named.training, named.institution_id)
    back = (
        url_for(".training_invitation", invitation_id=invitation.id)
        if invitation
        else url_for(".training_invitations")
    )
    if request.method != "POST":
        page = "training/taking_part/withdraw_teacher.html"
        return form_page(page, BaseForm(), application=named, back=back)
    seating.withdraw(actor=current_user, application=named)
    flash(_("%(name)s is withdrawn. A free place goes to whoever waits longest.", name=named.person))
    return redirect(back)


def _back(record: TrainingInvitation) -> ResponseReturnValue:
    return redirect(url_for(".training_invitation", invitation_id=record.id))
