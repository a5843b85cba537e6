"""What a guard found in a workbook before anybody reads it."""

from gdt.spreadsheets.sheet_marks import SheetMarks


class Measured:
    """The marks of each sheet by its place, the bytes and cells to be read, when its days begin."""

    def __init__(self, unpacked: int) -> None:
        self.unpacked, self.cells, self.is_1904 = unpacked, 0, False
        self.marks: list[SheetMarks] = []
