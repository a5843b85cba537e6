"""A person's own copy on paper: the same sections as the data, in words and days people read."""

import json
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask_babel import gettext as _

from certificates import wrap_text
from gdt.filters import day, moment
from gdt.impact.sheet import LEFT, MEASURE, SANS, SOFT, STRONG, Cell, Column, Sheet, printable
from gdt.privacy.column_words import label_of

LONG = ("badge",)  # nothing people read
LONGEST = 600  # letters of one value; the machine-readable copy has all of it
_LABEL = 150.0


def own_copy_pdf(copy: dict[str, Any]) -> bytes:
    """A4 pages with bookmarks; what no font can print stands as a question mark."""
    file = BytesIO()
    title = _("What GDT Network holds of you")
    sheet = Sheet(file, title=title, author="GDT Network", running=f"{title} · {copy['name']}")
    sheet.open_page(_("Your data"), copy["name"])
    made = moment(datetime.fromisoformat(copy["made_at"]))
    sheet.paragraph(
        _(
            "Everything the register of GDT Network holds of you, as of %(moment)s. If something is wrong, "
            "ask for a correction on your certificate's page or at your institution; you may also ask that "
            "you be forgotten. The same as data for machines comes as a file beside this one.",
            moment=made,
        )
    )
    for section in copy["sections"]:
        _draw_section(sheet, section)
    _draw_reasons(sheet, copy["why"])
    sheet.close_page()
    sheet.finish()
    return file.getvalue()


def _draw_section(sheet: Sheet, section: dict[str, Any]) -> None:
    sheet.need(96)
    sheet.bookmark(section["title"])
    sheet.heading(section["title"])
    for row in section["rows"]:
        for name, value in row.items():
            words = _("is in the copy for machines") if name in LONG else told(value)
            _draw_fact(sheet, label_of(name), words)
        sheet.y -= 6
        sheet.rule(LEFT, LEFT + MEASURE, sheet.y + 8)
        sheet.y -= 6


def _draw_fact(sheet: Sheet, label: str, value: str) -> None:
    lines = wrapped(value)
    for number, line in enumerate(lines):
        sheet.need(18)
        if number == 0:
            sheet.text(LEFT, sheet.y, label, SANS, 10, SOFT)
        sheet.text(LEFT + _LABEL, sheet.y, line, STRONG if label == label_of("printed_name") else SANS, 10)
        sheet.y -= 14


def wrapped(value: str) -> list[str]:
    """The lines of a value beside its label."""
    return wrap_text(printable(value, SANS), SANS, 10, MEASURE - _LABEL)


def told(value: Any) -> str:
    """A value in words: days as people write them, lists and facts one after the other."""
    if isinstance(value, dict):
        return "; ".join(f"{label_of(name)}: {told(one)}" for name, one in value.items() if one)[:LONGEST]
    if isinstance(value, list):
        return ", ".join(told(one) for one in value)[:LONGEST]
    if isinstance(value, str):
        return _told_text(value)
    return json.dumps(value)


def _told_text(value: str) -> str:
    with suppress(ValueError):
        return str(day(date.fromisoformat(value)))
    with suppress(ValueError):
        return str(moment(datetime.fromisoformat(value)))
    return value if len(value) <= LONGEST else value[:LONGEST] + " …"


def _draw_reasons(sheet: Sheet, reasons: list[dict[str, str]]) -> None:
    sheet.close_page()
    sheet.open_page(_("Why"), _("Why we hold it, and how long"))
    columns = [
        Column(_("What"), 150, is_number=False),
        Column(_("What for, and by which right"), 210, is_number=False),
        Column(_("How long"), MEASURE - 360, is_number=False),
    ]
    rows = [
        [Cell(reason["what"]), Cell(reason["purpose"], reason["basis"]), Cell(reason["kept"])]
        for reason in reasons
    ]
    sheet.table(columns, rows)
