"""What the check page of a roster says: the counts in a sentence, the words of each row, its pages."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.paging import PAGE_SIZE, Page
from gdt.people.models import Upload
from gdt.training.roster_checking import CheckedRoster, CheckedRow, RowState

PLACE = re.compile(r"[0-9]{1,9}")


def row_words() -> dict[str, tuple[str, str]]:
    """The word and the shape of each state of a row."""
    return {
        RowState.NEW.value: (_("new"), "ok"),
        RowState.KNOWN.value: (_("already known"), "progress"),
        RowState.ALREADY.value: (_("already in this cohort"), "neutral"),
        RowState.REFUSED.value: (_("refused"), "problem"),
    }


def changes_nothing(checked: CheckedRoster) -> bool:
    """Whether keeping the file would leave everything as it is."""
    return not (checked.counts[RowState.NEW] or checked.counts[RowState.KNOWN] or checked.additions)


def summary(upload: Upload, checked: CheckedRoster) -> str:
    """What the file would do, in one sentence."""
    already = checked.counts[RowState.ALREADY]
    if not changes_nothing(checked):
        return str(
            ngettext(
                "%(num)d row was read. Nothing is kept until you confirm.",
                "%(num)d rows were read. Nothing is kept until you confirm.",
                upload.rows_in,
            )
        )
    if upload.rows_refused and not already:
        return str(_("Every row of this file is refused, so there is nothing to keep."))
    if upload.rows_refused:
        return str(
            _(
                "This file changes nothing: %(already)s of its %(rows)s rows are already in the cohort, "
                "the others are refused.",
                already=already,
                rows=upload.rows_in,
            )
        )
    return str(
        ngettext(
            "This file changes nothing: its one row is already in the cohort.",
            "This file changes nothing: all %(num)d rows are already in the cohort.",
            upload.rows_in,
        )
    )


def rows_in_state(checked: CheckedRoster, state: str) -> list[CheckedRow]:
    """The rows in one state; without one, all that are not refused."""
    if not state:
        return [row for row in checked.rows if row.state != RowState.REFUSED]
    return [row for row in checked.rows if row.state == state]


def page_of_list(rows: Sequence[Any], after: str | None, *, size: int = PAGE_SIZE) -> Page[Any]:
    """One page of rows that are held in memory; the cursor is the place to begin at."""
    start = int(after) if after and PLACE.fullmatch(after) else 0
    end = start + size
    return Page(
        items=rows[start:end],
        next_cursor=str(end) if end < len(rows) else None,
        previous_cursor=str(max(0, start - size)) if start else None,
    )
