"""Pages of one cohort: its students with attendance and completion, one more by hand, its history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.filters import ngettext
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.paging import Page, page_of
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.people.models import AffiliationRole, Person
from gdt.people.services import PersonFacts
from gdt.spreadsheets.writing import write_csv
from gdt.training.blueprint import training
from gdt.training.cohort_pages import (
    completion_day,
    next_step,
    student_counts,
    student_lines,
    typed_entries,
)
from gdt.training.completion import EntriesRefused, complete_students, record_progress
from gdt.training.curriculum.teaching_days import taught_as
from gdt.training.enrolment_queries import list_own_numbers, students
from gdt.training.forms import StudentForm
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from gdt.training.queries import get_cohort
from gdt.training.services import enrol_student
from gdt.training.words import ENROLMENT_STATES, MODES, STAGES

ROWS = 20  # each with its fields, these stay a light page


@training.get("/cohorts/<code>")
@requires(Permission.COHORTS_READ)
def cohort(code: str) -> ResponseReturnValue:
    return _cohort_page(get_cohort(current_user, code))


@training.route("/cohorts/<code>/students", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_RECORD)
def cohort_students(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    if request.method != "POST":
        return _cohort_page(record)
    try:
        message = _record(record, request.form)
    except DomainError as error:
        return _cohort_page(record, error), 422
    flash(message)
    kept = {name: value for name in ("after", "state", "q") if (value := request.args.get(name))}
    return redirect(url_for(".cohort", code=code, **kept))  # type: ignore[arg-type]


def _record(record: Cohort, form: Mapping[str, str]) -> str:
    """Do what the pressed button says; returns what was done, in words."""
    entries = typed_entries(form)
    day, action = _day(form.get("completed_on", "")), form.get("action", "save")
    changed = record_progress(
        actor=current_user, cohort=record, entries=list(entries.values()), completed_on=day
    )
    if action == "save":
        return str(ngettext("%(num)s line is kept.", "%(num)s lines are kept.", changed))
    ids = None if action == "complete_all" else list(entries)
    count = complete_students(actor=current_user, cohort=record, completed_on=day, enrolment_ids=ids)
    return str(
        ngettext("%(num)s student is marked completed.", "%(num)s students are marked completed.", count)
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _cohort_page(record: Cohort, error: DomainError | None = None) -> str:
    page = _page_of_students(record)
    reasons = error.reasons if isinstance(error, EntriesRefused) else {}
    counts = student_counts(record)
    return render_template(
        "training/cohort.html",
        cohort=record,
        page=page,
        lines=student_lines(record, page.items, typed_entries(request.form), reasons),
        error=error,
        counts=counts,
        step=next_step(record, counts),
        completed_on=request.form.get("completed_on", completion_day(record).isoformat()),
        stage=STAGES[record.stage(now().date())],
        STATES=ENROLMENT_STATES,
        mode=MODES[record.mode],
        taught=taught_as(record.modules, record.starts_on),
    )


def _page_of_students(record: Cohort) -> Page[Enrolment]:
    state = request.args.get("state", "")
    statement = students(
        record,
        search=request.args.get("q", ""),
        state=EnrolmentState(state) if state in list(EnrolmentState) else None,
    )
    order = [Person.printed_name, Person.id]
    return page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)


@training.get("/cohorts/<code>/students.csv")
@requires(Permission.COHORTS_READ)
@hands_out(lazy_gettext("the students of a cohort"), of=lambda code: get_cohort(current_user, code))
def students_file(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    enrolments = db.session.scalars(students(record).order_by(Person.printed_name, Person.id)).all()
    ids = [enrolment.person_id for enrolment in enrolments]
    numbers = list_own_numbers(record.institution_id, AffiliationRole.STUDENT, ids)
    header = [_("Full name"), _("Name in own script"), _("Student number"), _("E-mail")]
    header += [_("Attendance"), _("State"), _("Completed on")]
    content = write_csv(header, (_csv_row(e, numbers.get(e.person_id, "")) for e in enrolments))
    return Response(content, mimetype="text/csv", headers=_attachment(f"{record.code}-students.csv"))


def _csv_row(enrolment: Enrolment, number: str) -> list[Any]:
    person = enrolment.person
    return [
        person.printed_name,
        person.native_name,
        number,
        person.email,
        enrolment.attendance_percent,
        enrolment.state.value,
        enrolment.completed_on,
    ]


def _attachment(filename: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{filename}"'}


@training.route("/cohorts/<code>/students/new", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def new_student(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    if request.method == "GET":  # before anything is typed for nothing
        require_permitted(record.institution, PartnerAct.CHANGE_ROSTER, actor=current_user)
    form = StudentForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            facts = PersonFacts.typed(form.values())
            enrolment, was_known = enrol_student(actor=current_user, cohort=record, facts=facts)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_in_words(enrolment, was_known=was_known))
            return redirect(url_for(".cohort", code=code))
    return form_page("training/new_student.html", form, cohort=record)


def _in_words(enrolment: Enrolment, *, was_known: bool) -> str:
    name = enrolment.person.printed_name
    if was_known:
        return str(_("%(name)s was known already and is in the cohort now.", name=name))
    return str(_("%(name)s is in the cohort.", name=name))


@training.get("/cohorts/<code>/history")
@requires(Permission.COHORTS_READ)
def cohort_history(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    return render_template(
        "training/cohort_history.html",
        cohort=record,
        past=history_of(record),
        stage=STAGES[record.stage(now().date())],
    )
