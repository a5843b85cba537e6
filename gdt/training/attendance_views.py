"""Attendance of a cohort on a phone: one line for each student, and one figure for everybody else."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.people.models import AffiliationRole, Person
from gdt.training.attendance_entries import attendance_entries, attendance_lines
from gdt.training.blueprint import training
from gdt.training.completion import EntriesRefused, record_progress
from gdt.training.enrolment_queries import list_own_numbers, students
from gdt.training.forms import AttendanceForm
from gdt.training.models import Cohort, EnrolmentState
from gdt.training.queries import get_cohort

ROWS = 50  # of short lines: a class on one light page


@training.route("/cohorts/<code>/attendance", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_RECORD)
def cohort_attendance(code: str) -> ResponseReturnValue:
    record, form = get_cohort(current_user, code), AttendanceForm(request.form)
    reasons: Mapping[int, str] = {}
    if request.method == "POST" and form.validate():
        try:
            entries = attendance_entries(request.form, form.others.data or "")
            kept = record_progress(actor=current_user, cohort=record, entries=entries, completed_on=None)
            flash(ngettext("%(num)s line is kept.", "%(num)s lines are kept.", kept))
            after = request.form.get("next") or None
            return redirect(url_for(".cohort_attendance" if after else ".cohort", code=code, after=after))
        except DomainError as error:
            form.reject(error)
            reasons = error.reasons if isinstance(error, EntriesRefused) else {}
    return _page(record, form, reasons)


def _page(record: Cohort, form: AttendanceForm, reasons: Mapping[int, str]) -> ResponseReturnValue:
    page = page_of(
        db.session,
        students(record, state=EnrolmentState.ENROLLED),
        order=[Person.printed_name, Person.id],
        after=request.args.get("after"),
        size=ROWS,
    )
    ids = [one.person_id for one in page.items]
    numbers = list_own_numbers(record.institution_id, AffiliationRole.STUDENT, ids)
    lines = attendance_lines(page.items, numbers, request.form, reasons)
    return form_page("training/cohort_attendance.html", form, cohort=record, page=page, lines=lines)
