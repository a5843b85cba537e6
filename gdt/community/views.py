"""Pages on which institutions write community projects, and the office looks at them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from gdt.access import Permission, may, requires
from gdt.community import part_views, queries, services, showcase_views, words  # noqa: F401
from gdt.community.blueprint import community as community
from gdt.community.forms import NewProjectForm, ProjectForm, ReviewForm, SendForm, ShowingForm, TakeOutForm
from gdt.community.models import Project, ProjectKind
from gdt.community.queries import NEWEST, Wanted, get_project
from gdt.community.states import Act, ProjectState, is_possible
from gdt.database import db
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.partners.queries import get_institution

ROWS = 25
MANAGE, REVIEW = Permission.PROJECTS_MANAGE, Permission.PROJECTS_REVIEW


@community.context_processor
def _shared() -> dict[str, Any]:
    return {"PROJECT_STATES": words.STATES, "PROJECT_KINDS": words.KINDS, "reached": words.reached}


@community.get("/projects")
@requires(Permission.PROJECTS_READ)
def projects() -> ResponseReturnValue:
    args = request.args
    wanted = Wanted(args.get("q", "").strip(), args.get("state", ""), args.get("kind", ""))
    counts = queries.count_by_state(current_user)
    states = [(state.value, words.STATES[state][0], counts.get(state, 0)) for state in ProjectState]
    kinds = [(kind.value, words.KINDS[kind], None) for kind in ProjectKind]
    groups = [facet(_("State"), "state", states), facet(_("Kind"), "kind", kinds)]
    statement = queries.projects(current_user, wanted)
    return render_template(
        "community/projects.html",
        page=page_of(db.session, statement, order=NEWEST, after=args.get("after"), size=ROWS),
        total=queries.count_projects(current_user, wanted),
        groups=groups,
        narrowed=chosen(groups),
        is_office=not current_user.role.is_of_one_institution,
    )


@community.route("/projects/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_project() -> ResponseReturnValue:
    form = NewProjectForm(request.form)
    places = queries.list_places_of(current_user)
    form.institution_code.choices = [SelectChoice(place.code, place.name) for place in places]
    if request.method == "POST" and form.validate():
        written = form.values()
        try:
            place = get_institution(current_user, written.pop("institution_code"))
            record = services.begin_project(actor=current_user, institution=place, **written)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The project is kept as a draft. Add its places, pictures and evidence."))
            return _back(record)
    return form_page("community/new_project.html", form)


@community.get("/projects/<code>")
@requires(Permission.PROJECTS_READ)
def project(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    is_office = may(current_user, REVIEW)
    return render_template(
        "community/project.html",
        project=record,
        next_sentence=words.next_sentence(record, for_office=is_office),
        missing=services.missing_parts(record),
        can={act.name.lower(): is_possible(record.state, act) for act in Act},
        past=history_of(record),
        is_office=is_office,
        is_written=record.is_being_written and may(current_user, MANAGE),
    )


@community.route("/projects/<code>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_project(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    form = ProjectForm(request.form, obj=record)

    def change() -> None:
        services.change_project(actor=current_user, project=record, **form.values())

    done = _carry_out(record, form, change, _("The project is kept."))
    return done or form_page("community/edit_project.html", form, project=record)


@community.route("/projects/<code>/send", methods=["GET", "POST"])
@requires(MANAGE)
def send_project(code: str) -> ResponseReturnValue:
    record, form = get_project(current_user, code), SendForm(request.form)

    def send() -> None:
        services.send_project(actor=current_user, project=record, answer=form.answer.data or "")

    done = _carry_out(record, form, send, _("Sent. The office looks at it and answers here."))
    missing = services.missing_parts(record)
    return done or form_page("community/send_project.html", form, project=record, missing=missing)


@community.post("/projects/<code>/take-back")
@requires(MANAGE)
def take_back(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    services.take_back(actor=current_user, project=record)
    flash(_("It is a draft again. Write it anew, then send it."))
    return _back(record)


@community.route("/projects/<code>/review", methods=["GET", "POST"])
@requires(REVIEW)
def review_project(code: str) -> ResponseReturnValue:
    record, form = get_project(current_user, code), ReviewForm(request.form)

    def review() -> None:
        said = form.words.data or ""
        if form.outcome.data == "count":
            services.count_project(actor=current_user, project=record)
        elif form.outcome.data == "ask":
            services.ask_back(actor=current_user, project=record, question=said)
        else:
            services.decline_project(actor=current_user, project=record, reason=said)

    done = _carry_out(record, form, review, _("Answered. The institution reads it here."))
    return done or form_page("community/review_project.html", form, project=record)


@community.route("/projects/<code>/take-out", methods=["GET", "POST"])
@requires(REVIEW)
def take_out(code: str) -> ResponseReturnValue:
    record, form = get_project(current_user, code), TakeOutForm(request.form)

    def act() -> None:
        services.take_out(actor=current_user, project=record, reason=form.words.data or "")

    done = _carry_out(record, form, act, _("It counts no more, and has left the showcase."))
    return done or form_page("community/take_out.html", form, project=record)


@community.route("/projects/<code>/showing", methods=["GET", "POST"])
@requires(MANAGE)
def showing(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    form = ShowingForm(request.form, obj=record)

    def allow() -> None:
        may_be_shown = bool(form.may_be_shown.data)
        services.allow_showing(actor=current_user, project=record, may_be_shown=may_be_shown)

    done = _carry_out(record, form, allow, _("This is kept."))
    return done or form_page("community/showing.html", form, project=record)


def _carry_out(
    record: Project, form: BaseForm, act: Callable[[], None], said: str
) -> ResponseReturnValue | None:
    """Do what was typed and lead back to the project; None: show the form, with what stands against it."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        act()
    except DomainError as error:
        form.reject(error)
        return None
    flash(said)
    return _back(record)


def _back(record: Project) -> ResponseReturnValue:
    return redirect(url_for(".project", code=record.code))
