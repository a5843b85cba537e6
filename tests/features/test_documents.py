"""The document store: what is asked for and is not there."""

import pytest

from gdt import documents
from gdt.errors import RecordNotFound


def test_a_document_that_is_gone_is_not_found_whichever_way_it_is_asked_for(app):
    key, _digest = documents.keep("samples", b"hello", suffix=".txt")
    documents.remove(key)
    for ask in (documents.read, documents.open_to_read):
        for missing in (key, ""):
            with pytest.raises(RecordNotFound):
                ask(missing)
