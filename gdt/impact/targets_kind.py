"""Yearly targets as a kind of rows: of the network, countries and institutions, from one list."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext, ngettext

from gdt.access import OFFICE, Permission, Viewer, sees_all
from gdt.columns import Vocabulary
from gdt.errors import RecordNotFound
from gdt.impact.forms import MOST
from gdt.impact.queries import load_network, today
from gdt.impact.target_checking import TargetChecker, keep_targets
from gdt.impact.target_sheet import Aim, TargetReader
from gdt.impact.target_words import MEASURES, NETWORK, TARGET_WORDS, place_words
from gdt.impact.targeting import FIRST_YEAR, last_year
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, lacking, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook


class TargetsKind(Kind):
    name = "targets"
    label = lazy_gettext("Targets")
    permission = Permission.TARGETS_MANAGE
    fields = (
        Field("year", lazy_gettext("Year")),
        Field("place", lazy_gettext("Place")),
        Field("measure", lazy_gettext("What is to be reached")),
        Field("people", lazy_gettext("Number")),
    )
    shown = (
        Shown(1, lazy_gettext("Place")),
        Shown(0, lazy_gettext("Year")),
        Shown(2, lazy_gettext("What is to be reached")),
        Shown(3, lazy_gettext("Number"), is_number=True),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.NEW: lazy_gettext("to be set"),
        RowState.UNCHANGED: lazy_gettext("set already, unchanged"),
        RowState.CONFLICT: lazy_gettext("with another number than is set"),
    }
    upload_words = lazy_gettext(
        "One row for each year, place and measure: teachers certified or students trained. The place is the "
        "code or name of a country or an institution; an empty cell is the network. What is set here goes "
        "before what the agreements say."
    )
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        if not sees_all(viewer):
            raise RecordNotFound
        return the_targets()

    def words_of(self) -> Vocabulary:
        return TARGET_WORDS

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return lacking(self.fields, header, mapping, *Aim._fields)

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        return TargetReader(mapping, place_words(load_network(OFFICE)))

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> TargetChecker:
        return TargetChecker(columns)

    def keys(self, values: Sequence[Any]) -> list[tuple[str, str]]:
        return [("place", " ".join(map(str, Aim(*values).key)))]

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_targets(upload.uploaded_by or OFFICE, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        many = upload.rows_changed
        return str(ngettext("%(num)s target is set.", "%(num)s targets are set.", many))

    def template(self, subject: Subject, language: str = "en") -> bytes:
        places = load_network(OFFICE).institutions.values()
        codes = [NETWORK, *sorted({place.country for place in places}), *(place.code for place in places)]
        columns = (
            Column("year", 10, whole=(FIRST_YEAR, last_year())),
            Column("place", 30, choices=tuple(codes)),
            Column("measure", 24, choices=tuple(MEASURES)),
            Column("people", 12, whole=(0, MOST)),
        )
        example = (str(today().year + 1), NETWORK, "students trained", "10000")
        return empty_workbook(self, columns, how_to=how_to_fill_in(), example=example, language=language)


def how_to_fill_in() -> list[str]:
    """What the second sheet of the workbook says."""
    return [
        gettext("Write one target per row in the first sheet. Leave the header row as it is."),
        gettext("Place: the code of a country or an institution, or network."),
        gettext("Where a place has no target of its own, its agreement or the sum of its places holds."),
        gettext("The line below is an example. It stays on this sheet and is not uploaded:"),
    ]


TARGETS = register(TargetsKind())


def the_targets() -> Subject:
    """All targets together, as what their list goes to."""
    return Subject(
        record=None,
        id=0,
        code="",
        name=gettext("Targets of the network"),
        institution_id=None,
        page="impact.targets",
        upload_page="impact.upload_targets",
        template_page="impact.targets_template",
    )
