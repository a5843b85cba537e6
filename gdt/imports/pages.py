"""What the check page shows: the rows of a state, a page at a time, with what can be done about each."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from gdt.filters import day
from gdt.imports.changing import BULK, choices_of, with_change
from gdt.imports.frames import Frame, index_of, read_frames
from gdt.imports.keeping import choice_for
from gdt.imports.kind_parts import Shown
from gdt.imports.kinds import Kind
from gdt.imports.models import RowChange, Upload
from gdt.imports.queries import changes_of, count_chosen
from gdt.imports.rows import WAITING, Checked, RowState
from gdt.imports.wording import CHOICES, CHOICES_OF_OTHERS, STATES, words_of
from gdt.paging import Page

ROWS: Final = 20
ROWS_TO_MEND: Final = 8  # with text boxes in each, and still a light page
NEEDS: Final = "needs-you"
_PLACE: Final = re.compile(r"[0-9]{1,7}")


@dataclass
class Line:
    """A row of the check page: what is shown of it, and what can be typed or chosen."""

    row: Checked
    state: tuple[Any, str]
    boxes: list[tuple[int, str, str, str]] = field(default_factory=list)  # column, header, text, reason
    choices: list[tuple[str, Any]] = field(default_factory=list)
    choice: str = ""
    differs: list[tuple[Any, str, str]] = field(default_factory=list)

    def text(self, column: Shown) -> Any:
        """What stands in a column of the row, a day as people write it."""
        value = self.row.values[column.place]
        return _in_words(value) if column.is_day else value


@dataclass
class StateCount:
    """How many rows are in a state, and what can be said of all of them at once."""

    state: str
    words: str
    shape: str
    count: int
    choices: list[tuple[str, Any]]
    choice: str


def count_needing(upload: Upload, kind: Kind) -> int:
    """How many rows are handed back as things stand: refused ones, and waiting ones without a choice."""
    chosen = count_chosen(upload)
    count = upload.counts.get(RowState.REFUSED, 0)
    for state in WAITING:
        if not choice_for(state, upload.choices, kind.defaults, None):
            count += upload.counts.get(state, 0) - chosen.get(state, 0)
    return count


def state_counts(upload: Upload, kind: Kind) -> list[StateCount]:
    """The states that rows of the file are in, and always how many are new, known and refused."""
    always = {RowState.NEW, RowState.KNOWN, RowState.REFUSED}
    found = []
    for state, (_word, shape) in STATES.items():
        count = upload.counts.get(state, 0)
        if count or state in always:
            choices = choices_for_all(kind, state)
            choice = upload.choices.get(state) or kind.defaults.get(state, "")
            found.append(StateCount(state.value, words_of(kind, state), shape, count, choices, choice))
    return found


def choices_for_all(kind: Kind, state: RowState) -> list[tuple[str, Any]]:
    offered = [c for c in BULK.get(state, ()) if c != "file" or kind.file_choice]
    words = CHOICES | kind.choice_words
    return [(choice, words[choice]) for choice in offered] if len(offered) > 1 else []


def rows_page(upload: Upload, kind: Kind, *, state: str, words: str, after: str | None) -> Page[Line]:
    """One page of the rows in a state, or with these words in them; the cursor counts rows."""
    changes = changes_of(upload)
    size = ROWS_TO_MEND if state in {NEEDS, *WAITING, RowState.REFUSED} else ROWS
    start = int(after) if after and _PLACE.fullmatch(after) else 0
    wanted = _Wanted(upload, kind, changes, state, words.strip().casefold())
    rows = list(_slice(wanted, start, size + 1))
    return Page(
        items=[line_of(upload, kind, row, changes.get(row.line)) for row in rows[:size]],
        next_cursor=str(start + size) if len(rows) > size else None,
        previous_cursor=str(max(0, start - size)) if start else None,
    )


@dataclass
class _Wanted:
    upload: Upload
    kind: Kind
    changes: Mapping[int, RowChange]
    state: str
    words: str

    def frames(self) -> Iterator[tuple[Frame, int | None]]:
        """The frames that may hold such rows; of how many in each is known before it is read."""
        for frame in index_of(self.upload.checked_key or ""):
            touched = [one for line, one in self.changes.items() if frame.first <= line <= frame.last]
            states = self.states()
            if states is None:
                count: int | None = frame.rows
            else:
                count = sum(frame.counts.get(one, 0) for one in states)
                count += sum((one.state in states) - (one.was in states) for one in touched)
            is_certain = not self.words and self.state != NEEDS
            if count:
                yield frame, count if is_certain else None

    def states(self) -> Collection[str] | None:
        if self.state == NEEDS:
            return {RowState.REFUSED.value, *WAITING}
        return {self.state} if self.state in list(RowState) else None

    def fits(self, row: Checked) -> bool:
        states = self.states()
        if states is not None and row.state not in states:
            return False
        if self.state == NEEDS and row.state in WAITING and self._choice(row):
            return False
        return not self.words or self.words in " ".join(map(str, _texts(row))).casefold()

    def _choice(self, row: Checked) -> str | None:
        change = self.changes.get(row.line)
        own = change.choice if change else None
        return choice_for(row.state, self.upload.choices, self.kind.defaults, own)


def _texts(row: Checked) -> list[Any]:
    return [value for value in row.values if value is not None]


def _slice(wanted: _Wanted, start: int, size: int) -> Iterator[Checked]:
    """The rows from `start` on; whole frames before them are passed over unread."""
    passed = given = 0
    key = wanted.upload.checked_key or ""
    for frame, count in wanted.frames():
        if count is not None and passed + count <= start:
            passed += count
            continue
        for row in (with_change(one, wanted.changes) for one in next(read_frames(key, [frame]))):
            if wanted.fits(row):
                passed += 1
                if passed > start:
                    yield row
                    given += 1
                    if given == size:
                        return


def line_of(upload: Upload, kind: Kind, row: Checked, change: RowChange | None) -> Line:
    """A row with what a person can do about it."""
    line = Line(row, STATES[RowState(row.state)])
    if row.state == RowState.REFUSED:
        line.boxes = _boxes(upload, row)
    if row.state == RowState.OTHER:
        line.boxes = _boxes_of_identity(upload, kind, row)
    if row.state in WAITING:
        own = change.choice if change else None
        line.choice = choice_for(row.state, upload.choices, kind.defaults, own) or ""
        line.choices = _choices(kind, row)
        labels = {one.name: one.label for one in kind.fields} | {"printed_name": kind.fields[0].label}
        differs = (row.detail or {}).get("differs", {})
        days = {one.name for one in kind.fields if one.is_day}
        line.differs = [
            (labels.get(name, name), *(map(_in_words, pair) if name in days else pair))
            for name, pair in differs.items()
        ]
    return line


def _in_words(value: Any) -> Any:
    """A day in words; "" and a dash say that there is none."""
    return day(date.fromisoformat(value)) if value and value[:1].isdigit() else value


def _boxes(upload: Upload, row: Checked) -> list[tuple[int, str, str, str]]:
    """The cells that can be mended: those at fault, and with them the others that were understood."""
    texts = (row.detail or {}).get("texts", {})
    reasons = {column: reason for column, _value, reason in row.problems}
    boxes = []
    for index, text in sorted((int(index), text) for index, text in texts.items()):
        header = upload.header[index] if index < len(upload.header) else ""
        reason = next((why for column, why in reasons.items() if header in column.split(" + ")), "")
        boxes.append((index, header, text, reason))
    return boxes


def _boxes_of_identity(upload: Upload, kind: Kind, row: Checked) -> list[tuple[int, str, str, str]]:
    """The cells that say who somebody is, to be put right where they are another's."""
    told = kind.identity(row.values)
    named = enumerate(zip(upload.header, upload.mapping, strict=False))
    return [(index, header, told[name], "") for index, (header, name) in named if name in told]


def _choices(kind: Kind, row: Checked) -> list[tuple[str, Any]]:
    people = (row.detail or {}).get("people", [])
    if row.state == RowState.OTHER:
        return [(choice, CHOICES_OF_OTHERS[choice]) for choice in choices_of(row)]
    if people:
        same = [(f"same:{p[0]}", " ".join(str(part) for part in p[1:] if part)) for p in people]
        return [*same, ("new", (CHOICES | kind.choice_words)["new"])]
    return choices_for_all(kind, RowState(row.state))
