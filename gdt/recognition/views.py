"""Pages about a year’s awards: the calls, the nominations of partners, and what the office decides."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict
from wtforms.fields.choices import SelectChoice

from gdt.access import Permission, may, requires
from gdt.community.part_views import evidence_answer, uploaded
from gdt.community.queries import list_places_of
from gdt.database import now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.partners.queries import get_institution
from gdt.recognition import (
    honours_views,  # noqa: F401
    judging_queries,
    judging_views,  # noqa: F401
    person_belongings,  # noqa: F401  (what moves when two entries are one)
    queries,
    services,
    words,
)
from gdt.recognition.blueprint import recognition as recognition
from gdt.recognition.forms import CallForm, DecisionForm, EvidenceForm, NewCallForm, NominationForm
from gdt.recognition.judging import JUDGED
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.queries import get_call, get_nomination
from gdt.recognition.services import Proposal
from gdt.recognition.stages import Act, Stage, is_possible

READ, MANAGE, NOMINATE = Permission.AWARDS_READ, Permission.AWARDS_MANAGE, Permission.AWARDS_NOMINATE


@recognition.context_processor
def _shared() -> dict[str, Any]:
    return {"AWARD_STATES": words.STATES, "STAGES": words.STAGES, "NOMINEES": words.NOMINEES}


@recognition.get("/awards")
@requires(READ)
def calls() -> ResponseReturnValue:
    today = now().date()
    found = [(call, call.stage(today), mine, given) for call, mine, given in queries.list_calls(current_user)]
    judged = {call.id for call in judging_queries.list_judging(current_user)}
    return render_template("recognition/calls.html", calls=found, judged=judged)


@recognition.route("/awards/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_call() -> ResponseReturnValue:
    last = queries.find_newest_call()
    form = NewCallForm(request.form, data=_as_typed(last) if last else None)
    if request.method == "POST" and form.validate():
        try:
            call = services.open_call(actor=current_user, year=form.year.data or 0, **_typed(form))
            flash(_("The awards of %(year)s are announced.", year=call.year))
            return redirect(url_for(".call", year=call.year))
        except DomainError as error:
            form.reject(error)
    return form_page("recognition/new_call.html", form)


@recognition.route("/awards/<int:year>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_call(year: int) -> ResponseReturnValue:
    record = get_call(year)
    days = {name: getattr(record, name) for name in services.DAYS}
    form = CallForm(request.form, data=_as_typed(record) | days)
    if request.method == "POST" and form.validate():
        try:
            services.change_call(actor=current_user, call=record, **_typed(form))
            flash(_("The awards of %(year)s are kept.", year=year))
            return redirect(url_for(".call", year=year))
        except DomainError as error:
            form.reject(error)
    return form_page("recognition/edit_call.html", form, call=record)


@recognition.get("/awards/<int:year>")
@requires(READ)
def call(year: int) -> ResponseReturnValue:
    record = get_call(year)
    stage = record.stage(now().date())
    return render_template(
        "recognition/call.html",
        call=record,
        stage=stage,
        sentence=words.stage_sentence(record, stage),
        nominations=queries.list_nominations(current_user, record),
        is_judge=record in judging_queries.list_judging(current_user),
        is_open=stage is Stage.OPEN,
        past=history_of(record),
    )


@recognition.route("/awards/<int:year>/nominate", methods=["GET", "POST"])
@requires(NOMINATE)
def nominate(year: int) -> ResponseReturnValue:
    record, form = get_call(year), NominationForm(request.form)
    _offer(form, record)
    if request.method == "POST" and form.validate():
        try:
            nomination = _nominate(record, form)
            flash(_("Nominated. Add evidence while nominations are open."))
            return redirect(url_for(".nomination", nomination_id=nomination.id))
        except DomainError as error:
            form.reject(error)
    stage = record.stage(now().date())
    sentence = words.stage_sentence(record, stage)
    return form_page("recognition/nominate.html", form, call=record, sentence=sentence)


@recognition.get("/nominations/<int:nomination_id>")
@requires(READ)
def nomination(nomination_id: int) -> ResponseReturnValue:
    record = get_nomination(current_user, nomination_id)
    stage = record.call.stage(now().date())
    is_office = may(current_user, MANAGE)
    return render_template(
        "recognition/nomination.html",
        nomination=record,
        stage_sentence=words.stage_sentence(record.call, stage),
        can={act.name.lower(): is_possible(record.state, act, stage) for act in Act},
        is_open=stage is Stage.OPEN,
        judgements=judging_queries.list_judgements([record.id]) if is_office else [],
        criteria={one.id: one for one in record.call.criteria},
        certificate=queries.certificates_of([record]).get(record.id),
        past=history_of(record, but=() if is_office else (JUDGED,)),
    )


@recognition.route("/nominations/<int:nomination_id>/evidence/new", methods=["GET", "POST"])
@requires(NOMINATE)
def add_evidence(nomination_id: int) -> ResponseReturnValue:
    record = get_nomination(current_user, nomination_id)
    form = EvidenceForm(CombinedMultiDict((request.files, request.form)))

    def add() -> None:
        content, name = uploaded(form.evidence.data)
        services.add_evidence(actor=current_user, nomination=record, content=content, filename=name)

    done = _carry_out(record, form, add, _("The evidence is added."))
    return done or form_page("recognition/add_evidence.html", form, nomination=record)


@recognition.get("/nominations/<int:nomination_id>/files/<int:file_id>")
@requires(READ)
@hands_out(
    lazy_gettext("evidence for a nomination"),
    of=lambda nomination_id, file_id: get_nomination(current_user, nomination_id),
)
def evidence(nomination_id: int, file_id: int) -> ResponseReturnValue:
    return evidence_answer(queries.get_evidence(get_nomination(current_user, nomination_id), file_id))


@recognition.post("/nominations/<int:nomination_id>/withdraw")
@requires(NOMINATE)
def withdraw(nomination_id: int) -> ResponseReturnValue:
    record = get_nomination(current_user, nomination_id)
    services.withdraw(actor=current_user, nomination=record)
    flash(_("The nomination is withdrawn."))
    return redirect(url_for(".nomination", nomination_id=record.id))


@recognition.route("/nominations/<int:nomination_id>/decide", methods=["GET", "POST"])
@requires(MANAGE)
def decide(nomination_id: int) -> ResponseReturnValue:
    record, form = get_nomination(current_user, nomination_id), DecisionForm(request.form)
    done = _carry_out(record, form, lambda: _decide(record, form), _("The decision is kept."))
    return done or form_page("recognition/decide.html", form, nomination=record)


@recognition.post("/nominations/<int:nomination_id>/take-back")
@requires(MANAGE)
def take_back(nomination_id: int) -> ResponseReturnValue:
    record = get_nomination(current_user, nomination_id)
    services.take_back(actor=current_user, nomination=record)
    flash(_("The decision is taken back. Decide anew."))
    return redirect(url_for(".nomination", nomination_id=record.id))


def _decide(record: Nomination, form: DecisionForm) -> None:
    about = {"actor": current_user, "nomination": record, "reason": form.reason.data or ""}
    if form.outcome.data != "give":
        services.pass_over(**about)
        return
    if form.given_on.data is None:
        raise DomainError(_("Give the day on which it is given."), "given_on")
    services.give_award(
        citation=form.citation.data or "",
        given_on=form.given_on.data,
        given_at_place=form.given_at_place.data,
        **about,
    )


def _offer(form: NominationForm, record: AwardCall) -> None:
    """Fill in the choices: the year’s categories, and what the viewer may nominate."""
    form.category_id.choices = [
        SelectChoice(one.id, f"{one.name}: {one.description}" if one.description else one.name)
        for one in record.categories
    ]
    places = list_places_of(current_user)
    form.institution_code.choices = [SelectChoice(place.code, place.name) for place in places]
    projects = [SelectChoice(one.id, one.title) for one in queries.list_projects_of(current_user)]
    form.project_id.choices = [SelectChoice(0, _("None")), *projects]


def _nominate(record: AwardCall, form: NominationForm) -> Nomination:
    typed = form.values()
    place = get_institution(current_user, typed["institution_code"])
    projects = {one.id: one for one in queries.list_projects_of(current_user)}
    proposal = Proposal(
        category=next(one for one in record.categories if one.id == typed["category_id"]),
        kind=typed["kind"],
        institution=place,
        person=services.find_nominee(institution=place, kind=typed["kind"], words=typed["person"] or ""),
        case_for=typed["case_for"],
        may_be_named=typed["may_be_named"],
        project=projects.get(typed["project_id"]),
    )
    return services.nominate(actor=current_user, call=record, proposal=proposal)


def _typed(form: CallForm) -> dict[str, Any]:
    days: dict[str, date | None] = {name: form[name].data for name in services.DAYS}
    return {
        "days": days,
        "categories": words.read_categories(form.categories.data or ""),
        "criteria": words.read_criteria(form.criteria.data or ""),
    }


def _as_typed(record: AwardCall) -> dict[str, Any]:
    categories = (f"{c.name}: {c.description}" if c.description else c.name for c in record.categories)
    criteria = (f"{criterion.name}: {criterion.most}" for criterion in record.criteria)
    return {"categories": "\n".join(categories), "criteria": "\n".join(criteria)}


def _carry_out(
    record: Nomination, form: BaseForm, act: Callable[[], object], said: str
) -> ResponseReturnValue | None:
    """Do what was typed and lead back to the nomination; None: show the form, and what stands against it."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        act()
    except DomainError as error:
        form.reject(error)
        return None
    flash(said)
    return redirect(url_for(".nomination", nomination_id=record.id))
