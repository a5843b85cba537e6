"""The record of processing on paper: every kind of personal data, and what the countries ask for."""

from io import BytesIO

from flask_babel import gettext as _

from gdt.database import now
from gdt.filters import country_name, day
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.privacy.country_rules import every_rule
from gdt.privacy.personal_columns import REGISTER, Who


def register_pdf() -> bytes:
    """A4 pages: one table for each group of people, then what each country asks for."""
    file = BytesIO()
    title = _("Record of processing")
    sheet = Sheet(file, title=title, author="GDT Network", running=f"GDT Network · {title}")
    for number, who in enumerate(Who):
        if number:
            sheet.close_page()
        sheet.open_page(title, str(who.value))
        if number == 0:
            sheet.paragraph(_intro())
        _draw_group(sheet, who)
    sheet.close_page()
    sheet.open_page(_("Countries"), _("What each country asks for"))
    sheet.paragraph(_("Parts not named as read are to be confirmed by a lawyer of the country."))
    _draw_countries(sheet)
    sheet.close_page()
    sheet.finish()
    return file.getvalue()


def _intro() -> str:
    return str(
        _(
            "Every column of the register of GDT Network that is about people, as of %(day)s. It is "
            "made from the data that erasing and own copies work by; a test fails when a column is missing.",
            day=day(now().date()),
        )
    )


def _draw_group(sheet: Sheet, who: Who) -> None:
    columns = [
        Column(_("What"), 150, is_number=False),
        Column(_("What for, by which right"), 140, is_number=False),
        Column(_("How long, and when erased"), MEASURE - 290, is_number=False),
    ]
    rows = [
        [
            Cell(held.what, f"{held.table}: {', '.join(held.columns)}"),
            Cell(held.purpose, held.basis),
            Cell(held.kept, held.erased),
        ]
        for held in REGISTER
        if held.who is who
    ]
    sheet.table(columns, rows)


def _draw_countries(sheet: Sheet) -> None:
    columns = [
        Column(_("Country and law"), 170, is_number=False),
        Column(_("Guardian agrees below"), 150, is_number=False),
        Column(_("Transfer"), MEASURE - 320, is_number=False),
    ]
    rows = [
        [
            Cell(country_name(rule.code), rule.law),
            Cell(str(rule.guardian_below), rule.age_said),
            Cell(
                rule.transfer,
                _("read: %(parts)s", parts=", ".join(rule.checked)) if rule.checked else _("not read"),
            ),
        ]
        for rule in every_rule().values()
    ]
    sheet.table(columns, rows)
