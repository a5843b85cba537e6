"""Cells merged down several rows: what stands in the first is what a person reads in each of them."""

from gdt.spreadsheets.limits import MAX_COLUMNS


class Repeats:
    """The merged cells of a sheet, filled in while its rows go by; rows and columns count from 0."""

    def __init__(self) -> None:
        self.starts: dict[int, list[tuple[int, int]]] = {}
        self.running: dict[int, tuple[int, str]] = {}

    def add(self, top: int, left: int, bottom: int) -> None:
        """Keep that the cell in row `top` and column `left` is merged down to row `bottom`."""
        if bottom > top and left < MAX_COLUMNS:
            self.starts.setdefault(top, []).append((left, bottom))

    def fill(self, row: int, cells: list[str]) -> int:
        """Put into `cells` what is merged down into this row; return how many cells that were."""
        filled = 0
        for column, (bottom, text) in list(self.running.items()):
            if row > bottom:
                del self.running[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = text
                filled += 1
        for column, bottom in self.starts.pop(row, ()):
            if column < len(cells) and cells[column]:
                self.running[column] = (bottom, cells[column])
        return filled
