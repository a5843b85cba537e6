"""What a kept file did is read back whole, and which rows it named without reading it."""

import json
import zlib

from gdt import documents
from gdt.imports.journal import keep_page, page_of, ranges_of, read_page
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.models import Upload

MADE = [Made("persons", ("printed_name",), [(7, "Ana"), (8, "Ben"), (11, "Cyn")])]
CHANGES = [("persons", 9, "gender", None, "female"), ("results", 3, "mark", "5", "6")]


def test_a_page_comes_back_and_tells_its_rows_ahead_also_one_from_before(app):
    page = page_of(Kept(made=MADE, changes=CHANGES))
    before = zlib.compress(json.dumps(page, default=str).encode(), 1)
    for key in (keep_page(page), documents.keep("imports-journal", before, suffix=".journal")[0]):
        told = read_page(key)
        assert told["columns"] == [["persons", ["printed_name"], [[7, 8, 11], ["Ana", "Ben", "Cyn"]], {}]]
        assert told["changes"] == [list(change) for change in CHANGES]
        assert ranges_of(Upload(journal=[key])) == {"persons": [[7, 9], [11, 11]], "results": [[3, 3]]}


def test_rows_of_several_pages_are_told_as_one_where_they_meet(app):
    pages = [[(1, "Ana"), (2, "Ben")], [(3, "Cyn"), (4, "Dan")], [(9, "Eve")], [(2, "Ben")]]
    keys = [keep_page(page_of(Kept(made=[Made("persons", ("printed_name",), rows)]))) for rows in pages]
    assert ranges_of(Upload(journal=[*keys, "imports-journal/gone.journal"])) == {"persons": [[1, 4], [9, 9]]}
