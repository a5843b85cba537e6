"""Pages of the curriculum: modules and courses, their versions, and what the office does with them.

Each page is there twice, for modules and for courses; `kind` says which.
"""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.database import db, now
from gdt.errors import DomainError, RecordNotFound
from gdt.facets import chosen, facet
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.training.blueprint import training
from gdt.training.curriculum import queries, services
from gdt.training.curriculum.exam_rules import exam_rules_of
from gdt.training.curriculum.forms import PublishForm, RetireForm
from gdt.training.curriculum.models import CourseVersion
from gdt.training.curriculum.states import VersionState, earliest_start, version_on
from gdt.training.curriculum.words import STANDINGS, version_word, what_changed
from gdt.training.models import Course

ROWS = 25
MANAGE, READ = Permission.CURRICULUM_MANAGE, Permission.COHORTS_READ
MODULE, COURSE = {"kind": "module"}, {"kind": "course"}
LISTS = {"module": "training/curriculum/modules.html", "course": "training/curriculum/courses.html"}
RECORDS = {"module": "training/curriculum/module.html", "course": "training/curriculum/course.html"}


@training.context_processor
def _words() -> dict[str, Any]:
    return {"version_word": version_word}


@training.get("/modules", endpoint="modules", defaults=MODULE)
@training.get("/courses", endpoint="courses", defaults=COURSE)
@requires(READ)
def items(kind: str) -> ResponseReturnValue:
    model, sort = queries.KINDS[kind][0], request.args.get("sort", "title")
    columns = {"title": model.title, "code": model.code}
    column = columns.get(sort.removeprefix("-"), model.title)
    statement = queries.items(
        current_user, kind, search=request.args.get("q", ""), standing=request.args.get("state", "")
    )
    order = [column.desc() if sort.startswith("-") else column, model.id]
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    standings = {
        key: words for key, words in STANDINGS.items() if key != "draft" or may(current_user, MANAGE)
    }
    groups = [facet(_("State"), "state", [(key, words[0], None) for key, words in standings.items()])]
    versions = queries.versions_of(current_user, page.items)
    return render_template(
        LISTS[kind],
        page=page,
        sort=sort,
        groups=groups,
        chosen_filters=chosen(groups),
        taught={key: version_on(found, now().date()) for key, found in versions.items()},
        latest={key: found[0] for key, found in versions.items()},
        hours=_hours(page.items, versions, now().date()) if kind == "course" else {},
        today=now().date(),
    )


def _hours(found: Sequence[Course], versions: dict[int, list[Any]], day: date) -> dict[int, int]:
    """The hours of each course in a list, as its modules are taught on a day."""
    modules = {one.id: (version_on(versions.get(one.id, []), day) or one).modules for one in found}
    known = queries.hours_on({module.id for some in modules.values() for module in some}, day)
    return {key: sum(known.get(m.id, m.hours) for m in some) for key, some in modules.items()}


@training.get("/modules/<code>", endpoint="module", defaults=MODULE)
@training.get("/courses/<code>", endpoint="course", defaults=COURSE)
@requires(READ)
def item(kind: str, code: str) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    versions = queries.list_versions(current_user, record)
    shown = version_on(versions, now().date()) or (versions[0] if versions else None)
    return _record_page(kind, record, versions, shown)


@training.get("/modules/<code>/versions/<int:number>", endpoint="module_version", defaults=MODULE)
@training.get("/courses/<code>/versions/<int:number>", endpoint="course_version", defaults=COURSE)
@requires(READ)
def version(kind: str, code: str, number: int) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    versions = queries.list_versions(current_user, record)
    shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        raise RecordNotFound
    return _record_page(kind, record, versions, shown)


def _record_page(kind: str, record: Any, versions: list[Any], shown: Any) -> str:
    is_module = kind == "module"
    return render_template(
        RECORDS[kind],
        record=record,
        kind=kind,
        versions=versions,
        version=shown,
        changed={one.id: what_changed(one, before) for one, before in zip_longest(versions, versions[1:])},
        draft=next((one for one in versions if one.state is VersionState.DRAFT), None),
        is_taught=any(one.state is VersionState.PUBLISHED for one in versions),
        may_take=is_module and queries.may_take(current_user, record),
        exam_rule=[] if is_module else _exam_rule(record, shown),
        hours={} if is_module else _hours_of(record, shown),
        past=history_of(record) if may(current_user, MANAGE) else None,
        today=now().date(),
    )


def _hours_of(record: Any, shown: CourseVersion | None) -> dict[int, int]:
    """The hours of a course's modules on the day it is shown for: today, else its first or its last."""
    day = now().date()
    if shown is not None and shown.taught_from is not None:
        day = min(max(day, shown.taught_from), shown.taught_until or day)
    modules = (shown or record).modules
    known = queries.hours_on([module.id for module in modules], day)
    return {module.id: known.get(module.id, module.hours) for module in modules}


def _exam_rule(record: Any, shown: CourseVersion | None) -> list[str]:
    """The rule as it was at publishing, once something follows; the rule of today until then."""
    is_past = shown is not None and shown.state is VersionState.RETIRED and shown.exam_rule is not None
    return list(shown.exam_rule or ()) if is_past and shown else exam_rules_of(record)


@training.post("/modules/<code>/versions", endpoint="draft_module", defaults=MODULE)
@training.post("/courses/<code>/versions", endpoint="draft_course", defaults=COURSE)
@requires(MANAGE)
def draft(kind: str, code: str) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    drafted = services.draft_next(actor=current_user, item=record)
    db.session.flush()
    flash(_("The draft says what the version before it says. Write what is new."))
    return redirect(url_for(f".edit_{kind}", code=code, number=drafted.number))


PUBLISH = "versions/<int:number>/publish"


@training.route(
    f"/modules/<code>/{PUBLISH}", endpoint="publish_module", defaults=MODULE, methods=["GET", "POST"]
)
@training.route(
    f"/courses/<code>/{PUBLISH}", endpoint="publish_course", defaults=COURSE, methods=["GET", "POST"]
)
@requires(MANAGE)
def publish(kind: str, code: str, number: int) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    drafted, versions = (
        queries.get_version(current_user, record, number),
        queries.list_versions(current_user, record),
    )
    others = [one for one in versions if one.id != drafted.id]
    form = PublishForm(request.form, data={"taught_from": earliest_start(others, now().date())})
    if request.method == "POST" and form.validate():
        try:
            services.publish(actor=current_user, version=drafted, taught_from=form.taught_from.data)
            flash(_("Version %(label)s is published.", label=drafted.label))
            return redirect(url_for(f".{kind}", code=code))
        except DomainError as error:
            form.reject(error)
    before = others[0] if others else None
    changed = what_changed(drafted, before)
    page = "training/curriculum/publish.html"
    return form_page(page, form, record=record, kind=kind, version=drafted, before=before, changed=changed)


DISCARD = "versions/<int:number>/discard"


@training.route(
    f"/modules/<code>/{DISCARD}", endpoint="discard_module", defaults=MODULE, methods=["GET", "POST"]
)
@training.route(
    f"/courses/<code>/{DISCARD}", endpoint="discard_course", defaults=COURSE, methods=["GET", "POST"]
)
@requires(MANAGE)
def discard(kind: str, code: str, number: int) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    drafted = queries.get_version(current_user, record, number)
    if drafted.state is not VersionState.DRAFT:
        return redirect(url_for(f".{kind}_version", code=code, number=number))
    if request.method != "POST":
        page = "training/curriculum/discard.html"
        return form_page(page, BaseForm(), record=record, kind=kind, version=drafted)
    is_all = services.discard_draft(actor=current_user, version=drafted)
    flash(_("The draft is thrown away."))
    return redirect(url_for(f".{kind}s") if is_all else url_for(f".{kind}", code=code))


@training.route("/modules/<code>/retire", endpoint="retire_module", defaults=MODULE, methods=["GET", "POST"])
@training.route("/courses/<code>/retire", endpoint="retire_course", defaults=COURSE, methods=["GET", "POST"])
@requires(MANAGE)
def retire(kind: str, code: str) -> ResponseReturnValue:
    record, form = queries.get_item(current_user, kind, code), RetireForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            services.retire(actor=current_user, item=record, **form.values())
            flash(_("It is retired. What was taught stays as it was."))
            return redirect(url_for(f".{kind}", code=code))
        except DomainError as error:
            form.reject(error)
    return form_page("training/curriculum/retire.html", form, record=record, kind=kind)
