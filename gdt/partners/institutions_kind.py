"""Institutions as a kind of rows: the office's list of partners, new ones and what is new of known ones."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext

from gdt.access import OFFICE, Permission, Viewer, sees_all
from gdt.columns import Vocabulary
from gdt.errors import RecordNotFound
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, lacking, register
from gdt.imports.rows import RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.partners.institution_checking import InstitutionChecker, keep_institutions, partner_of
from gdt.partners.institution_sheet import InstitutionReader, Partner
from gdt.partners.institution_words import INSTITUTION_WORDS, country_words
from gdt.partners.models import InstitutionKind
from gdt.partners.queries import list_countries, list_institutions


class InstitutionsKind(Kind):
    name = "institutions"
    label = lazy_gettext("Institutions")
    permission = Permission.INSTITUTIONS_MANAGE
    fields = (
        Field("code", lazy_gettext("Code")),
        Field("name", lazy_gettext("Name")),
        Field("native_name", lazy_gettext("Native name")),
        Field("kind", lazy_gettext("Kind")),
        Field("country", lazy_gettext("Country")),
        Field("city", lazy_gettext("City")),
        Field("website", lazy_gettext("Website")),
        Field("joined_on", lazy_gettext("Partner since"), is_day=True),
    )
    shown = (
        Shown(1, lazy_gettext("Institution")),
        Shown(0, lazy_gettext("Code")),
        Shown(3, lazy_gettext("Kind")),
        Shown(4, lazy_gettext("Country")),
        Shown(5, lazy_gettext("City")),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.KNOWN: lazy_gettext("registered already, with something new"),
        RowState.UNCHANGED: lazy_gettext("registered already, unchanged"),
    }
    upload_words = lazy_gettext(
        "One row per institution, known by its code. A new one needs name, kind, country and city too. An "
        "empty cell leaves what is registered. This list, taken away as CSV, comes back as it is."
    )
    choice_words: ClassVar[dict[str, Any]] = {
        "new": lazy_gettext("A new institution"),
        "same": lazy_gettext("The same, as it is registered"),
    }
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        if not sees_all(viewer):
            raise RecordNotFound
        return the_network()

    def words_of(self) -> Vocabulary:
        return INSTITUTION_WORDS

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        return lacking(self.fields, header, mapping, "code")

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        countries = country_words(tuple(country.code for country in list_countries()))
        return InstitutionReader(mapping, countries, ways.day_of)

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> InstitutionChecker:
        return InstitutionChecker(columns)

    def keys(self, values: Sequence[Any]) -> list[tuple[str, str]]:
        told = Partner(*values)
        return [("code", told.code), *([("name", told.name)] if told.name else [])]

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_institutions(upload.uploaded_by or OFFICE, rows, is_fresh=is_fresh)

    def template(self, subject: Subject, language: str = "en") -> bytes:
        columns = (
            Column("code", 14),
            Column("name", 44),
            Column("native_name", 34),
            Column("kind", 22, choices=tuple(kind.value for kind in InstitutionKind)),
            Column("country", 12, choices=tuple(country.code for country in list_countries())),
            Column("city", 20),
            Column("website", 34),
            Column("joined_on", 14, is_day=True),
        )
        rows = [partner_of(one)[:-1] for one in list_institutions(OFFICE)]
        return empty_workbook(self, columns, rows, language=language)


INSTITUTIONS = register(InstitutionsKind())


def the_network() -> Subject:
    """All institutions together, as what their list goes to."""
    return Subject(
        record=None,
        id=0,
        code="",
        name=gettext("The partner network"),
        institution_id=None,
        page="partners.institutions",
        upload_page="partners.upload_institutions",
        template_page="partners.institutions_template",
    )
