"""The trail's page and its file."""

import re
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.access import Permission, requires
from gdt.accounts import trail_queries
from gdt.accounts.blueprint import accounts
from gdt.accounts.trail_queries import MOST_TO_TAKE_AWAY, Wanted
from gdt.audit import AuditEvent
from gdt.database import db, now
from gdt.exports import hands_out
from gdt.facets import Option, chosen, facet
from gdt.filters import day, url_with
from gdt.paging import page_of
from gdt.security import LARGEST_ID
from gdt.spreadsheets.writing import write_csv
from gdt.trail import head

# In the address: what it narrows to. The words come first, as `q`.
NUMBER = re.compile(r"[0-9]{1,10}")
NARROWING = ("q", "actor", "kind", "record", "person", "from", "until")


@accounts.get("/trail")
@requires(Permission.AUDIT_READ)
def trail() -> ResponseReturnValue:
    wanted = _wanted()
    statement = trail_queries.list_trail(wanted)
    page = page_of(db.session, statement, order=[AuditEvent.id.desc()], after=request.args.get("after"))
    kinds = facet(_("Record"), "kind", ((k, _in_words(k), None) for k in trail_queries.list_kinds()))
    return render_template(
        "accounts/trail.html",
        page=page,
        seals=trail_queries.seals_of(page.items),
        head=head(),
        groups=[kinds],
        chosen_filters=chosen([kinds]) + _narrowed(wanted),
        query=_query(),
    )


@accounts.get("/trail.csv")
@requires(Permission.AUDIT_READ)
@hands_out(lazy_gettext("a part of the trail"))
def trail_file() -> ResponseReturnValue:
    wanted = _wanted()
    if trail_queries.count_trail(wanted, at_most=MOST_TO_TAKE_AWAY + 1) > MOST_TO_TAKE_AWAY:
        flash(_("These are more than 50,000 events. Narrow them down, to a month or a person."), "problem")
        return redirect(url_for(".trail", **_query()))
    header = [_("Event"), _("When (UTC)"), _("Who"), _("Who (id)"), _("Action"), _("What"), _("Record")]
    header += [_("Kind"), _("Record (id)"), _("Seal")]
    rows = (_csv_row(event, seal) for event, seal in trail_queries.every_event(wanted))
    name = f'attachment; filename="gdt-trail-{now().date()}.csv"'
    return Response(write_csv(header, rows), mimetype="text/csv", headers={"Content-Disposition": name})


def _query() -> dict[str, Any]:
    """What the address narrows to, as it is written there."""
    return {name: value for name in NARROWING if (value := request.args.get(name))}


def _wanted() -> Wanted:
    """What the address narrows to; what cannot be read narrows nothing."""
    return Wanted(
        words=request.args.get("q", "").strip(),
        actor_id=_number("actor"),
        kind=request.args.get("kind", ""),
        record_id=_number("record"),
        person_id=_number("person"),
        from_on=_day("from"),
        until_on=_day("until"),
    )


def _number(name: str) -> int | None:
    found = request.args.get(name, "")
    number = int(found) if NUMBER.fullmatch(found) else LARGEST_ID + 1
    return number if number <= LARGEST_ID else None


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None


def _narrowed(wanted: Wanted) -> list[Option]:
    """What else the trail is narrowed to, each with the address that takes it off."""
    actor = wanted.actor_id is not None and trail_queries.name_of_actor(wanted.actor_id)
    said = {
        "actor": actor and _("By %(name)s", name=actor),
        "record": wanted.record_id is not None and _("Number %(n)s of these", n=wanted.record_id),
        "person": wanted.person_id is not None and _("About person %(n)s", n=wanted.person_id),
        "from": wanted.from_on and _("From %(day)s", day=day(wanted.from_on)),
        "until": wanted.until_on and _("Until %(day)s", day=day(wanted.until_on)),
    }
    return [Option(words, url_with(**{name: None, "after": None})) for name, words in said.items() if words]


def _in_words(kind: str) -> str:
    return kind.replace("_", " ")


def _csv_row(event: AuditEvent, seal: str) -> list[Any]:
    return [
        event.id,
        event.happened_at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00"),
        event.actor_name,
        event.actor_id,
        event.action,
        event.summary,
        event.subject_name,
        event.subject_kind,
        event.subject_id,
        seal,
    ]
