"""Trees inside a PDF that somebody hands in, walked with limits on depth and on steps."""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

DEEPEST, MOST_NODES = 16, 2_000
"""No honest file needs more; a dishonest one names a node a thousand times, on every level."""


def name_tree_values(reader: PdfFileReader, name: str) -> Iterator[Any]:
    """Yield the values of a name tree of the catalogue, such as /EmbeddedFiles, in order.

    Follows ISO 32000-1 section 7.9.6. Raises PdfReadError, and what else pyHanko raises on a broken file.
    """
    names = reader.root.get("/Names")
    tree = names.get(name) if isinstance(names, DictionaryObject) else None
    for node in _nodes([] if tree is None else [tree]):
        entries = node.get("/Names", [])
        for place in range(1, len(entries), 2):
            yield entries[place]


def check_form(reader: PdfFileReader) -> None:
    """Raise PdfReadError when the tree of form fields (section 12.7.3) is too large for others to walk."""
    form = reader.root.get("/AcroForm")
    fields = form.get("/Fields", []) if isinstance(form, DictionaryObject) else []
    for _field in _nodes(fields):
        pass


def _nodes(roots: Any) -> Iterator[DictionaryObject]:
    """Yield the nodes below and with the roots, each before its children."""
    waiting, steps = [(root, 1) for root in reversed(roots)], len(roots)
    while waiting:
        node, depth = waiting.pop()
        node = node.get_object()
        if not isinstance(node, DictionaryObject):
            raise PdfReadError("A tree in the file is broken.")
        yield node
        kids = node.get("/Kids", ArrayObject())
        steps += len(kids)
        if depth == DEEPEST or steps > MOST_NODES:
            raise PdfReadError("A tree in the file is too deep or too large.")
        waiting += [(kids.raw_get(place), depth + 1) for place in reversed(range(len(kids)))]
