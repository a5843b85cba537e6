"""The empty roster that partners download, fill in and upload."""

import io
from typing import Final

import xlsxwriter

HEADERS: Final = ("Full name", "Name in own script", "Student number", "E-mail", "Gender")
GENDERS: Final = ("female", "male", "other")
_LAST_ROW: Final = 5000
_EXAMPLE: Final = ("Nguyễn Thị Minh Anh", "", "0012345", "minh.anh@example.org", "female")
_HOW_TO: Final = (
    "Write one person per row in the sheet “Roster”. Leave the header row as it is.",
    "Full name: exactly as it should be printed on the certificate. It is the only column that is needed.",
    "Name in own script: the same name as the person writes it, if that is another script.",
    "Student number: as your institution gives it. Zeros at the start are kept.",
    "E-mail: one address per person.",
    "Gender: female, male or other, as the person says it. Leave it empty if it is not known.",
    "This row is an example. It stays on this sheet and is not uploaded:",
)


def roster_template() -> bytes:
    """Return an .xlsx file: the sheet "Roster" with headers only, and "How to" with an example row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        text = workbook.add_format({"num_format": "@"})
        roster = workbook.add_worksheet("Roster")
        roster.freeze_panes(1, 0)
        # Text format, or the spreadsheet program would drop the zeros a number starts with.
        roster.set_column(0, 1, 34, text)
        roster.set_column(2, 2, 18, text)
        roster.set_column(3, 3, 34, text)
        roster.set_column(4, 4, 12, text)
        roster.write_row(0, 0, HEADERS, bold)
        roster.data_validation(
            1,
            4,
            _LAST_ROW,
            4,
            {
                "validate": "list",
                "source": list(GENDERS),
                "error_title": "Gender",
                "error_message": "Choose female, male or other, or leave it empty.",
            },
        )
        how_to = workbook.add_worksheet("How to")
        how_to.set_column(0, 4, 34, text)
        how_to.write_column(0, 0, _HOW_TO)
        how_to.write_row(len(_HOW_TO) + 1, 0, HEADERS, bold)
        how_to.write_row(len(_HOW_TO) + 2, 0, _EXAMPLE)
    return out.getvalue()
