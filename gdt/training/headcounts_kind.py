"""Headcounts as a kind of rows: the numbers one institution reports without names."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext, ngettext

from gdt.access import OFFICE, Permission, Viewer
from gdt.columns import Vocabulary, header_key
from gdt.database import now
from gdt.imports.content import Tells, is_mostly, tell
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, lacking, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.partners.models import Institution
from gdt.partners.queries import get_institution_by_id, lock_institution
from gdt.training.headcount_checking import HeadcountChecker, keep_headcounts
from gdt.training.headcount_sheet import Counted, HeadcountReader, is_people, is_year
from gdt.training.headcount_words import HEADCOUNT_WORDS, MEASURE_WORDS
from gdt.training.headcounts import FIRST_YEAR, MOST
from gdt.training.models import HeadcountMeasure
from gdt.training.queries import list_modules
from gdt.training.subjects import of_institution

TOLD: dict[str, Tells] = {  # by content, the surest first
    "year": is_year,
    "measure": lambda text: header_key(text) in MEASURE_WORDS,
    "people": is_people,
}
LAST = frozenset({"people"})


class HeadcountsKind(Kind):
    name = "headcounts"
    label = lazy_gettext("Headcounts")
    permission = Permission.COHORTS_MANAGE
    fields = (
        Field("year", lazy_gettext("Year")),
        Field("measure", lazy_gettext("What is counted")),
        Field("module", lazy_gettext("Module")),
        Field("people", lazy_gettext("People")),
        Field("evidence", lazy_gettext("Evidence")),
    )
    shown = (
        Shown(1, lazy_gettext("What is counted")),
        Shown(0, lazy_gettext("Year")),
        Shown(2, lazy_gettext("Module")),
        Shown(3, lazy_gettext("People"), is_number=True),
        Shown(4, lazy_gettext("Evidence")),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.NEW: lazy_gettext("to be reported"),
        RowState.UNCHANGED: lazy_gettext("reported already, unchanged"),
        RowState.CONFLICT: lazy_gettext("with something else than reported"),
    }
    upload_words = lazy_gettext(
        "One row for each year, module and measure: how many people, and what shows it. Only people who are "
        "in no roster. What is kept counts as claimed until the office verifies it."
    )
    written_freely = frozenset({"evidence"})
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_institution_by_id(viewer, subject_id))

    def hold(self, subject: Subject) -> None:
        lock_institution(subject.record)

    def words_of(self) -> Vocabulary:
        return HEADCOUNT_WORDS

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        words = {header_key(text) for module in list_modules() for text in (module.code, module.title)}
        told = tell(columns, TOLD | {"module": lambda text: header_key(text) in words}, last=LAST)
        free = [n for n, cells in enumerate(columns) if not told[n] and is_mostly(cells, _has_letter)]
        return [name or ("evidence" if free[:1] == [n] else "") for n, name in enumerate(told)]

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return lacking(self.fields, header, mapping, *Counted._fields)

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        modules = list_modules()
        names = {header_key(module.code): module.title for module in modules}
        return HeadcountReader(
            mapping, names | {header_key(module.title): module.title for module in modules}
        )

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> HeadcountChecker:
        return HeadcountChecker(subject.record, columns)

    def keys(self, values: Sequence[Any]) -> list[tuple[str, str]]:
        return [("module", " ".join(map(str, Counted(*values).key)))]

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_headcounts(upload.uploaded_by or OFFICE, subject.record, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        return str(
            ngettext(
                "%(num)s number is reported. It counts as claimed until the office verifies it.",
                "%(num)s numbers are reported. They count as claimed until the office verifies them.",
                upload.rows_changed,
            )
        )

    def template(self, subject: Subject, language: str = "en") -> bytes:
        modules = tuple(module.title for module in list_modules())
        columns = (
            Column("year", 10, whole=(FIRST_YEAR, now().year)),
            Column("measure", 22, choices=tuple(measure.value for measure in HeadcountMeasure)),
            Column("module", 40, choices=modules),
            Column("people", 12, whole=(1, MOST)),
            Column("evidence", 60),
        )
        example = (
            "2021",
            "students trained",
            *modules[:1],
            "240",
            gettext("Signed lists, registrar’s office"),
        )
        return empty_workbook(self, columns, how_to=how_to_fill_in(), example=example, language=language)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def how_to_fill_in() -> list[str]:
    """What the second sheet of the workbook says."""
    return [
        gettext("Write one number per row in the first sheet. Leave the header row as it is."),
        gettext("Only people who are in no roster: nobody should be counted twice."),
        gettext("Evidence: what shows the number, and where the office can see it."),
        gettext("The lines below are an example. They stay on this sheet and are not uploaded:"),
    ]


HEADCOUNTS = register(HeadcountsKind())


def subject_of(institution: Institution) -> Subject:
    """An institution as the record its headcounts go to."""
    return of_institution(institution, "headcounts", page="training.headcounts")
