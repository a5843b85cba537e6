"""What a spreadsheet may hold at most, one row of it, and why one cannot be read."""

from typing import Any, Final, NamedTuple

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256
MAX_SHEETS: Final = 100
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


class Unreadable(Exception):
    """A file cannot be read: `code` names the sentence in `refusals`, `facts` fill it.

    Raised where untrusted bytes are read, in a process that knows no languages.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts
