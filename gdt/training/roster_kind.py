"""Rosters as a kind of rows: the students of one cohort, and what may be uploaded for it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext

from gdt.access import Permission, Viewer
from gdt.columns import Vocabulary, headers_in_words
from gdt.filters import number
from gdt.imports.kinds import Field, Kept, Kind, Reader, Shown, Subject, register
from gdt.imports.rows import RowState, ToKeep
from gdt.people.person_columns import columns_from, guess_person
from gdt.people.roster import Listed, PeopleReader
from gdt.people.roster_template import roster_template
from gdt.people.roster_words import ROSTER_WORDS
from gdt.training.models import Cohort
from gdt.training.queries import get_cohort_by_id, lock_cohort
from gdt.training.roster_checking import RosterChecker
from gdt.training.roster_writing import NEW, keep_roster

PERSON_FIELDS = (
    Field("full_name", lazy_gettext("Full name")),
    Field("given_name", lazy_gettext("Given name"), is_part=True),
    Field("middle_name", lazy_gettext("Middle name"), is_part=True),
    Field("family_name", lazy_gettext("Family name"), is_part=True),
    Field("native_name", lazy_gettext("Name in own script")),
    Field("own_number", lazy_gettext("Student number")),
    Field("email", lazy_gettext("E-mail")),
    Field("gender", lazy_gettext("Gender")),
)


class RosterKind(Kind):
    name = "roster"
    label = lazy_gettext("Roster")
    permission = Permission.COHORTS_MANAGE
    fields = PERSON_FIELDS
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
        "gender are understood where they are. The spelling and order of the headers do not matter."
    )
    defaults: ClassVar[dict[RowState, Any]] = {RowState.CONFLICT: "register"}
    at_the_command: ClassVar[dict[RowState, Any]] = {RowState.CONFLICT: "register", RowState.PROBABLE: NEW}
    file_choice = lazy_gettext("Take the file’s")

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_cohort_by_id(viewer, subject_id))

    def hold(self, subject: Subject) -> None:
        lock_cohort(subject.id)

    def words_of(self) -> Vocabulary:
        return ROSTER_WORDS

    def guess(self, header: list[str]) -> list[str]:
        fields = guess_person(header, self.found(header))
        return [fields.get(index, "") for index in range(len(header))]

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

    def reader(self, subject: Subject | None, header: list[str], mapping: list[str]) -> Reader:
        return PeopleReader(header, mapping)

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> RosterChecker:
        return RosterChecker(subject.record, columns, asks=asks)

    def keys(self, values: Sequence[Any]) -> list[tuple[str, str]]:
        person = Listed(*values)
        keys = (("own_number", person.own_number), ("email", person.email))
        return [(field, key.casefold()) for field, key in keys if key]

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_roster(subject.record, upload.id, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        kept, rows = number(upload.rows_kept), number(upload.rows_in)
        return str(
            gettext(
                "%(kept)s of %(rows)s rows are in the cohort. Next: attendance and completion.",
                kept=kept,
                rows=rows,
            )
        )

    def template(self, subject: Subject) -> bytes:
        return roster_template()


ROSTER = register(RosterKind())


def subject_of(cohort: Cohort) -> Subject:
    """A cohort as the record its rosters go to."""
    return Subject(
        record=cohort,
        id=cohort.id,
        code=cohort.code,
        name=str(cohort),
        institution_id=cohort.institution_id,
        page="training.cohort",
        upload_page="training.upload_roster",
        template_page="training.roster_template",
    )
