"""The same little sheets written as .xlsx, .xls and .ods, as people's programs write them."""

import io
from datetime import date

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P


class Error(str):
    """A cell whose formula failed."""


class Percent(float):
    """A number shown as a percentage."""


class Padded(int):
    """A number shown with eight digits."""


def _filled(rows):
    return [
        (place, column, value)
        for place, row in enumerate(rows)
        for column, value in enumerate(row)
        if value is not None
    ]


def xlsx(  # noqa: C901, PLR0912
    sheets, *, hidden_rows=(), hidden_columns=(), merged=(), hidden_sheets=(), is_1904=False
):
    """Return a workbook of `sheets` {name: rows}; rows and columns count from 0, `merged` is of corners."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "date_1904": is_1904}) as book:
        styles = {
            Percent: book.add_format({"num_format": "0.0%"}),
            Padded: book.add_format({"num_format": "00000000"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden_sheets:
                sheet.hide()
            for row in hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for column in hidden_columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
            for top, left, bottom, right in merged:
                sheet.merge_range(top, left, bottom, right, "")
            for place, column, value in _filled(rows):
                if isinstance(value, Error):
                    sheet.write_formula(place, column, "=NA()", None, str(value))
                else:
                    sheet.write(place, column, value, styles.get(type(value)))
        if hidden_sheets:
            next(one for one in book.worksheets() if one.name not in hidden_sheets).activate()
    return out.getvalue()


def xls(sheets, *, hidden_rows=(), hidden_columns=(), merged=(), hidden_sheets=(), is_1904=False):
    """Return the same as an old workbook; a failed formula is one that divides by zero."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = is_1904
    styles = {
        Percent: xlwt.easyxf(num_format_str="0.0%"),
        Padded: xlwt.easyxf(num_format_str="00000000"),
        date: xlwt.easyxf(num_format_str="DD/MM/YYYY"),
    }
    for name, rows in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        sheet.visibility = int(name in hidden_sheets)
        for row in hidden_rows:
            sheet.row(row).hidden = True
        for column in hidden_columns:
            sheet.col(column).hidden = True
        for top, left, bottom, right in merged:
            sheet.merge(top, bottom, left, right)
        for place, column, value in _filled(rows):
            if isinstance(value, Error):
                sheet.row(place).set_cell_error(column, {"#N/A": 0x2A, "#REF!": 0x17}[value])
            else:
                plain = {Percent: float, Padded: int}.get(type(value), lambda same: same)(value)
                sheet.write(place, column, plain, styles.get(type(value), xlwt.Style.default_style))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(sheets, *, hidden_rows=(), hidden_columns=(), merged=(), hidden_sheets=(), is_1904=False):
    """Return the same as LibreOffice saves it, empty cells and rows run together to the sheet's end."""
    book = OpenDocumentSpreadsheet()
    style = Style(name="hidden", family="table")
    style.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(style)
    for name, rows in sheets.items():
        table = Table(name=name, **({"stylename": "hidden"} if name in hidden_sheets else {}))
        for column in range(max(map(len, rows), default=0)):
            table.addElement(TableColumn(**({"visibility": "collapse"} if column in hidden_columns else {})))
        corners = {(top, left): (bottom, right) for top, left, bottom, right in merged}
        covered = {
            (row, column)
            for top, left, bottom, right in merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        } - corners.keys()
        for place, row in enumerate(rows):
            line = TableRow(**({"visibility": "collapse"} if place in hidden_rows else {}))
            for column, value in enumerate(row):
                corner = corners.get((place, column))
                line.addElement(_ods_cell(value, (place, column) in covered, place, column, corner))
            line.addElement(TableCell(numbercolumnsrepeated=1024 - len(row)))
            table.addElement(line)
        end = TableRow(numberrowsrepeated=1048576 - len(rows))
        end.addElement(TableCell(numbercolumnsrepeated=1024))
        table.addElement(end)
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods_value(value):
    """Return what an .ods cell says of its value, and the text it shows."""
    kinds = {
        Percent: lambda: ({"valuetype": "percentage", "value": float(value)}, f"{value:.0%}"),
        Padded: lambda: ({"valuetype": "float", "value": int(value)}, f"{int(value):08}"),
        bool: lambda: ({"valuetype": "boolean", "booleanvalue": str(value).lower()}, str(value)),
        int: lambda: ({"valuetype": "float", "value": value}, str(value)),
        float: lambda: ({"valuetype": "float", "value": value}, str(value)),
        date: lambda: ({"valuetype": "date", "datevalue": value.isoformat()}, f"{value:%d/%m/%y}"),
        type(None): lambda: ({}, None),
    }
    return kinds.get(type(value), lambda: ({"valuetype": "string"}, str(value)))()


def _ods_cell(value, is_covered, row, column, corner):
    more = {}
    if corner:
        more = {"numberrowsspanned": corner[0] - row + 1, "numbercolumnsspanned": corner[1] - column + 1}
    if is_covered:
        return CoveredTableCell()
    said, text = _ods_value(value)
    more |= said
    cell = TableCell(**more)
    if text is not None:
        cell.addElement(P(text=text))
    return cell


MAKERS = {"xlsx": xlsx, "xls": xls, "ods": ods}
