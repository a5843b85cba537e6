"""Pages about the curriculum and the cohorts: opening one, correcting one, all of them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.facets import chosen
from gdt.filters import day
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.partners.models import Institution
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.partners.queries import get_institution, list_institutions
from gdt.training import (  # noqa: F401
    attendance_views,
    cohort_views,
    list_views,
    person_belongings,
    roster_views,
    teacher_views,
    training_views,
)
from gdt.training.blueprint import training
from gdt.training.cohort_lists import COHORT_ORDERS, cohort_facets, cohort_filter
from gdt.training.curriculum import views as curriculum_views  # noqa: F401
from gdt.training.curriculum import writing_views  # noqa: F401
from gdt.training.curriculum.queries import modules_on
from gdt.training.feedback import views as feedback_views  # noqa: F401
from gdt.training.forms import ChooseCourseForm, CohortForm
from gdt.training.meetings import views as meeting_views  # noqa: F401
from gdt.training.models import Module
from gdt.training.own_page import account_views, teaching_views  # noqa: F401
from gdt.training.own_page import views as own_page_views  # noqa: F401
from gdt.training.qualifications import list_qualifications
from gdt.training.qualifying import views as renewal_views  # noqa: F401
from gdt.training.queries import (
    cohorts as all_cohorts,
)
from gdt.training.queries import (
    count_students,
    find_course,
    get_cohort,
    list_courses,
    list_teachers,
)
from gdt.training.services import correct_cohort, open_cohort
from gdt.training.taking_part import views as part_views  # noqa: F401
from gdt.training.words import STAGES

__all__ = ["training"]
ROWS = 25


@training.get("/cohorts")
@requires(Permission.COHORTS_READ)
def cohorts() -> ResponseReturnValue:
    sort = request.args.get("sort", "-starts_on")
    order = COHORT_ORDERS.get(sort, COHORT_ORDERS["-starts_on"])
    statement = all_cohorts(current_user, cohort_filter(request.args))
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    groups = cohort_facets(current_user)
    return render_template(
        "training/cohorts.html",
        page=page,
        sort=sort,
        groups=groups,
        chosen_filters=chosen(groups),
        students=count_students([cohort.id for cohort in page.items]),
        today=now().date(),
        STAGES=STAGES,
    )


@training.get("/institutions/<code>/cohorts")
@requires(Permission.IMPACT_READ)
def institution_cohorts(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    statement = all_cohorts(current_user, cohort_filter({"institution": institution.code}))
    order = COHORT_ORDERS["-starts_on"]
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    return render_template(
        "training/institution_cohorts.html",
        institution=institution,
        page=page,
        students=count_students([cohort.id for cohort in page.items]),
        today=now().date(),
        STAGES=STAGES,
    )


@training.route("/cohorts/new", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def new_cohort() -> ResponseReturnValue:
    course = find_course(request.args.get("course", ""))
    if course is None or not request.args.get("institution"):
        return _choose_course()
    institution = get_institution(current_user, request.args["institution"])
    if request.method == "GET":  # before anything is typed for nothing
        require_permitted(institution, PartnerAct.OPEN_COHORT)
    offered = dict.fromkeys([*modules_on(course, now().date()), *course.modules])
    drawn = CohortForm(request.form, modules=[module.id for module in offered])
    form = _offered(drawn, institution, list(offered))
    if request.method == "POST" and form.validate():
        try:
            cohort = open_cohort(
                actor=current_user,
                institution_code=institution.code,
                course_code=course.code,
                plan=form.plan(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The cohort %(code)s is open. Add its students next.", code=cohort.code))
            return redirect(url_for(".cohort", code=cohort.code))
    return form_page("training/new_cohort.html", form, institution=institution, course=course)


def _choose_course() -> ResponseReturnValue:
    form = ChooseCourseForm(request.args)
    form.offer(
        [(institution.code, institution.name) for institution in list_institutions(current_user)],
        [(course.code, course.title) for course in list_courses()],
    )
    return render_template("training/choose_course.html", form=form)


@training.route("/cohorts/<code>/edit", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def edit_cohort(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    drawn = {
        **{name: getattr(cohort, name) for name in ("term", "starts_on", "ends_on", "language")},
        "modules": [module.id for module in cohort.modules],
        "teachers": [person.id for person in cohort.teachers],
        "mode": cohort.mode.value,
    }
    offered = [*modules_on(cohort.course, cohort.starts_on), *cohort.course.modules, *cohort.modules]
    form = CohortForm(request.form, data=drawn)
    _offered(form, cohort.institution, list(dict.fromkeys(offered)))
    if request.method == "POST" and form.validate():
        try:
            correct_cohort(actor=current_user, cohort=cohort, plan=form.plan())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The changes are kept."))
            return redirect(url_for(".cohort", code=code))
    return form_page("training/edit_cohort.html", form, cohort=cohort)


def _offered(form: CohortForm, institution: Institution, modules: list[Module]) -> CohortForm:
    """The form with the modules of the course, and the teachers with what they may teach of it."""
    teachers = list_teachers(institution.id)
    held = list_qualifications([person.id for person in teachers])
    wanted = {module.id for module in modules}
    labels = []
    for person in teachers:
        mine = [q for q in held if q.person_id == person.id and q.module_id in wanted]
        until = [_("%(module)s until %(day)s", module=q.module, day=day(q.valid_until)) for q in mine]
        words = ", ".join(until) or _("no qualification for this course")
        labels.append((person.id, f"{person} ({words})"))
    form.offer([(module.id, f"{module}") for module in modules], labels)
    return form
