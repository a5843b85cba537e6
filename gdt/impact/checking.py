"""Counting everything from the rows again, in bounded memory, to see that the totals kept are right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, func, select, text

from gdt.database import db
from gdt.impact.cells import KINDS, Cell, ordered
from gdt.impact.counted_models import (
    CountedPerson,
    CountedPlace,
    CountedTeaching,
    CountedTotal,
    CountingMark,
)
from gdt.impact.counting_triggers import COUNTING
from gdt.impact.everyone import Range, ranges, take_room, words_in
from gdt.impact.genders import ALL, CODES
from gdt.impact.places import Places, stands_of
from gdt.impact.reckoning import Numbers, Words, add_up, institutions_in
from gdt.impact.settling import every_own, readings_of_own, settle
from gdt.impact.spreading import EVERYTHING
from gdt.impact.teaching_years import teaching
from gdt.partners.models import Institution
from gdt.row_security import owner_engine

Finding = dict[str, Any]  # `what` is wrong, what is `kept` and what it `should_be`, and where
Progress = Callable[[str, int], None]
PEOPLE_A_PORTION = 250_000
COUNTED_FROM = [
    "persons",
    "enrolments",
    "results",
    "certificates",
    "cohorts",
    "cohort_modules",
    "sittings",
    "counted_people",
]


def check_totals(progress: Progress) -> Iterator[Finding]:
    """Everything in which the totals kept differ from the rows; nothing found is how it must be."""
    take_room()
    yield from _missing_triggers()
    unsettled = db.session.scalar(select(func.count(CountingMark.id))) or 0
    if unsettled:
        yield {"what": "changes not counted yet", "kept": unsettled, "should_be": 0}
    everyone = _Everyone(progress)
    for kind, wrong in everyone.wrong.items():
        yield {"what": f"people with wrong {kind}", "kept": wrong, "should_be": 0}
    counted: dict[Cell, Numbers] = defaultdict(lambda: [0, 0, 0])
    places = Places()
    for kind, people in everyone.people.items():
        places.know(institutions_in(people))
        add_up(kind, people, places.now, counted)
    yield from _left_over(everyone.kept)
    yield from _differing_totals(counted)
    yield from _differing_places()


def repair_totals() -> None:
    """Make the triggers that are missing, and count everything anew; other writers wait meanwhile."""
    _look_over()
    missing = [text(statement.replace(":", "\\:")) for statement in _statements_missing()]
    if missing and db.engine.dialect.name == "postgresql":  # where only the owner of a table may
        with owner_engine().begin() as owner:
            for statement in missing:
                owner.execute(statement)
    else:
        for statement in missing:
            db.session.execute(statement)
    db.session.add(CountingMark(subject=EVERYTHING, subject_id=0))
    db.session.flush()
    settle()


def _look_over() -> None:
    """After a restore by another tool PostgreSQL plans blindly until somebody has looked over the tables."""
    if db.engine.dialect.name == "postgresql":
        with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
            owner.execute(text(f"ANALYZE {', '.join(COUNTED_FROM)}"))


class _Everyone:
    """How many people the rows give the same words, and how many are kept with others, by kind.

    The database counts those who are alike, so what is held here are the ways to be counted, not the people.
    """

    def __init__(self, progress: Progress) -> None:
        self.people: dict[str, Counter[Words]] = {kind: Counter() for kind in KINDS}
        self.wrong: Counter[str] = Counter()
        self.kept = 0  # of those who are merged into nobody, with any words
        self._known: dict[tuple[str | None, str], Words] = {}
        for n, within in enumerate(ranges(PEOPLE_A_PORTION)):
            progress("people", n)
            self._take(alike_in(within), within)
        progress("institutions", 0)
        own = readings_of_own(every_own()).subquery()
        for before, after in db.session.execute(select(own.c[1], own.c[2])):
            self._count("certificates", before, after, "", 1)

    def _take(self, alike: Select[Any], within: Range) -> None:
        for row in db.session.connection().execute(alike, within):
            self.kept += row[-1] if any(words is not None for words in row[:-2:2]) else 0
            for n, kind in enumerate(KINDS):
                self._count(kind, row[2 * n], row[2 * n + 1], row[-2] or "", row[-1])

    def _count(self, kind: str, before: str | None, after: str | None, gender: str, many: int) -> None:
        if before is None and after is None:
            return
        key = after, gender
        if key not in self._known:
            self._known[key] = ordered(after, CODES.get(gender, ALL))
        now = self._known[key]
        self.people[kind][now] += many
        if tuple((before or "").split()) != now:
            self.wrong[kind] += many


def alike_in(within: Range) -> Select[Any]:
    """(of each kind the words kept and those to be counted by, gender, how many people) of a range."""
    of = words_in(within).subquery()
    columns = list(of.c)[1:]
    return select(*columns, func.count()).group_by(*columns)


def _left_over(of_those_who_stay: int) -> Iterator[Finding]:
    """Words kept for records that are merged into others, or gone: whatever is kept beside those who stay."""
    c = CountedPerson
    any_words = func.coalesce(c.completions, c.results, c.certificates).is_not(None)
    every = db.session.scalar(select(func.count(c.id)).where(c.id > 0, any_words)) or 0
    found = every - of_those_who_stay
    if found:
        yield {"what": "records counted that are merged or gone", "kept": found, "should_be": 0}


def _differing_totals(counted: dict[Cell, Numbers]) -> Iterator[Finding]:
    t = CountedTotal
    kept = select(t.fact, t.year, t.level, t.place_id, t.module_id, t.gender, t.facts, t.people, t.newcomers)
    for row in db.session.execute(kept):
        cell, numbers = Cell(*row[:6]), list(row[6:])
        should_be = counted.pop(cell, [0, 0, 0])
        if numbers != should_be:
            yield _total(cell, numbers, should_be)
    for cell, should_be in counted.items():
        yield _total(cell, [0, 0, 0], should_be)


def _total(cell: Cell, kept: list[int], should_be: list[int]) -> Finding:
    return {"what": "total", **cell._asdict(), "kept": kept, "should_be": should_be}


def _differing_places() -> Iterator[Finding]:
    counted = select(CountedPlace.id, CountedPlace.country_id, CountedPlace.region_id)
    yield from _differing("where institutions stand", counted, stands_of(select(Institution.id)))
    t = CountedTeaching
    kept = select(t.institution_id, t.module_id, t.first_year, t.last_year, t.first_on)
    yield from _differing("what institutions taught", kept, teaching(is_of_module=False), teaching())


def _differing(what: str, kept: Any, *found: Any) -> Iterator[Finding]:
    have = {tuple(row) for row in db.session.execute(kept)}
    need = {tuple(row) for statement in found for row in db.session.execute(statement)}
    if have != need:
        yield {"what": what, "kept": len(have - need), "should_be": len(need - have)}


def _missing_triggers() -> Iterator[Finding]:
    for statement in _statements_missing():
        yield {"what": f"missing: {statement.split(' AFTER ')[0].split('(')[0]}", "kept": 0, "should_be": 1}


def _statements_missing() -> list[str]:
    """What would make the triggers (and functions) this database has lost."""
    if db.engine.dialect.name == "sqlite":
        there = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        return [statement for name, statement in COUNTING.sqlite().items() if name not in there]
    there = set(db.session.scalars(text("SELECT tgname FROM pg_trigger UNION SELECT proname FROM pg_proc")))
    return [s for s in COUNTING.postgresql() if s.split()[2].removesuffix("()") not in there]
