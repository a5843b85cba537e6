"""Pages about exams: the sittings of a cohort, the grid of marks, uploads of results, and exam rules."""

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms import SelectChoice

from gdt.access import Permission, may, requires
from gdt.errors import DomainError
from gdt.exams import (
    built_on_imports,  # noqa: F401
    course_rules,  # noqa: F401
    file_histories,  # noqa: F401
    flag_queries,
    flag_views,  # noqa: F401
    moderation_queries,
    moderation_views,  # noqa: F401
    pass_rate_views,  # noqa: F401
    person_belongings,  # noqa: F401
    queries,
    recording,
    routines,  # noqa: F401
    services,
    upload_views,  # noqa: F401
)
from gdt.exams.blueprint import exams
from gdt.exams.flag_models import SittingFlag
from gdt.exams.flag_words import FLAG_STATES, flag_sentence
from gdt.exams.forms import CorrectionForm, GridForm, NewExamForm, RuleForm, SittingForm
from gdt.exams.grading import written
from gdt.exams.grid import draw_grid
from gdt.exams.models import Sitting
from gdt.exams.recording import ENTERED, MarksRefused, Problem, Recorded
from gdt.filters import day
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.training.queries import get_cohort, list_courses

__all__ = ["exams"]
exams.app_template_filter("mark")(written)


@exams.get("/cohorts/<code>/exams")
@requires(Permission.COHORTS_READ)
def cohort_exams(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    return render_template(
        "exams/cohort_exams.html",
        cohort=cohort,
        sittings=queries.list_sittings(current_user, cohort),
        exams=queries.list_exams_of(cohort.course_id),
    )


@exams.route("/cohorts/<code>/sittings/new", methods=["GET", "POST"])
@requires(Permission.SITTINGS_MANAGE)
def new_sitting(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    by_id = {exam.id: exam for exam in queries.list_exams_of(cohort.course_id)}
    form = SittingForm(request.form)
    form.exam_id.choices = [SelectChoice(value=exam.id, label=exam.title) for exam in by_id.values()]
    if request.method == "POST" and form.validate():
        try:
            values = form.values() | {"exam": by_id[form.values()["exam_id"]]}
            values.pop("exam_id")
            record = services.schedule_sitting(viewer=current_user, cohort=cohort, **values)
            flash(_("The sitting is scheduled. Its code is %(code)s.", code=record.code))
            _tell_too_early(record)
            return redirect(url_for(".sitting", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("exams/new_sitting.html", form, cohort=cohort)


@exams.get("/sittings/<code>")
@requires(Permission.COHORTS_READ)
def sitting(code: str) -> ResponseReturnValue:
    return _grid_page(queries.get_sitting(current_user, code), GridForm())


@exams.route("/sittings/<code>/marks", methods=["GET", "POST"])
@requires(Permission.RESULTS_RECORD)
def record_marks(code: str) -> ResponseReturnValue:
    record = queries.get_sitting(current_user, code)
    form = GridForm(request.form)
    if request.method == "GET" or not form.validate():
        return _grid_page(record, form)
    try:
        kept = recording.record_marks(viewer=current_user, sitting=record, entries=form.typed)
    except DomainError as error:
        form.reject(error)
        return _grid_page(record, form, error.problems if isinstance(error, MarksRefused) else None)
    flash(_sentence(kept))
    after = request.form.get("next") or request.args.get("after")
    return redirect(url_for(".sitting", code=record.code, q=request.args.get("q"), after=after))


@exams.route("/results/<int:result_id>/correct", methods=["GET", "POST"])
@requires(Permission.RESULTS_RECORD)
def correct_result(result_id: int) -> ResponseReturnValue:
    result = queries.get_result(current_user, result_id)
    now_has = written(result.mark)
    form = CorrectionForm(
        request.form, data={"seen": now_has, "mark": "" if result.mark is None else now_has}
    )
    if request.method == "POST" and form.validate():
        try:
            recording.correct_result(viewer=current_user, result=result, **form.values())
            flash(_("The correction is kept."))
            return redirect(url_for(".sitting", code=result.sitting.code))
        except DomainError as error:
            form.reject(error)
    history = queries.corrections_of([result.id])[result.id]
    return form_page("exams/correct_result.html", form, result=result, now_has=now_has, history=history)


@exams.get("/exams", endpoint="exams")
@requires(Permission.COHORTS_READ)
def all_exams() -> ResponseReturnValue:
    return render_template(
        "exams/exams.html",
        exams=queries.list_exams(),
        courses=queries.list_courses_without_exam(),
    )


@exams.route("/exams/new", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def new_exam() -> ResponseReturnValue:
    by_id = {course.id: course for course in list_courses()}
    form = NewExamForm(request.form, data={"course_id": request.args.get("course", type=int)})
    form.course_id.choices = [SelectChoice(value=one.id, label=one.title) for one in by_id.values()]
    if request.method == "POST" and form.validate():
        try:
            values = form.values()
            record = services.set_exam(viewer=current_user, course=by_id[values.pop("course_id")], **values)
            flash(_("The exam is set."))
            return redirect(url_for(".exam", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("exams/new_exam.html", form)


@exams.get("/exams/<code>")
@requires(Permission.COHORTS_READ)
def exam(code: str) -> ResponseReturnValue:
    record = queries.get_exam(code)
    return render_template("exams/exam.html", exam=record, past=history_of(record))


@exams.route("/exams/<code>/edit", methods=["GET", "POST"])
@requires(Permission.TRAININGS_MANAGE)
def edit_exam(code: str) -> ResponseReturnValue:
    record = queries.get_exam(code)
    form = RuleForm(request.form, obj=record)
    if request.method == "POST" and form.validate():
        try:
            services.change_rule(viewer=current_user, exam=record, **form.values())
            flash(_("The rule is changed. Results recorded before keep their outcome."))
            return redirect(url_for(".exam", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("exams/edit_exam.html", form, exam=record)


def _grid_page(
    record: Sitting, form: GridForm, problems: Mapping[int, Problem] | None = None
) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    grid = draw_grid(
        record,
        viewer=current_user,
        search=search,
        after=request.args.get("after"),
        typed=form.typed,
        problems=problems,
    )
    return form_page(
        "exams/sitting.html",
        form,
        sitting=record,
        grid=grid,
        search=search,
        counts=queries.counts_of(record),
        flags=_flags_of(record),
        differing=moderation_queries.list_differing(record) if record.is_marked_twice else [],
        students=queries.count_students(record),
        past=history_of(record, but=(ENTERED,)),
        say=flag_sentence,
        FLAG_STATES=FLAG_STATES,
    )


def _flags_of(record: Sitting) -> list[SittingFlag]:
    """What the office should look at, or found when it did."""
    if not may(current_user, Permission.RESULTS_MODERATE):
        return []
    return [flag for flag in flag_queries.flags_of(record) if flag.is_present]


def _tell_too_early(record: Sitting) -> None:
    """Say whose resit comes too early while the day can still be changed."""
    count, last = queries.find_too_early(record)
    if not count or last is None:
        return
    first = day(last + timedelta(days=record.exam.resit_after_days))
    flash(
        ngettext(
            "%(num)s student sat this exam too shortly before: a resit counts from %(first)s on.",
            "%(num)s students sat this exam too shortly before: a resit counts from %(first)s on.",
            count,
            first=first,
        ),
        "info",
    )


def _sentence(kept: Recorded) -> str:
    if not any(kept):
        return str(_("Nothing was changed: this page is kept as it stands."))
    parts = []
    if kept.new:
        parts.append(ngettext("%(num)s result is recorded.", "%(num)s results are recorded.", kept.new))
    if kept.corrected:
        parts.append(ngettext("%(num)s mark is corrected.", "%(num)s marks are corrected.", kept.corrected))
    if kept.waiting:
        parts.append(
            ngettext(
                "%(num)s mark waits for a second marker.",
                "%(num)s marks wait for a second marker.",
                kept.waiting,
            )
        )
    if kept.differing:
        parts.append(
            ngettext(
                "%(num)s differs from the first mark: the programme office decides.",
                "%(num)s differ from the first mark: the programme office decides.",
                kept.differing,
            )
        )
    return " ".join(parts)
