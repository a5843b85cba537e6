"""Where second marks are asked for, which marks wait for somebody, and the third decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.exams import deciding
from gdt.exams import moderation_queries as queries
from gdt.exams.blueprint import exams
from gdt.exams.forms import ThirdDecisionForm
from gdt.exams.moderation import MarkingState
from gdt.exams.queries import get_sitting
from gdt.forms import form_page


@exams.get("/moderation")
@requires(Permission.RESULTS_RECORD)
def moderation() -> ResponseReturnValue:
    return render_template("exams/moderation.html", waiting=queries.list_waiting(current_user))


@exams.post("/sittings/<code>/second-marks")
@requires(Permission.SITTINGS_MANAGE)
def ask_for_second_marks(code: str) -> ResponseReturnValue:
    sitting = get_sitting(current_user, code)
    try:
        deciding.ask_for_second_marks(viewer=current_user, sitting=sitting)
        flash(_("From now on two people mark this sitting, and neither sees the other’s marks."))
    except DomainError as error:
        flash(error.message)
    return redirect(url_for(".sitting", code=sitting.code))


@exams.route("/double-marks/<int:double_mark_id>", methods=["GET", "POST"])
@requires(Permission.RESULTS_MODERATE)
def decide_mark(double_mark_id: int) -> ResponseReturnValue:
    row, form = queries.get_double_mark(current_user, double_mark_id), ThirdDecisionForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            deciding.decide_mark(viewer=current_user, double_mark=row, **form.values())
            flash(_("The decision is kept. The mark stands."))
            return redirect(url_for(".sitting", code=row.sitting.code))
        except DomainError as error:
            form.reject(error)
    is_open = row.state is MarkingState.DIFFERING
    return form_page("exams/decide_mark.html", form, double=row, sitting=row.sitting, is_open=is_open)
