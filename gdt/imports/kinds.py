"""The kinds of things that come in rows: what each feature says of its own, for the engine to do the rest."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext

from gdt.access import Permission, Viewer
from gdt.columns import Found, Vocabulary, find_columns, headers_in_words
from gdt.errors import RecordNotFound
from gdt.filters import number
from gdt.imports.kind_parts import Checker, Field, Kept, Reader, Shown, Subject, Ways
from gdt.imports.rows import Checked, RowState, ToKeep
from gdt.imports.scales import Scale
from gdt.spreadsheets.limits import Row


class Kind(ABC):
    """One kind of rows. Features above derive from it and register the one instance."""

    name: ClassVar[str]
    label: ClassVar[Any]
    permission: ClassVar[Permission]
    fields: ClassVar[tuple[Field, ...]]
    shown: ClassVar[tuple[Shown, ...]]
    words: ClassVar[dict[RowState, Any]] = {}  # sentences of its own for a state, with %(count)s
    upload_words: ClassVar[Any] = ""
    defaults: ClassVar[dict[str, str]] = {}  # what is done with a waiting row nobody chose for
    at_the_command: ClassVar[dict[str, str]] = {}  # the same where nobody can be asked
    template_names: ClassVar[dict[str, str]] = {}  # fields whose header has words of its own in workbooks
    choice_words: ClassVar[dict[str, Any]] = {}  # words of its own for what can be chosen
    written_freely: ClassVar[frozenset[str]] = frozenset()  # fields whose header could be a value as well
    is_private: ClassVar[bool] = False  # a file is for whoever handed it in, and for nobody else
    file_choice: ClassVar[Any] = ""  # what "take the file's" does, in words; "" where it is not offered

    @abstractmethod
    def subject(self, viewer: Viewer, subject_id: int) -> Subject:
        """The record with this id, if the viewer may see it; raises RecordNotFound."""

    def subjects_of(self, viewer: Viewer) -> Any:
        """What she may hand in for who sees no whole institution: a statement of ids, or None for nothing."""
        return None

    @abstractmethod
    def words_of(self) -> Vocabulary:
        """The known headers of its columns."""

    def guess(self, header: list[str]) -> list[str]:
        """The field of each column as its header says, "" for one that is kept aside."""
        at = {indexes[0]: name for name, indexes in self.found(header).items()}
        return [at.get(index, "") for index in range(len(header))]

    def tell_by_content(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The field of each column as its cells tell it, "" where they tell nothing."""
        return ["" for _column in columns]

    @abstractmethod
    def missing(self, header: list[str], mapping: list[str]) -> str | None:
        """Why the columns do not suffice, None if they do."""

    @abstractmethod
    def reader(self, subject: Subject | None, header: list[str], mapping: list[str], ways: Ways) -> Reader:
        """What understands the rows under this header, as this file writes them."""

    @abstractmethod
    def checker(self, subject: Subject, columns: dict[str, str], *, asks: bool = True) -> Checker:
        """Decides rows; `asks` is false where nobody can choose, so that nothing probable is looked for."""

    @abstractmethod
    def keep(self, subject: Subject, upload: Any, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
        """Write the rows in the caller's transaction; `is_fresh`: nothing moved since they were decided."""

    def scale(self, subject: Subject | None, header: list[str], mapping: list[str]) -> Scale | None:
        """The column of marks and what they are out of, for a kind that has marks."""
        return None

    def percentages(self, mapping: list[str]) -> int | None:
        """The column that holds per cent, for a kind that has one."""
        return None

    def count_undated(
        self, subject: Subject | None, mapping: list[str], rows: Callable[[], Iterable[Row]]
    ) -> int:
        """How many rows need a day and say none, for a kind that has such days."""
        return 0

    def offered_day(self, subject: Subject) -> date | None:
        """The day offered for such rows, None where none is likely."""
        return None

    def refuse_day(self, subject: Subject, day: date | None) -> None:
        """Raise DomainError if this can be no day of such rows."""
        return

    def kept_words(self, upload: Any) -> str:
        """What was kept of a file, in a sentence."""
        kept, rows = number(upload.rows_kept), number(upload.rows_in)
        return str(gettext("%(kept)s of %(rows)s rows are in the register.", kept=kept, rows=rows))

    @abstractmethod
    def template(self, subject: Subject, language: str = "en") -> bytes:
        """A workbook to fill in, its headers in this language as far as it has words for them."""

    def keys(self, values: Sequence[Any]) -> Sequence[tuple[str, str]]:
        """What of a row no other row of the file may have, as (field, key)."""
        return ()

    def needles(self, row: Checked) -> Sequence[str] | None:
        """Texts, one of which stands in each row of the file that may be about the same; None: in any row."""
        return None

    def are_unchanged(self, subject: Subject, rows: Sequence[Sequence[Any]]) -> bool:
        """Whether checking these values of rows would find nothing new, told in less than checking them."""
        return False

    def identity(self, values: Sequence[Any]) -> dict[str, str]:
        """The cells that say whose row it is, by field: one of them is wrong where it is somebody else's."""
        return {}

    def hold(self, subject: Subject) -> None:
        """Let those who keep rows of one subject go one after the other."""
        return

    def refuse_at_all(self, subject: Subject) -> None:
        """Raise DomainError where no file can be taken now, whatever it holds."""
        return

    def count_known(self, cells: list[str]) -> int:
        """How many columns the cells of a header name; 0 where a needed one is missing."""
        return 0 if self.missing(cells, self.guess(cells)) else self.count_any(cells)

    def count_any(self, cells: list[str]) -> int:
        """How many columns the cells of a header name, even if a needed one is missing."""
        return len(self.found(cells))

    def found(self, cells: list[str]) -> Found:
        """The columns that the cells of a header name, by field, best first."""
        return find_columns(cells, self.words_of())

    def columns(self, header: list[str], mapping: list[str]) -> dict[str, str]:
        """The headers of each field; several parts are joined as "First name + Last name"."""
        found: dict[str, list[str]] = {}
        for text, name in zip(header, mapping, strict=False):
            if name:
                found.setdefault(name, []).append(text)
        return {name: " + ".join(texts) for name, texts in found.items()}


_kinds: dict[str, Kind] = {}


def lacking(fields: Iterable[Field], header: list[str], mapping: list[str], *needed: str) -> str | None:
    """Why the columns do not suffice where each of the needed fields has one column; None if they do."""
    labels = [str(field.label) for field in fields if field.name in needed and field.name not in mapping]
    if not labels:
        return None
    return str(
        gettext(
            "No column holds the %(what)s. The headers found are %(header)s. Rename the column to "
            "“%(label)s” and upload the file again.",
            what=labels[0].lower(),
            header=headers_in_words(header),
            label=labels[0],
        )
    )


def register(kind: Kind) -> Kind:
    """Make a kind known under its name."""
    _kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """The kind with this name; raises RecordNotFound."""
    try:
        return _kinds[name]
    except KeyError as error:
        raise RecordNotFound from error


def all_kinds() -> Iterable[Kind]:
    return _kinds.values()
