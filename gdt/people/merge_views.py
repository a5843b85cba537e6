"""Pages of merges: past ones, one of them, and undoing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.paging import page_of
from gdt.people import merge_queries
from gdt.people.belongings import every_belonging
from gdt.people.blueprint import people
from gdt.people.merge_models import Merge
from gdt.people.unmerging import find_obstacle, unmerge_persons


@people.get("/people/merges")
@requires(Permission.PEOPLE_MERGE)
def merges() -> ResponseReturnValue:
    found = merge_queries.merges(current_user)
    page = page_of(db.session, found, order=[Merge.id.desc()], after=request.args.get("after"))
    return render_template("people/merges.html", page=page, total=merge_queries.count_merges(current_user))


@people.get("/people/merges/<int:merge_id>")
@requires(Permission.PEOPLE_MERGE)
def merge(merge_id: int) -> ResponseReturnValue:
    record = merge_queries.get_merge(current_user, merge_id)
    steps = merge_queries.list_steps(record)
    moved, removed = merge_queries.count_moved(steps), merge_queries.count_removed(steps)
    kinds = [(b, moved.get(b.table.name, 0), removed.get(b.table.name, 0)) for b in every_belonging()]
    return render_template(
        "people/merge.html",
        merge=record,
        moved=[kind.counted(n) for kind, n, _removed in kinds if n],
        removed=[kind.counted(n) for kind, _moved, n in kinds if n],
        obstacle=find_obstacle(record, steps) if record.undone_at is None else None,
    )


@people.post("/people/merges/<int:merge_id>/undo")
@requires(Permission.PEOPLE_MERGE)
def undo_merge(merge_id: int) -> ResponseReturnValue:
    record = merge_queries.get_merge(current_user, merge_id)
    name, survivor_id = record.merged_name, record.survivor_id
    unmerge_persons(actor=current_user, merge=record)
    flash(_("%(name)s is an entry of its own again.", name=name))
    return redirect(url_for(".person", person_id=survivor_id))
