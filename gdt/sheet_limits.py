"""What a spreadsheet may hold at most, one row of it, and the refusal that tells its owner what to do."""

from typing import Final, NamedTuple

from flask_babel import gettext as _

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 100
MAX_MEMBERS: Final = 500
MAX_LINES: Final = 500_000
MAX_LINE: Final = 500_000
MAX_REACH_ROW: Final = 300_000
MAX_AREA: Final = 8_000_000
MAX_TEXT: Final = 50_000_000
HEADER_WITHIN: Final = 30


class Row(NamedTuple):
    """One row that is not empty; `line` is the number its owner sees in front of it."""

    line: int
    cells: list[str]


class Refused(Exception):
    """A file is refused as a whole; `reason` is a sentence for its owner, with the next step."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def too_many_rows() -> Refused:
    """Return the refusal of a file with more than `MAX_ROWS` rows."""
    return Refused(
        _(
            "The file has more than %(max_rows)s rows. Split it into smaller files and upload each.",
            max_rows=f"{MAX_ROWS:,}",
        )
    )


def too_many_columns() -> Refused:
    """Return the refusal of a file with more than `MAX_COLUMNS` columns."""
    return Refused(
        _(
            "The file has more than %(max_columns)s columns. Keep only the columns that are "
            "needed and upload it again.",
            max_columns=MAX_COLUMNS,
        )
    )
