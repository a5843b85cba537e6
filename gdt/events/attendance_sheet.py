"""Understands a list of who came to an event: whose row it is, and whether she came."""

from typing import NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, headers_in_words
from gdt.events.attendance_words import CAME, answer_of
from gdt.people.person_columns import PersonReader, columns_from
from gdt.spreadsheets.limits import Row


class Came(NamedTuple):
    """A row; `attended` is yes or no, and yes in a list without such a column: it names those who came."""

    email: str | None
    printed_name: str
    attended: str


def missing_column(header: list[str], mapping: list[str]) -> str | None:
    """What a list lacks: anything that says who came."""
    person = columns_from(mapping)
    if person.name or person.email is not None:
        return None
    return str(
        _(
            "No column says who came. The headers found are %(header)s. Rename the column with the e-mail "
            "addresses to “E-mail” and upload the file again.",
            header=headers_in_words(header),
        )
    )


class AttendanceReader(PersonReader):
    """Reads rows of a list; whoever left a meeting and came back stands in it several times."""

    def __init__(self, mapping: list[str]) -> None:
        super().__init__(columns_from(mapping))
        self.attended = mapping.index("attended") if "attended" in mapping else None

    def read(self, row: Row, complaints: Complaints) -> Came:
        name = self.printed_name(row) if self.columns.name else ""
        email = self.email(row, complaints)
        if not (name or email):
            complaints.add(row, None, _("This row does not say who it is about. Write an e-mail or a name."))
        return Came(email, name, self._attended(row, complaints))

    def _attended(self, row: Row, complaints: Complaints) -> str:
        if self.attended is None:
            return CAME
        text = row.cells[self.attended]
        answer = answer_of(text)
        if not answer:
            complaints.add(row, self.attended, _("Write yes or no."))
        return answer
