"""Tabs of an institution and of a person: teachers, learning and teaching, headcounts."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.accounts.queries import states_of_accounts
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.paging import page_of, page_of_list
from gdt.partners.queries import get_institution
from gdt.people.models import AffiliationRole, Person
from gdt.people.queries import PersonFilter, get_person
from gdt.people.queries import persons as all_persons
from gdt.training.blueprint import training
from gdt.training.enrolment_queries import list_enrolments_of, list_own_numbers
from gdt.training.headcount_forms import HeadcountForm
from gdt.training.headcount_queries import get_headcount, list_headcounts
from gdt.training.headcounts import report_headcount, verify_headcount
from gdt.training.own_page.queries import list_places_taught
from gdt.training.qualifications import list_latest, list_qualifications
from gdt.training.qualifying.chains import renewed_of
from gdt.training.queries import list_cohorts_taught, list_modules
from gdt.training.training_queries import list_trainings_of
from gdt.training.words import ENROLMENT_STATES, MEASURES, OUTCOMES, STAGES, validity_word

ROWS = 25


@training.get("/institutions/<code>/teachers")
@requires(Permission.PEOPLE_READ)
def institution_teachers(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    wanted = PersonFilter(
        search=request.args.get("q", ""), institution_code=institution.code, role=AffiliationRole.TEACHER
    )
    order = [Person.printed_name, Person.id]
    statement = all_persons(current_user, wanted)
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    ids = [person.id for person in page.items]
    return render_template(
        "training/institution_teachers.html",
        institution=institution,
        page=page,
        held=list_latest(ids),
        accounts=states_of_accounts(current_user, ids, institution.id),
        numbers=list_own_numbers(institution.id, AffiliationRole.TEACHER, ids),
        today=now().date(),
        validity_word=validity_word,
    )


@training.get("/people/<int:person_id>/record")
@requires(Permission.PEOPLE_READ)
def person_record(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    return render_template(
        "training/person_record.html",
        person=person,
        enrolments=list_enrolments_of(current_user, person),
        qualifications=(held := list_qualifications([person.id])),
        renewed=renewed_of(held),
        taught=list_cohorts_taught(current_user, person),
        trainings=list_trainings_of(current_user, person),
        teaches=list_places_taught(current_user, person),
        today=now().date(),
        validity_word=validity_word,
        STATES=ENROLMENT_STATES,
        STAGES=STAGES,
        OUTCOMES=OUTCOMES,
    )


@training.get("/institutions/<code>/headcounts")
@requires(Permission.IMPACT_READ)
def headcounts(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    page = page_of_list(list_headcounts(institution), request.args.get("after"), size=ROWS)
    return render_template("training/headcounts.html", institution=institution, page=page, MEASURES=MEASURES)


@training.route("/institutions/<code>/headcounts/new", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def new_headcount(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    form = HeadcountForm(request.form)
    form.offer([(module.id, module.title) for module in list_modules()])
    if request.method == "POST" and form.validate():
        try:
            report_headcount(actor=current_user, institution=institution, claim=form.claim())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The number is reported. It counts as claimed until the office verifies it."))
            return redirect(url_for(".headcounts", code=institution.code))
    return form_page("training/new_headcount.html", form, institution=institution)


@training.post("/institutions/<code>/headcounts/<int:headcount_id>/verify")
@requires(Permission.HEADCOUNTS_VERIFY)
def verify_reported(code: str, headcount_id: int) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    verify_headcount(actor=current_user, headcount=get_headcount(institution, headcount_id))
    flash(_("The number is verified."))
    return redirect(url_for(".headcounts", code=institution.code))
