"""What changed for some people, added up cell by cell and kept."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Integer, Select, Table, Text, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from gdt.database import Model, db
from gdt.impact.cells import Cell, Stand, counts_of, ordered, without_gender
from gdt.impact.counted_models import CountedPerson, CountedTotal
from gdt.impact.genders import ALL, CODES
from gdt.impact.places import Places

Words = tuple[str, ...]
Numbers = list[int]
MANY = 20  # alike, for one statement to be worth it
CELL, NUMBERS = Cell._fields, ("facts", "people", "newcomers")


class Reckoning:
    """People whose words changed: as many share a change, it is worked out once for all of them."""

    def __init__(self, kind: str, places: Places) -> None:
        self.kind, self.places = kind, places
        self.changes: Counter[tuple[Words, Words]] = Counter()
        self.owners: dict[Words, list[int]] = defaultdict(list)

    def take(self, found: Sequence[Any]) -> None:
        """Note (id, words counted by, words to be counted by now, gender, …) of some people."""
        alike: dict[tuple[str | None, str | None, str | None], list[int]] = defaultdict(list)
        for owner, before, after, gender, _is_merged in found:
            alike[before, after, gender].append(owner)
        for (before, after, gender), owners in alike.items():
            was, now = tuple((before or "").split()), ordered(after, CODES.get(gender or "", ALL))
            if was != now:
                self.owners[now] += owners
            if was != now or self.places.old:
                self.changes[was, now] += len(owners)

    def keep(self) -> None:
        """Write the people's words, and add what changed to the totals."""
        few: list[dict[str, Any]] = []
        for words, owners in self.owners.items():
            kept = " ".join(words) or None
            if len(owners) < MANY:
                few += [{"id": owner, self.kind: kept} for owner in owners]
            else:
                _keep_alike(self.kind, owners, kept)
        if few:
            _run(_upserting(CountedPerson, ("id",), (self.kind,), is_added=False), few)
        rows = [
            dict(zip((*CELL, *NUMBERS), (*cell, *numbers), strict=True))
            for cell, numbers in sorted(self._differences().items())
            if any(numbers)
        ]
        if rows:
            _run(_upserting(CountedTotal, CELL, NUMBERS, is_added=True), rows)

    def _differences(self) -> dict[Cell, Numbers]:
        self.places.know(institutions_in(words for change in self.changes for words in change))
        sides: tuple[tuple[int, int, Mapping[int, Stand]], ...]
        sides = ((1, 1, self.places.now), (0, -1, self.places.before))
        differences: dict[Cell, Numbers] = defaultdict(lambda: [0, 0, 0])
        for side, sign, places in sides:
            people: Counter[Words] = Counter()
            for change, many in self.changes.items():
                people[change[side]] += many
            add_up(self.kind, people, places, differences, sign)
        return differences


def add_up(
    kind: str,
    people: Mapping[Words, int],
    places: Mapping[int, Stand],
    into: dict[Cell, Numbers],
    sign: int = 1,
) -> None:
    """Add (or take away) what so many people with such words count for to every cell they are in."""
    for words, by_gender in _alike(people).items():
        weights = [(gender, sign * many) for gender, many in by_gender.items()]
        for cell, (facts, keys, newcomers) in counts_of(kind, words, places).items():
            for gender, many in weights:
                numbers = into[cell if gender == ALL else Cell(*cell[:-1], gender)]
                numbers[0] += many * facts
                numbers[1] += many * keys
                numbers[2] += many * newcomers


def _alike(people: Mapping[Words, int]) -> dict[Words, Counter[int]]:
    """How many people share words of facts: in all, and of each gender that was given."""
    found: dict[Words, Counter[int]] = defaultdict(Counter)
    for words, many in people.items():
        facts, gender = without_gender(words)
        found[facts][ALL] += many
        if gender != ALL:
            found[facts][gender] += many
    return found


def institutions_in(every: Iterable[Words]) -> set[int]:
    """The institutions that words name."""
    return {int(word.split(":")[1]) for words in every for word in without_gender(words)[0]}


def _keep_alike(kind: str, owners: list[int], words: str | None) -> None:
    """The same words for many people in one statement, which is how an import looks."""
    if db.engine.dialect.name == "postgresql":
        ids = func.unnest(literal(owners, postgresql.ARRAY(Integer))).table_valued("value").render_derived()
    else:
        ids = func.json_each(json.dumps(owners)).table_valued("value")
    alike = select(ids.c.value, literal(words, Text)).where(ids.c.value.is_not(None))
    _run(_upserting(CountedPerson, ("id",), (kind,), is_added=False, source=alike))


def _upserting(
    model: type[Model],
    key: Sequence[str],
    values: Sequence[str],
    *,
    is_added: bool,
    source: Select[Any] | None = None,
) -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    table = cast("Table", model.__table__)
    statement = dialect.insert(table)
    new = statement.excluded
    kept = {name: table.c[name] + new[name] if is_added else new[name] for name in values}
    if source is not None:
        statement = statement.from_select([*key, *values], source)
    return statement.on_conflict_do_update(index_elements=list(key), set_=kept)


def _run(statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
    db.session.connection().execute(statement, rows)
