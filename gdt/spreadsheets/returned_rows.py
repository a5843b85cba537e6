"""Which rows of a file are handed back, why, and where in them something is wrong."""

from typing import Any, NamedTuple


class Complaint(NamedTuple):
    """What is wrong with a row: all of it in words, and the reason at each cell; columns count from 0."""

    reason: str
    cells: list[tuple[int, str]]


class Request(NamedTuple):
    """What to hand back: the lines up to the header, and the lines with a complaint.

    The reasons go into the column `column`, under the header `title`; a format in which the lines move
    keeps their old number in a column before it, under `line_title`.
    """

    last_header_line: int
    header_line: int
    rows: dict[int, Complaint]
    column: int
    title: str
    line_title: str
    first_lines: dict[int, int]

    @classmethod
    def from_command(cls, command: dict[str, Any]) -> "Request":
        """Return the request that came as JSON."""
        rows = {
            int(line): Complaint(reason, [(int(column), text) for column, text in cells])
            for line, (reason, cells) in command["rows"].items()
        }
        first = {int(line): int(number) for line, number in command["first_lines"].items()}
        return cls(
            int(command["last_header_line"]),
            int(command["header_line"]),
            rows,
            int(command["column"]),
            str(command["title"]),
            str(command["line_title"]),
            first,
        )


def letters_of(column: int) -> str:
    """Return the name of a column that counts from 0: "A", "Z", "AA"."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(letters: str) -> int:
    """Return the number, from 0, of a column with this name."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
