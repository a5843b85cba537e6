"""What is still to be written of the rows somebody confirmed: decided anew where the register moved."""

from collections.abc import Callable, Sequence

from gdt.imports.kind_parts import Checker, Kept
from gdt.imports.rows import Checked, Read, RowState, ToKeep

REGISTER, FILE, NEW, SAME = "register", "file", "new", "same"
WRITTEN = frozenset({RowState.NEW.value, RowState.KNOWN.value})


def still_to_write(
    rows: Sequence[ToKeep], checker: Callable[[], Checker], *, is_fresh: bool
) -> tuple[list[Checked], Kept]:
    """Return the rows to write, and what is counted of the others: unchanged ones and those that come late.

    A row for which somebody chose the file's data is written only if the register still says what she saw.
    """
    now_are: Sequence[Checked] = [one.row for one in rows]
    if not is_fresh:
        now_are = checker().decide([Read(row.line, tuple(row.values)) for row in now_are])
    wanted, kept = [], Kept()
    for one, row in zip(rows, now_are, strict=True):
        if _is_to_write(one, row):
            wanted.append(row)
        elif row.state == RowState.UNCHANGED or _is_as_registered(row, one.choice or ""):
            kept.unchanged += 1
        else:
            kept.late.append(row)
    return wanted, kept


def _is_to_write(one: ToKeep, row: Checked) -> bool:
    if row.state == RowState.CONFLICT:
        return one.choice == FILE and _is_as_seen(one.row, row)
    return row.state in WRITTEN or (row.state == RowState.PROBABLE and one.choice == NEW)


def _is_as_registered(row: Checked, choice: str) -> bool:
    """Whether somebody said that the register has it right, or has it already ("same:12")."""
    if row.state == RowState.PROBABLE:
        return choice.partition(":")[0] == SAME
    return row.state == RowState.CONFLICT and choice == REGISTER


def _is_as_seen(seen: Checked, now_is: Checked) -> bool:
    before, after = seen.detail or {}, now_is.detail or {}
    return bool(before.get("differs") == after.get("differs"))
