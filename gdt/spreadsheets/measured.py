"""What a guard found in a workbook before anybody reads it."""

from gdt.spreadsheets.sheet_marks import SheetMarks


class Measured:
    """The marks and the part of each sheet by its place, how much is to be read, when its days begin."""

    def __init__(self, unpacked: int) -> None:
        self.unpacked, self.cells, self.is_1904 = unpacked, 0, False
        self.marks: list[SheetMarks] = []
        self.parts: list[str] = []
