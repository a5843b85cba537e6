"""Why a file is refused as a whole, in sentences for its owner, each with the next step."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext as _

from gdt.spreadsheets.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Unreadable

Facts = Mapping[str, Any]


class Refused(Exception):
    """A file is refused as a whole; `reason` is a sentence for its owner, with the next step."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refused(unreadable: Unreadable) -> Refused:
    """Return the refusal of a file that could not be read."""
    return Refused(SENTENCES.get(unreadable.code, _damaged)(unreadable.facts))


def _save_as() -> str:
    return str(
        _("Open it in your spreadsheet program, save it as “Excel workbook (.xlsx)” and upload that file.")
    )


def _too_large(_facts: Facts) -> str:
    return str(
        _(
            "The file is larger than %(size)s MB. Split it into smaller files and upload each.",
            size=MAX_BYTES // 1024**2,
        )
    )


def _empty(_facts: Facts) -> str:
    return str(_("The file is empty. Put a header row and one row per person into it and upload it again."))


def _too_many_rows(_facts: Facts) -> str:
    return str(
        _(
            "The file has more than %(max_rows)s rows. Split it into smaller files and upload each.",
            max_rows=f"{MAX_ROWS:,}",
        )
    )


def _too_many_columns(_facts: Facts) -> str:
    return str(
        _(
            "The file has more than %(max_columns)s columns. Keep only the columns that are "
            "needed and upload it again.",
            max_columns=MAX_COLUMNS,
        )
    )


def _wrong_encoding(facts: Facts) -> str:
    line = facts.get("line")
    where = _(" (line %(line)s cannot be read)", line=line) if line else ""
    return str(
        _(
            "The letters of this file are not stored as UTF-8%(where)s, so names would come out "
            "wrong. In your spreadsheet program choose Save As, then “CSV UTF-8” or “Excel "
            "workbook (.xlsx)”, and upload that file.",
            where=where,
        )
    )


def _vietnamese_font(_facts: Facts) -> str:
    return str(
        _(
            "The letters of this file are stored for an old Vietnamese font (TCVN3 or VNI), so names "
            "would come out wrong. Convert the table to Unicode, for example with UniKey, save it as "
            "“Excel workbook (.xlsx)” and upload that file."
        )
    )


def _broken_quote(facts: Facts) -> str:
    return str(
        _(
            'On line %(line)s a quotation mark (") is opened and not closed where the cell ends. '
            "Remove the mark, or save the table as .xlsx, and upload it again.",
            line=facts["line"],
        )
    )


def _unclear_delimiter(_facts: Facts) -> str:
    return str(
        _(
            "It is not clear which mark separates the columns of this file. Save it as .xlsx, or "
            "as CSV with commas only between the columns, and upload it again."
        )
    )


def _long_line(facts: Facts) -> str:
    return str(
        _(
            "Line %(line)s holds far more text than a row of a table. Look there for text that "
            "does not belong to the table, remove it and upload the file again.",
            line=facts["line"],
        )
    )


def _damaged(_facts: Facts) -> str:
    return str(
        _(
            "This workbook is damaged. Open it in your spreadsheet program, save it again and "
            "upload that file."
        )
    )


def _unpacks_too_far(_facts: Facts) -> str:
    return str(
        _(
            "This workbook unpacks to more than can be read here. Keep only the table, without "
            "pictures and other sheets, save it as .xlsx and upload it again."
        )
    )


def _too_demanding(_facts: Facts) -> str:
    return str(
        _(
            "Reading this file takes more time or memory than a table of its size needs. Copy only the "
            "table into a new workbook, save it as .xlsx and upload it again."
        )
    )


def _far_cell(facts: Facts) -> str:
    return str(
        _(
            "A sheet has a filled cell far outside its table (row %(row)s, column %(column)s). "
            "Copy only the table into a new workbook, save it as .xlsx and upload it again.",
            row=f"{facts['row']:,}",
            column=f"{facts['column']:,}",
        )
    )


def _not_a_workbook(_facts: Facts) -> str:
    return str(
        _(
            "This file is not an Excel workbook or OpenDocument spreadsheet that can be read, or it is "
            "damaged. %(save_as)s",
            save_as=_save_as(),
        )
    )


def _password(_facts: Facts) -> str:
    return str(
        _("This workbook is protected with a password. Save it without the password and upload it again.")
    )


def _old_workbook(_facts: Facts) -> str:
    return str(_("This is an old Excel file or another old document. %(save_as)s", save_as=_save_as()))


def _web_page(_facts: Facts) -> str:
    return str(
        _("This is a web page, not a spreadsheet, whatever its name says. %(save_as)s", save_as=_save_as())
    )


def _unknown_ending(facts: Facts) -> str:
    return str(
        _(
            "Files ending in “%(found)s” cannot be read here. %(save_as)s",
            found=facts["found"],
            save_as=_save_as(),
        )
    )


def _other_file(facts: Facts) -> str:
    what = {
        "pdf": _("a PDF document"),
        "picture": _("a picture"),
        "text_document": _("a text document"),
        "presentation": _("a presentation"),
        "empty_archive": _("an empty archive"),
        "compressed": _("a compressed file"),
        "database": _("a database"),
        "xlsb": _("a binary workbook (.xlsb)"),
        "numbers": _("a Numbers document"),
    }
    return str(
        _(
            "This is %(what)s, not a spreadsheet that can be read here. Upload the table as .xlsx or .csv.",
            what=what.get(facts["what"], facts["what"]),
        )
    )


def _no_such_sheet(facts: Facts) -> str:
    return str(_("This file has no sheet called “%(sheet)s” that holds a table.", sheet=facts["sheet"]))


SENTENCES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "too_large": _too_large,
    "empty": _empty,
    "too_many_rows": _too_many_rows,
    "too_many_columns": _too_many_columns,
    "wrong_encoding": _wrong_encoding,
    "vietnamese_font": _vietnamese_font,
    "broken_quote": _broken_quote,
    "unclear_delimiter": _unclear_delimiter,
    "long_line": _long_line,
    "damaged": _damaged,
    "unpacks_too_far": _unpacks_too_far,
    "too_demanding": _too_demanding,
    "far_cell": _far_cell,
    "not_a_workbook": _not_a_workbook,
    "password": _password,
    "old_workbook": _old_workbook,
    "web_page": _web_page,
    "unknown_ending": _unknown_ending,
    "other_file": _other_file,
    "no_such_sheet": _no_such_sheet,
}
