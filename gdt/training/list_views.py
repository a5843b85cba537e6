"""Where lists are handed in: attendance of a cohort, teachers and headcounts of an institution."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.exports import hands_out
from gdt.imports.upload_pages import template_file, upload_page
from gdt.partners.queries import get_institution
from gdt.training import headcounts_kind, progress_kind, teachers_kind
from gdt.training.blueprint import training
from gdt.training.queries import get_cohort


@training.get("/cohorts/<code>/progress-template.xlsx")
@requires(Permission.ATTENDANCE_RECORD)
@hands_out(lazy_gettext("a list of students to fill in"), of=lambda code: get_cohort(current_user, code))
def progress_template(code: str) -> ResponseReturnValue:
    subject = progress_kind.subject_of(get_cohort(current_user, code))
    return template_file(progress_kind.PROGRESS, subject)


@training.route("/cohorts/<code>/progress", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_RECORD)
def upload_progress(code: str) -> ResponseReturnValue:
    subject = progress_kind.subject_of(get_cohort(current_user, code))
    return upload_page(progress_kind.PROGRESS, subject)


@training.get("/institutions/<code>/teachers-template.xlsx")
@requires(Permission.COHORTS_MANAGE)
def teachers_template(code: str) -> ResponseReturnValue:
    subject = teachers_kind.subject_of(get_institution(current_user, code))
    return template_file(teachers_kind.TEACHERS, subject)


@training.route("/institutions/<code>/teachers/upload", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def upload_teachers(code: str) -> ResponseReturnValue:
    subject = teachers_kind.subject_of(get_institution(current_user, code))
    return upload_page(teachers_kind.TEACHERS, subject)


@training.get("/institutions/<code>/headcounts-template.xlsx")
@requires(Permission.COHORTS_MANAGE)
def headcounts_template(code: str) -> ResponseReturnValue:
    subject = headcounts_kind.subject_of(get_institution(current_user, code))
    return template_file(headcounts_kind.HEADCOUNTS, subject)


@training.route("/institutions/<code>/headcounts/upload", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def upload_headcounts(code: str) -> ResponseReturnValue:
    subject = headcounts_kind.subject_of(get_institution(current_user, code))
    return upload_page(headcounts_kind.HEADCOUNTS, subject)
