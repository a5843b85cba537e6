"""Rows that travel and are looked at many at a time are the rows that stand in the file, one by one."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.people.first_seen import SeenBefore
from gdt.people.name_keys import name_key, name_keys
from gdt.spreadsheets import csv_files
from gdt.spreadsheets.csv_files import TextTable
from gdt.spreadsheets.limits import Row, Unreadable
from gdt.spreadsheets.portions import Portion, Rows, as_message, from_message
from gdt.spreadsheets.tables import best_header, rows_below

cells = st.sampled_from(
    ["", "a", " b ", '"c"', '"d,e"', '"f\ng"', "h'i", "'=1", "é", "e\u0301", "\u3000j", "k\tl"]
)
texts = st.lists(st.lists(cells, max_size=4).map(",".join), max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
)


def one_by_one(text):
    """The rows as they are read with nothing looked at together."""
    told, widest = [], 0
    first = io.StringIO(text, newline="").readline()
    is_quoted = first.startswith('"') and first.rstrip("\r\n").endswith('"')
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            raw = next(reader)
        except StopIteration:
            return told
        except csv.Error:
            return [*told, ("broken_quote", line)]
        if reader.line_num > line and not is_quoted and csv_files._takes_in_rows(raw, ",", widest):
            return [*told, ("broken_quote", line)]
        widest = max(widest, len(raw))
        found = [csv_files._clean(cell) for cell in raw]
        if any(found):
            told.append((line, found))


@pytest.fixture(autouse=True, scope="module")
def few_at_once():
    before = csv_files.AT_ONCE, csv_files.HEADER_WITHIN
    csv_files.AT_ONCE, csv_files.HEADER_WITHIN = 3, 1
    yield
    csv_files.AT_ONCE, csv_files.HEADER_WITHIN = before


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(["", '"', 'x,"', "x\n"]))
def test_lines_read_some_at_a_time_are_the_rows_of_the_whole_text(text, ending):
    text, told = text + ending, []
    try:
        for row in TextTable(text.encode(), "utf-8", 0).rows(","):
            told.append(tuple(row))
    except Unreadable as reason:
        told.append((reason.code, reason.facts["line"]))
    assert told == one_by_one(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text("a\x7f\n,é\x1f", max_size=3), min_size=1, max_size=3), min_size=1, max_size=6)
)
def test_a_portion_travels_unchanged_whatever_its_cells_hold(told):
    rows = [Row(line, list(row)) for line, row in enumerate(told, start=5)]
    arrived = from_message(json.loads(json.dumps(as_message(Portion.of(rows)))))
    assert arrived.rows == rows
    assert arrived.part(1).rows == rows[1:]
    widths = {len(row) for row in told}
    assert arrived.columns == (list(map(list, zip(*told, strict=True))) if len(widths) == 1 else None)


def test_a_portion_of_columns_of_different_lengths_is_refused():
    with pytest.raises(ValueError, match="not of one length"):
        from_message({"lines": [1, 2], "columns": ["a\x7fb", "c"]})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_totals_and_repeated_headers_are_set_aside_wherever_portions_end(sizes):
    header, notices = ["Name", "Number"], []
    people = [[f"Ana {n}", str(n)] for n in range(sum(sizes))]
    rows = [Row(n, row) for n, row in enumerate([header, *people, header, ["Total", "7"]], start=1)]
    portions = [Portion.of(rows[:1]), Portion.of(rows[-2:])]
    for size in sizes:
        start = 1 + sum(map(len, portions[1:-1]))
        portions.insert(-1, from_message(as_message(Portion.of(rows[start : start + size]))))
    found = best_header(rows[:3], (), lambda row: 2 * (row == header))
    assert [row.cells for row in Rows(rows_below(portions, found, notices))] == people
    assert [notice.code for notice in notices] == ["headers_again", "totals"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("aZ9 '`-.é\n", max_size=6), max_size=5))
def test_the_keys_of_many_names_are_the_keys_of_each(names):
    assert name_keys(names) == list(map(name_key, names))


def test_how_often_a_thing_came_before_is_known_though_nobody_asked_before():
    seen = SeenBefore()
    seen.add(["Ana", "Ben", "Ana"])
    assert seen.count(["Ana", "Cy", "Cy"]) == [2, 0, 1]
    seen.add(["Cy"])
    assert seen.count(["Cy", "Ana"]) == [3, 3]
