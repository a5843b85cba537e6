"""The page of retention: what goes by itself, whose time is over, and what went when."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.privacy.blueprint import privacy
from gdt.privacy.disk import waiting_for_rewriting
from gdt.privacy.forms import PeopleDueForm
from gdt.privacy.people_due import MOST_AT_ONCE, ORDER, count_due, erase_due, people_due
from gdt.privacy.queries import list_retention_runs
from gdt.privacy.retention import last_runs
from gdt.privacy.wording import RETENTION

WORD = "erase"


@privacy.route("/privacy/retention", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def retention() -> ResponseReturnValue:
    form = PeopleDueForm(request.form, word=WORD)
    if request.method == "POST" and form.validate():
        try:
            made = erase_due(actor=current_user, count=int(form.seen.data))
        except DomainError as error:
            form.reject(error)
        else:
            flash(ngettext("%(num)s person is being erased.", "%(num)s people are being erased.", len(made)))
            return redirect(url_for(".erasure_requests"))
    page = page_of(db.session, people_due(current_user), order=ORDER, after=request.args.get("after"))
    return form_page(
        "privacy/retention.html",
        form,
        page=page,
        due=count_due(current_user),
        most=MOST_AT_ONCE,
        last=last_runs(),
        on_disk=waiting_for_rewriting(),
        runs=list_retention_runs(),
        RETENTION=RETENTION,
        WORD=WORD,
    )
