"""Lists of teachers as a kind of rows: the teachers of one institution."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext

from gdt.access import Permission, Viewer
from gdt.audit import acting
from gdt.imports.kind_parts import Field, Kept, Shown, Subject
from gdt.imports.kinds import Kind, register
from gdt.imports.rows import RowState, ToKeep
from gdt.partners.models import Institution
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.partners.queries import get_institution_by_id
from gdt.training.places import teachers_of
from gdt.training.queries import lock_institution
from gdt.training.roster_checking import RosterChecker
from gdt.training.roster_kind import PERSON_FIELDS, RosterKind
from gdt.training.roster_queries import stand_as_listed
from gdt.training.roster_writing import keep_people
from gdt.training.subjects import of_institution


class TeachersKind(RosterKind):
    name = "teachers"
    asks_guardians = False
    label = lazy_gettext("Teachers")
    permission = Permission.COHORTS_MANAGE
    fields = tuple(
        Field("own_number", lazy_gettext("Staff number")) if field.name == "own_number" else field
        for field in PERSON_FIELDS
    )
    shown = (
        Shown(0, lazy_gettext("Name")),
        Shown(1, lazy_gettext("Own script")),
        Shown(2, lazy_gettext("Staff number")),
        Shown(3, lazy_gettext("E-mail")),
    )
    template_names: ClassVar[dict[str, str]] = {"own_number": "staff_number"}
    words: ClassVar[dict[RowState, Any]] = {
        RowState.KNOWN: lazy_gettext("already known (matched by number or e-mail)"),
        RowState.UNCHANGED: lazy_gettext("already a teacher here"),
    }
    upload_words = lazy_gettext(
        "One row per teacher. A column with the name is needed; own script, staff number, e-mail and gender "
        "are understood where they are. The spelling and order of the headers do not matter."
    )

    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        return subject_of(get_institution_by_id(viewer, subject_id))

    def hold(self, subject: Subject) -> None:
        lock_institution(subject.record)

    def refuse_at_all(self, subject: Subject) -> None:
        require_permitted(subject.record, PartnerAct.CHANGE_ROSTER, actor=acting())

    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> RosterChecker:
        return RosterChecker(teachers_of(subject.record), columns, asks=asks)

    def are_unchanged(self, subject: Subject, rows: Sequence[Sequence[Any]]) -> bool:
        return stand_as_listed(teachers_of(subject.record), rows)

    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        return keep_people(teachers_of(subject.record), upload.id, rows, is_fresh=is_fresh)

    def kept_words(self, upload: Any) -> str:
        return Kind.kept_words(self, upload)


TEACHERS = register(TeachersKind())


def subject_of(institution: Institution) -> Subject:
    """An institution as the record its list of teachers goes to."""
    return of_institution(institution, "teachers", page="training.institution_teachers")
