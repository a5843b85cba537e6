"""Workbooks to fill in: headers in the words of the page, drop-downs and checks in the cells."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import xlsxwriter
from flask_babel import gettext as _
from xlsxwriter.utility import xl_col_to_name

from gdt.imports.kinds import Kind
from gdt.imports.template_words import NOTES, RIGHT_TO_LEFT, choice_in, header_in
from gdt.spreadsheets.writing import sheet_name

_LAST_ROW: Final = 5_000
_LONGEST_LIST: Final = 255  # characters: what a rule of Excel can hold
_FIRST_DAY: Final = date(2000, 1, 1)


class Column(NamedTuple):
    """A column to fill in: its field, its width, and what may be written in it."""

    field: str
    width: int
    choices: tuple[str, ...] = ()
    whole: tuple[int, int] | None = None
    most: Decimal | None = None  # a number from 0 on
    is_day: bool = False


def empty_workbook(
    kind: Kind,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]] = (),
    *,
    how_to: Sequence[str] = (),
    example: Sequence[str] = (),
    language: str = "en",
) -> bytes:
    """Return an .xlsx file with the headers of a kind, and rows that are known already.

    `how_to` are sentences for a second sheet, with an example under them, a line for each column: as a row
    under a header it would be a table of its own, and the reader would ask which of the two is meant.

    Numbers are text, or the spreadsheet program would drop the zeros they start with.
    """
    out = io.BytesIO()
    labels = _labels(kind, columns, language)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(sheet_name(str(kind.label)))
        sheet.freeze_panes(1, 0)
        if language in RIGHT_TO_LEFT:
            sheet.right_to_left()
        text = _write_header(workbook, sheet, columns, labels, language)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value, text)
                elif value is not None:
                    sheet.write_number(number, place, value)
        if notes := [*([NOTES[language]] if language in NOTES else []), *how_to]:
            sheet = workbook.add_worksheet(sheet_name(_("How to")))
            sheet.set_column(0, 0, 100, text)
            shown = zip(labels, example, strict=False)
            sheet.write_column(0, 0, [*notes, *(f"{label}: {value}" for label, value in shown if value)])
    return out.getvalue()


def _labels(kind: Kind, columns: Sequence[Column], language: str) -> list[str]:
    """The headers of the columns in a language."""
    ours = {field.name: str(field.label) for field in kind.fields}
    names = [column.field for column in columns]
    return [header_in(language, kind.template_names.get(name, name), ours[name]) for name in names]


def _write_header(
    workbook: Any, sheet: Any, columns: Sequence[Column], labels: Sequence[str], language: str
) -> Any:
    """Write the header and what may stand under it; returns the format of text."""
    bold = workbook.add_format({"bold": True, "bottom": 1})
    text = workbook.add_format({"num_format": "@"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    plain = workbook.add_format({})
    for place, (column, label) in enumerate(zip(columns, labels, strict=True)):
        form = day if column.is_day else plain if column.whole else text
        sheet.set_column(place, place, column.width, form)
        sheet.write_string(0, place, label, bold)
        spoken = column._replace(choices=tuple(choice_in(language, one) for one in column.choices))
        _check_cells(sheet, place, column, _list_of(workbook, spoken))
    return text


def _list_of(workbook: Any, column: Column) -> Any:
    """What a drop-down offers: the words themselves, or where they stand if a rule cannot hold them."""
    if sum(len(choice) + 1 for choice in column.choices) <= _LONGEST_LIST:
        return list(column.choices)
    lists = workbook.add_worksheet(sheet_name(f"{_('Lists')} {column.field}"))
    lists.write_column(0, 0, column.choices)
    lists.hide()
    return f"='{lists.get_name()}'!$A$1:$A${len(column.choices)}"


def _mark_rule(place: int, most: float) -> str:
    cell = f"{xl_col_to_name(place)}2"
    return f'=OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}<={most:g}),{cell}="absent")'


def _check_cells(sheet: Any, place: int, column: Column, listed: Any) -> None:
    """A drop-down, or a check that a number or a day is one."""
    rule: dict[str, Any] | None = None
    if column.choices:
        rule = {"validate": "list", "source": listed}
        rule["error_message"] = _("Choose one of the list, or leave it empty.")
    elif column.whole:
        low, high = column.whole
        rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        rule["error_message"] = _("Write a whole number from %(low)s to %(high)s.", low=low, high=high)
    elif column.most is not None:
        most = float(column.most)
        rule = {"validate": "custom", "value": _mark_rule(place, most)}
        rule["error_message"] = _("Write a number from 0 to %(most)s, or “absent”.", most=column.most)
    elif column.is_day:
        rule = {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
        rule["error_message"] = _("Write a day such as 2026-06-30.")
    if rule is not None:
        sheet.data_validation(1, place, _LAST_ROW, place, rule)
