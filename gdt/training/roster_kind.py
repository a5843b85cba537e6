"""Rosters as a kind of rows: the students of one cohort, and what may be uploaded for it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext

from gdt.access import Permission, Viewer
from gdt.audit import acting
from gdt.columns import Vocabulary, headers_in_words
from gdt.filters import number
from gdt.imports.kind_parts import Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.kinds import Kind, register
from gdt.imports.rows import Checked, RowState, ToKeep
from gdt.imports.sheet_templates import Column, empty_workbook
from gdt.imports.template_words import header_in
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.people.column_content import NAMES, tell_people
from gdt.people.models import Gender
from gdt.people.person_columns import columns_from, guess_person
from gdt.people.roster import Listed, PeopleReader
from gdt.people.roster_words import ROSTER_WORDS
from gdt.training.models import Cohort
from gdt.training.places import students_of
from gdt.training.queries import get_cohort_by_id, lock_cohort
from gdt.training.roster_checking import RosterChecker
from gdt.training.roster_queries import stand_as_listed
from gdt.training.roster_writing import NEW, keep_people
from gdt.training.subjects import of_cohort

PERSON_FIELDS: tuple[Field, ...] = (
    Field("full_name", lazy_gettext("Full name")),
    Field("given_name", lazy_gettext("Given name"), is_part=True),
    Field("middle_name", lazy_gettext("Middle name"), is_part=True),
    Field("family_name", lazy_gettext("Family name"), is_part=True),
    Field("native_name", lazy_gettext("Name in own script")),
    Field("own_number", lazy_gettext("Student number")),
    Field("email", lazy_gettext("E-mail")),
    Field("gender", lazy_gettext("Gender")),
)
GUARDIAN_FIELD = Field("guardian", lazy_gettext("Guardian’s consent"))
EXAMPLE = ("Nguyễn Thị Minh Anh", "", "0012345", "minh.anh@example.org", "female")


class RosterKind(Kind):
    name = "roster"
    label = lazy_gettext("Roster")
    permission = Permission.COHORTS_MANAGE
    fields: ClassVar[tuple[Field, ...]] = (*PERSON_FIELDS, GUARDIAN_FIELD)
    shown = (
        Shown(0, lazy_gettext("Name")),
        Shown(1, lazy_gettext("Own script")),
        Shown(2, lazy_gettext("Number")),
        Shown(3, lazy_gettext("E-mail")),
    )
    words: ClassVar[dict[RowState, Any]] = {
        RowState.KNOWN: lazy_gettext("already known (matched by number or e-mail)"),
        RowState.UNCHANGED: lazy_gettext("already in this cohort"),
    }
    upload_words = lazy_gettext(
        "One row per student. A column with the name is needed; own script, student number, e-mail and "
        "gender are understood where they are, and a column that says for whom a parent or guardian agreed. "
        "The spelling and order of the headers do not matter."
    )
    defaults: ClassVar[dict[str, str]] = {RowState.CONFLICT: "register"}
    at_the_command: ClassVar[dict[str, str]] = {RowState.CONFLICT: "register", RowState.PROBABLE: NEW}
    written_freely = NAMES
    asks_guardians: ClassVar[bool] = True
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_cohort_by_id(viewer, subject_id))

    def hold(self, subject: Subject) -> None:
        lock_cohort(subject.id)

    def refuse_at_all(self, subject: Subject) -> None:
        require_permitted(subject.record.institution, PartnerAct.CHANGE_ROSTER, actor=acting())

    def words_of(self) -> Vocabulary:
        return ROSTER_WORDS

    def guess(self, header: list[str]) -> list[str]:
        found = self.found(header)
        fields = guess_person(header, found)
        if self.asks_guardians and (places := found.get("guardian")):
            fields.setdefault(places[0], "guardian")
        return [fields.get(index, "") for index in range(len(header))]

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        return tell_people(columns)

    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        if columns_from(mapping).name:
            return None
        return str(
            gettext(
                "No column holds the name. The headers found are %(header)s. Rename the column with "
                "the names to “Full name” (or use “First name” and “Last name”) and upload the file "
                "again.",
                header=headers_in_words(header),
            )
        )

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        return PeopleReader(header, mapping)

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> RosterChecker:
        return RosterChecker(students_of(subject.record), columns, asks=asks)

    def keys(self, values: Sequence[Any]) -> list[tuple[str, str]]:
        person = Listed(*values)
        keys = (("own_number", person.own_number), ("email", person.email))
        return [(field, key.casefold()) for field, key in keys if key]

    def needles(self, row: Checked) -> list[str]:
        person = Listed(*row.values)
        told = (person.own_number, person.email, "" if person.is_identified else person.printed_name)
        known = [f"[{row.known[0]},"] if row.known else []  # as the document writes whose row it is
        return [text for text in told if text] + known

    def are_unchanged(self, subject: Subject, rows: Sequence[Sequence[Any]]) -> bool:
        return stand_as_listed(students_of(subject.record), rows)

    def identity(self, values: Sequence[Any]) -> dict[str, str]:
        person = Listed(*values)
        told = {"own_number": person.own_number, "email": person.email}
        return {field: text for field, text in told.items() if text}

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_people(students_of(subject.record), upload.id, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        kept, rows = number(upload.rows_kept), number(upload.rows_in)
        return str(
            gettext(
                "%(kept)s of %(rows)s rows are in the cohort. Next: attendance and completion.",
                kept=kept,
                rows=rows,
            )
        )

    def template(self, subject: Subject, language: str = "en") -> bytes:
        columns = (
            Column("full_name", 34),
            Column("native_name", 34),
            Column("own_number", 18),
            Column("email", 34),
            Column("gender", 12, choices=tuple(gender.value for gender in Gender)),
        )
        how_to = how_to_fill_in()
        if self.asks_guardians:
            how_to.insert(
                -1, how_to_say_guardians(header_in(language, "guardian", str(GUARDIAN_FIELD.label)))
            )
        return empty_workbook(self, columns, how_to=how_to, example=EXAMPLE, language=language)


def how_to_say_guardians(header: str) -> str:
    """What the second sheet says of the column about guardians, which the first leaves out."""
    return str(
        gettext(
            "Where some students are minors you may add a column “%(header)s”: yes where a parent or "
            "guardian agreed, “of age” for the others. Without it you confirm it once for the whole file.",
            header=header,
        )
    )


def how_to_fill_in() -> list[str]:
    """What the second sheet of the workbook says."""
    return [
        gettext("Write one person per row in the first sheet. Leave the header row as it is."),
        gettext("The full name is needed, exactly as it should be printed on the certificate."),
        gettext("Name in own script: the same name as the person writes it, if that is another script."),
        gettext("The number is as your institution gives it. Zeros at the start are kept."),
        gettext("E-mail: one address per person."),
        gettext("Gender: female, male or other, as the person says it. Leave it empty if it is not known."),
        gettext("The lines below are an example. They stay on this sheet and are not uploaded:"),
    ]


ROSTER = register(RosterKind())


def subject_of(cohort: Cohort) -> Subject:
    """A cohort as the record its rosters go to."""
    return of_cohort(cohort, "roster")
