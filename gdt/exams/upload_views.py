"""Where the results of a sitting are handed in, and a sheet of its students to fill in."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.exams.blueprint import exams
from gdt.exams.marks_kind import kind_for
from gdt.exams.queries import get_sitting
from gdt.exams.results_kind import subject_of
from gdt.exports import hands_out
from gdt.imports.upload_pages import template_file, upload_page


@exams.get("/sittings/<code>/results-template.xlsx")
@requires(Permission.RESULTS_RECORD)
@hands_out(lazy_gettext("a list of students to fill in"), of=lambda code: get_sitting(current_user, code))
def results_template(code: str) -> ResponseReturnValue:
    sitting = get_sitting(current_user, code)
    return template_file(kind_for(sitting), subject_of(sitting))


@exams.route("/sittings/<code>/results", methods=["GET", "POST"])
@requires(Permission.RESULTS_RECORD)
def upload_results(code: str) -> ResponseReturnValue:
    sitting = get_sitting(current_user, code)
    return upload_page(kind_for(sitting), subject_of(sitting))
