"""Pages about teacher trainings: planning one, who takes part, what came of each module."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.filters import ngettext
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.partners.models import Institution
from gdt.partners.queries import find_institution, get_institution, list_institutions
from gdt.people.models import Person
from gdt.people.services import PersonFacts
from gdt.training.blueprint import training as training_pages
from gdt.training.cohort_lists import year_of
from gdt.training.curriculum.teaching_days import taught_as
from gdt.training.meetings.queries import count_attended_by
from gdt.training.models import TeacherTraining, TrainingParticipant
from gdt.training.outcome_pages import grid_of, typed_marks
from gdt.training.outcomes import MarksRefused, record_outcomes
from gdt.training.queries import list_modules, list_teachers
from gdt.training.taking_part.forms import NamingForm
from gdt.training.training_forms import ChooseInstitutionForm, TrainingForm
from gdt.training.training_queries import (
    count_outcomes,
    count_participants,
    get_training,
    list_participant_person_ids,
    list_years,
    participants,
)
from gdt.training.training_queries import trainings as all_trainings
from gdt.training.trainings import add_new_teacher, add_teachers, open_training
from gdt.training.words import MODES, OUTCOMES

ROWS = 25
PARTICIPANTS_ON_A_PAGE = 20
ORDERS: dict[str, list[Any]] = {
    "starts_on": [TeacherTraining.starts_on, TeacherTraining.id],
    "-starts_on": [TeacherTraining.starts_on.desc(), TeacherTraining.id.desc()],
    "title": [TeacherTraining.title, TeacherTraining.id],
    "-title": [TeacherTraining.title.desc(), TeacherTraining.id.desc()],
}


@training_pages.get("/trainings")
@requires(Permission.TRAININGS_READ)
def trainings() -> ResponseReturnValue:
    year, sort = request.args.get("year", ""), request.args.get("sort", "-starts_on")
    statement = all_trainings(search=request.args.get("q", ""), year=year_of(year))
    order = ORDERS.get(sort, ORDERS["-starts_on"])
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    groups = [facet(_("Year"), "year", [(y, y, None) for y in list_years()])]
    return render_template(
        "training/trainings.html",
        page=page,
        sort=sort,
        groups=groups,
        chosen_filters=chosen(groups),
        counts=count_participants([training.id for training in page.items]),
        MODES=MODES,
    )


@training_pages.route("/trainings/new", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def new_training() -> ResponseReturnValue:
    form = TrainingForm(request.form)
    form.offer([(m.id, m.title) for m in list_modules()], _institutions())
    if request.method == "POST" and form.validate():
        host = find_institution(current_user, form.host.data) if form.host.data else None
        try:
            record = open_training(actor=current_user, plan=form.plan(), host=host)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The training is planned. Add the teachers who take part next."))
            return redirect(url_for(".training", code=record.code))
    return form_page("training/new_training.html", form)


def _institutions() -> list[tuple[str, str]]:
    return [(institution.code, institution.name) for institution in list_institutions(current_user)]


@training_pages.get("/trainings/<code>")
@requires(Permission.TRAININGS_READ)
def training(code: str) -> ResponseReturnValue:
    return _training_page(get_training(code))


@training_pages.route("/trainings/<code>/outcomes", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def training_outcomes(code: str) -> ResponseReturnValue:
    record = get_training(code)
    if request.method != "POST":
        return _training_page(record)
    marks = typed_marks(request.form)
    try:
        count = record_outcomes(actor=current_user, training=record, marks=list(marks.values()))
    except MarksRefused as error:
        return _training_page(record, error), 422
    flash(ngettext("%(num)s outcome is kept.", "%(num)s outcomes are kept.", count))
    after = {"after": request.args["after"]} if request.args.get("after") else {}
    return redirect(url_for(".training", code=code, **after))  # type: ignore[arg-type]


def _training_page(record: TeacherTraining, error: MarksRefused | None = None) -> str:
    order = [Person.printed_name, TrainingParticipant.id]
    after = request.args.get("after")
    page = page_of(
        db.session, participants(current_user, record), order=order, after=after, size=PARTICIPANTS_ON_A_PAGE
    )
    typed: Mapping[Any, Any] = typed_marks(request.form)
    return render_template(
        "training/training.html",
        training=record,
        page=page,
        grid=grid_of(record, page.items, typed, error.reasons if error else {}),
        error=error,
        outcomes=count_outcomes(record),
        people=count_participants([record.id]).get(record.id, 0),
        attended=count_attended_by([part.id for part in page.items]),
        past=history_of(record),
        today=now().date(),
        mode=MODES[record.mode],
        taught=taught_as(record.modules, record.starts_on),
        OUTCOMES=OUTCOMES,
    )


@training_pages.route("/trainings/<code>/participants/new", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def new_participants(code: str) -> ResponseReturnValue:
    record = get_training(code)
    if not request.args.get("institution"):
        choice = ChooseInstitutionForm()
        choice.offer(_institutions())
        return render_template("training/choose_institution.html", form=choice, training=record)
    institution = get_institution(current_user, request.args["institution"])
    here = list_participant_person_ids(record)
    form = NamingForm(request.form)
    form.offer([(p.id, p.printed_name) for p in list_teachers(institution.id) if p.id not in here])
    if request.method == "POST" and form.validate():
        try:
            flash(_add(record, institution, form))
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(url_for(".training", code=code))
    return form_page("training/new_participants.html", form, training=record, institution=institution)


def _add(record: TeacherTraining, institution: Institution, form: NamingForm) -> str:
    """Add the ticked teachers, or the one who was typed; both when both are there."""
    count, chosen_ids, may_wait = 0, form.teachers.data or [], bool(form.may_wait.data)
    if form.printed_name.data:
        facts = PersonFacts.typed(form.typed())
        add_new_teacher(
            actor=current_user, training=record, institution=institution, facts=facts, may_wait=may_wait
        )
        count += 1
    if chosen_ids or not count:
        count += add_teachers(
            actor=current_user,
            training=record,
            institution=institution,
            person_ids=chosen_ids,
            may_wait=may_wait,
        )
    return str(ngettext("%(num)s teacher is added.", "%(num)s teachers are added.", count))
