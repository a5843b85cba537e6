"""What a guard found in a workbook before anybody reads it."""

from dataclasses import dataclass, field

from gdt.spreadsheets.sheet_marks import SheetMarks


@dataclass
class Measured:
    """The marks of each sheet by its place, the bytes and cells to be read, when its days begin."""

    marks: list[SheetMarks] = field(default_factory=list)
    unpacked: int = 0
    cells: int = 0
    is_1904: bool = False
