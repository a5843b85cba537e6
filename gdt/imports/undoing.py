"""Undoing an import: exactly what its journal says it did, as a whole, while nothing depends on it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, delete, null, select

from gdt import jobs
from gdt.access import OFFICE, Viewer
from gdt.database import db, one_of
from gdt.errors import DomainError
from gdt.imports.checking import note
from gdt.imports.journal import read_page
from gdt.imports.kind_parts import Made
from gdt.imports.kinds import kind_of
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import get_upload
from gdt.imports.writing import table_named, until_it_holds, write_changes
from gdt.jobs import JobState
from gdt.row_security import everything

AT_ONCE: Final = 5_000  # ids to a question
SHOWN: Final = 3


class Dependent(NamedTuple):
    """What stands in the way: records of a table made or changed since, and some of their people."""

    table: str
    rows: int
    person_ids: Sequence[int]


class Deeds:
    """What an import did, added up over its journal."""

    def __init__(self, upload: Upload) -> None:
        self.made: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.changes: list[Any] = []
        for key in upload.journal:
            page = read_page(key)
            self.changes += page["changes"]
            for made in _made(page):
                for row_id, *values in made.rows:
                    told = dict(zip(made.columns, values, strict=True))
                    self.made[made.table][row_id] = {**told, **made.same}

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each table would go, and how many values would go back."""
        counts = Counter({table: len(rows) for table, rows in self.made.items()})
        return counts + Counter({"": sum(before != after for *_place, before, after in self.changes)})

    def touched(self, table: str, *, changed_too: bool) -> list[int]:
        """The rows of a table that were made, and those in which a value was replaced."""
        changed = [one[1] for one in self.changes if one[0] == table] if changed_too else []
        return list({*self.made.get(table, ()), *changed})


def _made(page: dict[str, Any]) -> list[Made]:
    """What a page of the journal says was made: column by column, before that row by row."""
    columns = [Made(*one) for one in page.get("columns", ())]
    rows = [Made(*one) for one in page.get("made", ())]
    return rows + [one._replace(rows=list(zip(*one.rows, strict=True))) for one in columns]


PeopleOf = Callable[[list[int]], Sequence[int]]  # ids of rows → the people of the records that depend on them
_natural: dict[tuple[str, str], tuple[PeopleOf, bool]] = {}


def depends_on(table: str, dependent: str, *, changed_too: bool = False) -> Callable[[PeopleOf], PeopleOf]:
    """Register how records depend on rows of a table that no foreign key of theirs points at.

    `changed_too` says that they depend on values of rows, and not only on rows that were made.
    """

    def register(people_of: PeopleOf) -> PeopleOf:
        _natural[(table, dependent)] = (people_of, changed_too)
        return people_of

    return register


@everything()
def find_dependents(upload: Upload, deeds: Deeds) -> list[Dependent]:
    """What was built on an import since: whoever points at its rows, and its rows changed by others."""
    found: Counter[str] = Counter()
    people: dict[str, list[int]] = defaultdict(list)
    for table, rows in deeds.made.items():
        for name, count, person_ids in [*_pointing(table, rows, deeds), *_changed(table, rows)]:
            found[name] += count
            people[name] += person_ids
    for (table, name), (people_of, changed_too) in _natural.items():
        held = [
            person_id
            for ids in _portions(deeds.touched(table, changed_too=changed_too))
            for person_id in people_of(ids)
        ]
        found[name] = max(found[name], len(held))
        people[name] += held
    for table, count, person_ids in _changed_values(deeds):
        found[table] += count
        people[table] += list(person_ids)
    return [
        Dependent(name, count, [one for one in dict.fromkeys(people[name]) if one][:SHOWN])
        for name, count in found.items()
        if count
    ]


def names_of(dependents: Sequence[Dependent]) -> dict[int, str]:
    """The names of the people of these records, by id."""
    persons, ids = table_named("persons"), {one for told in dependents for one in told.person_ids}
    if not ids:
        return {}
    rows = db.session.execute(select(persons.c.id, persons.c.printed_name).where(one_of(persons.c.id, ids)))
    return {row[0]: row[1] for row in rows}


def _pointing(table: str, rows: Collection[int], deeds: Deeds) -> Iterator[tuple[str, int, list[int]]]:
    """Rows of other tables that point at these and were not made by the same import."""
    for other in db.metadata.sorted_tables:
        for key in other.foreign_keys:
            goes_with_it = key.ondelete == "CASCADE"  # what the machine noted of a row, not what hangs on it
            if key.column.table.name != table or key.column.name != "id" or goes_with_it:
                continue
            mine = set(deeds.made.get(other.name, ()))
            seen = [
                row
                for ids in _portions(rows)
                for row in db.session.execute(
                    select(other.c.id, _person_of(other)).where(one_of(key.parent, ids))
                )
                if row[0] not in mine
            ]
            yield other.name, len(seen), [row[1] for row in seen[:SHOWN] if row[1]]


def _person_of(table: Table) -> ColumnElement[Any]:
    if table.name == "persons":
        return table.c.id
    return table.c.get("person_id", null())


def _changed(table: str, rows: dict[int, dict[str, Any]]) -> Iterator[tuple[str, int, list[int]]]:
    """Rows that no longer say what the import wrote."""
    place, seen = table_named(table), []
    for ids in _portions(rows):
        names = list(rows[ids[0]])
        columns = [place.c[name] for name in names]
        now = db.session.execute(select(place.c.id, *columns).where(one_of(place.c.id, ids)))
        for row_id, *values in now:
            told = [rows[row_id][name] for name in names]
            if not all(map(_is_same, values, told)):
                seen.append(rows[row_id].get("person_id") or row_id)
    yield table, len(seen), seen[:SHOWN] if table == "persons" or "person_id" in place.c else []


def _changed_values(deeds: Deeds) -> Iterator[tuple[str, int, list[int]]]:
    grouped: dict[tuple[str, str], dict[int, Any]] = defaultdict(dict)
    for table, row_id, column, _before, after in deeds.changes:
        grouped[(table, column)][row_id] = after
    for (table, column), wanted in grouped.items():
        place, seen = table_named(table), []
        for ids in _portions(wanted):
            rows = db.session.execute(
                select(place.c.id, place.c[column], _person_of(place)).where(one_of(place.c.id, ids))
            )
            seen += [row[2] for row in rows if not _is_same(row[1], wanted[row[0]])]
        yield table, len(seen), seen[:SHOWN]


def _is_same(held: Any, told: Any) -> bool:
    """Whether the register holds what the journal says, which has only what JSON knows."""
    if held is None or told is None:
        return held is told
    if isinstance(held, Decimal):
        return held == Decimal(told)
    return str(held.value if isinstance(held, Enum) else held) == str(told)


def _portions(ids: Collection[int]) -> Iterator[list[int]]:
    listed = list(ids)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


@everything()
def undo(*, actor: Viewer, upload: Upload) -> None:
    """Begin to undo a kept file; raises DomainError where something depends on it. Twice is once."""
    upload = get_upload(actor, upload.id, is_held=True)
    if upload.state in {UploadState.UNDOING, UploadState.UNDONE}:
        return
    if not upload.can_be_undone:
        raise DomainError(_("Nothing of this file has been kept, so there is nothing to undo."))
    if find_dependents(upload, Deeds(upload)):
        raise DomainError(_("Something depends on this import by now, so it cannot be undone as a whole."))
    upload.state, upload.job_state, upload.job_failure = UploadState.UNDOING, JobState.WAITING, None
    upload.job_run, upload.job_done, upload.note = upload.job_run + 1, 0, None
    subject = kind_of(upload.kind).subject(actor, upload.subject_id)
    note(actor, "began to undo", subject, upload, _("Began to undo “%(file)s”.", file=upload))
    jobs.start(upload, wait_seconds=1.5)


def undo_now(upload: Upload) -> None:
    """Take back everything in the caller's transaction, or nothing if something came to depend on it."""
    kind = kind_of(upload.kind)
    subject = kind.subject(OFFICE, upload.subject_id)
    kind.hold(subject)
    deeds = Deeds(upload)
    upload.job_state, upload.job_done = JobState.DONE, upload.job_total
    if not until_it_holds(lambda _is_first: _take_back(upload, deeds)):
        upload.state = UploadState.KEPT
        upload.note = _("It could not be undone: something has come to depend on it meanwhile.")
        return
    upload.state = UploadState.UNDONE
    summary = _("Undid “%(file)s”.", file=upload)
    note(OFFICE, "undid", subject, upload, summary, counts=dict(deeds.counts))


def _take_back(upload: Upload, deeds: Deeds) -> bool:
    if find_dependents(upload, deeds):
        return False
    for table in reversed(db.metadata.sorted_tables):
        for ids in _portions(deeds.made.get(table.name, ())):
            db.session.execute(delete(table).where(one_of(table.c.id, ids)))
    back = [(table, row_id, column, after, before) for table, row_id, column, before, after in deeds.changes]
    write_changes(back)
    db.session.expire_all()
    return True
