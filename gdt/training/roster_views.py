"""Where the roster of a cohort is handed in, and an empty one to fill in."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.imports.upload_pages import template_file, upload_page
from gdt.training.blueprint import training
from gdt.training.queries import get_cohort
from gdt.training.roster_kind import ROSTER, subject_of


@training.get("/cohorts/<code>/roster-template.xlsx")
@requires(Permission.COHORTS_MANAGE)
def roster_template(code: str) -> ResponseReturnValue:
    return template_file(ROSTER, subject_of(get_cohort(current_user, code)))


@training.route("/cohorts/<code>/roster", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def upload_roster(code: str) -> ResponseReturnValue:
    return upload_page(ROSTER, subject_of(get_cohort(current_user, code)))
