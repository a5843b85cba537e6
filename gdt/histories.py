"""The history of a record for its page: who did what and when, and each field from what to what, in words."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, or_, select

from gdt import changes, filters
from gdt.access import within
from gdt.audit import TOOK_OUT, AuditEvent
from gdt.database import Model, db
from gdt.paging import Page, page_of

SHOWN = 8
_Elsewhere = Callable[[Any], Mapping[int, Sequence[tuple[str, changes.Changes]]]]
_elsewhere: dict[type[Model], list[_Elsewhere]] = {}
CURSOR = "history"  # in the address of the record's page
LONGEST = 160  # characters of a value; a story is told by its beginning


class Change(NamedTuple):
    """One field of a record, as its page calls it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Happening:
    """One act: when, whose, in a sentence, and what it changed; away from the record's page also to which."""

    happened_at: datetime
    actor_name: str
    summary: str
    changes: list[Change] = field(default_factory=list)
    subject: str = ""


@dataclass(frozen=True)
class History:
    """One page of a record's history, newest first."""

    happenings: list[Happening]
    older: str | None
    newer: str | None


def told_elsewhere(model: type[Model]) -> Callable[[_Elsewhere], _Elsewhere]:
    """Register what finds the events about many records at once that are about one of these, too.

    It returns them by id, each with what it did to her: (kind of record, changes of its fields).
    """

    def register(found_for: _Elsewhere) -> _Elsewhere:
        _elsewhere.setdefault(model, []).append(found_for)
        return found_for

    return register


def history_of(record: Model, *, but: Collection[str] = ()) -> History:
    """What happened to a record and to its parts, as far as who looks may see them; without some acts."""
    kind = record.__tablename__
    own = and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id == record.id)
    more = {event: told for find in _elsewhere.get(type(record), ()) for event, told in find(record).items()}
    of_many = [AuditEvent.id.in_(more)] if more else []
    return _history(and_(or_(own, *_parts_of(record), *of_many), AuditEvent.action.not_in(but)), more)


def history_of_kind(model: type[Model]) -> History:
    """What happened to all records of one kind, for a page that shows them as one table."""
    return _history(and_(AuditEvent.subject_kind == model.__tablename__, _visible()))


def in_words(event: AuditEvent) -> Happening:
    """An event of the trail as a line of a history."""
    return Happening(event.happened_at, event.acted_by, event.summary, list(_changes(event)))


def _history(
    about: ColumnElement[bool], more: Mapping[int, Sequence[tuple[str, changes.Changes]]] | None = None
) -> History:
    after = request.args.get(CURSOR)
    statement = select(AuditEvent).where(about, AuditEvent.action != TOOK_OUT)
    page: Page[AuditEvent] = page_of(
        db.session, statement, order=[AuditEvent.id.desc()], after=after, size=SHOWN
    )
    lines = [_with(in_words(event), (more or {}).get(event.id, ())) for event in page.items]
    return History(lines, page.next_cursor, page.previous_cursor)


def _parts_of(record: Model) -> Iterator[ColumnElement[bool]]:
    """The events of records that are told as parts of this one; only of places the viewer sees."""
    for told in changes.list_told():
        for column, whole in told.part_of.items():
            if isinstance(record, whole):
                table: Any = told.model
                ids = select(table.id).where(getattr(table, column) == record.id)
                kind = AuditEvent.subject_kind == told.model.__tablename__
                yield and_(kind, AuditEvent.subject_id.in_(ids), _in_place())


def _in_place() -> ColumnElement[bool]:
    """Of a record that was read as she may read it; a teacher's own is at her institution like any other."""
    if current_user.is_authenticated and current_user.role.is_of_one_person:
        return AuditEvent.institution_id == current_user.institution_id  # type: ignore[no-any-return]
    return _visible()


def _visible() -> ColumnElement[bool]:
    return within(current_user, AuditEvent.institution_id)


def _with(line: Happening, deeds: Sequence[tuple[str, changes.Changes]]) -> Happening:
    """A line with what it did to this record, where its event is about many."""
    return replace(line, changes=[*line.changes, *(one for deed in deeds for one in _told_changes(*deed))])


def _changes(event: AuditEvent) -> Iterator[Change]:
    yield from _told_changes(event.subject_kind, event.details.get("changes"))


def _told_changes(kind: str, found: Any) -> Iterator[Change]:
    told = changes.told_of(kind)
    if told is None or not isinstance(found, dict):
        return
    for name, pair in found.items():
        one = told.fields.get(name)
        if one is not None:
            before, after = (_value(value, one) for value in pair)
            yield Change(str(one.label), before, after)


def _value(value: Any, one: changes.Field) -> str:
    if value is None or value in ("", [], {}):
        return str(_("nothing"))
    if one.show is not None:
        return str(one.show(value))
    if isinstance(value, str) and value in one.words:
        word = one.words[value]
        return str(word[0] if isinstance(word, tuple) else word)
    return _shortened(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return filters.number(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    return _written(str(value))


def _written(text: str) -> str:
    """A day or a moment as the reader writes it; every other text as it is."""
    readers: tuple[tuple[Callable[[str], Any], Callable[[Any], str]], ...] = (
        (date.fromisoformat, filters.day),
        (datetime.fromisoformat, filters.moment),
    )
    if text[:2] in ("19", "20") and text[4:5] == "-":
        for read, write in readers:
            try:
                return write(read(text))
            except ValueError:
                continue
    return text


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
