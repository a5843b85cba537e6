"""The columns we add to a file that is handed back, known again when it is uploaded again."""

from typing import Final

# No keyboard and no old encoding has this mark, so no column of a partner's own starts like this.
OURS: Final = "GDT ✎"


def our_header(word: str) -> str:
    """Return the header of a column we add; `word` says in the owner's language what stands in it."""
    return f"{OURS} {word}"


def our_columns(header: list[str]) -> list[int]:
    """Return where the columns that we added stand in `header`."""
    return [index for index, text in enumerate(header) if text.startswith(OURS)]
