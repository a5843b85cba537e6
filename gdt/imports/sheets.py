"""Which sheets of a workbook are read where nobody can be asked, and how a line of one is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from gdt.imports.asking import which_sheet
from gdt.imports.kinds import Kind
from gdt.imports.models import Upload
from gdt.imports.understanding import Said
from gdt.spreadsheets.lines import SHEET
from gdt.spreadsheets.reading import Table
from gdt.spreadsheets.refusals import Refused

ALL_ALIKE = "all_alike"  # among the answers: nobody named the sheets, and these have the same columns


def sheets_alike(kind: Kind, data: bytes, filename: str, table: Table, said: Said) -> tuple[str, ...]:
    """All sheets with the columns of the best one, as the upload page offers them; () where it is alone.

    Raises `Refused` where somebody named sheets of a file that has none.
    """
    if said.sheets and not table.sheet:
        raise Refused(_("This file is a text and has no sheets. Leave out their names."))
    if said.sheets or len(table.sheets) < 2:
        return ()
    offered = which_sheet(kind, data, filename).get("sheets", ())
    alike = {one["name"] for one in offered if one["is_alike"]}
    return tuple(name for name in table.sheets if name in alike) if len(alike) > 1 else ()


def as_answers(said: Said, alike: Sequence[str]) -> dict[str, Any]:
    """What the record keeps of the sheets that were read."""
    if alike:
        return {"sheets": list(alike), ALL_ALIKE: True}
    return {"sheets": list(said.sheets)} if said.sheets else {}


def were_the_same(before: Upload, said: Said) -> bool:
    """Whether a file was read before from the sheets that are meant now."""
    told = before.answers or {}
    if said.sheets:
        return not told.get(ALL_ALIKE) and tuple(told.get("sheets", ())) == said.sheets
    return "sheets" not in told or bool(told.get(ALL_ALIKE))


def with_sheet(problem: Mapping[str, Any], sheets: Sequence[str]) -> dict[str, Any]:
    """A problem with its line as it stands in its sheet, and with the sheet, where there are several."""
    place, line = divmod(int(problem["line"]), SHEET)
    return {**problem, "line": line, "sheet": sheets[place]} if len(sheets) > 1 else dict(problem)
