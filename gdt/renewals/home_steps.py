"""What renewals put on the home pages: drafts that wait for a signature, reminders nobody answered."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.filters import period
from gdt.impact.home_steps import Step, home_steps
from gdt.renewals import queries

NAMED = 3


@home_steps
def steps_of_renewals(viewer: Viewer, _today: date) -> Iterator[Step]:
    """The institution's own drafts; for the office all drafts, and the reminders without an answer."""
    is_office = may(viewer, Permission.AGREEMENTS_MANAGE)
    if not is_office and not viewer.role.is_of_one_institution:
        return
    drafts = queries.list_own_drafts(viewer)
    for draft in drafts[:NAMED]:
        sentence = _(
            "%(name)s: the draft for %(term)s waits to be signed.",
            name=draft.institution.name,
            term=period(draft.starts_on, draft.ends_on),
        )
        url = url_for("partners.draft", code=draft.institution.code, draft_id=draft.id)
        yield Step(sentence, url, _("Open the draft"), due_on=draft.starts_on)
    if is_office and len(drafts) > NAMED:
        sentence = _("%(n)s more drafts wait to be signed.", n=len(drafts) - NAMED)
        yield Step(sentence, url_for("renewals.calendar"), _("Open the calendar"))
    waiting = queries.count_unanswered(viewer) if is_office else 0
    if waiting:
        sentence = ngettext(
            "%(num)s institution was reminded that its agreement ends, and has not answered.",
            "%(num)s institutions were reminded that their agreement ends, and have not answered.",
            waiting,
        )
        yield Step(sentence, url_for("renewals.calendar"), _("Open the calendar"))
