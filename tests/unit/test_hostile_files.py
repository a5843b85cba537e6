"""Hostile files end in a sentence for their owner, and the process that met them is gone."""

import subprocess

import pytest

from gdt.spreadsheets import parsing
from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.parsing import Parsing
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from tests.unit.hostile_files import hostile_files
from tests.unit.workbook_makers import xlsx

FILES = {what: (name, data) for what, name, data in hostile_files()}
HARMLESS = {"merges without end", "promises endless sectors"}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that(what):
    name, data = FILES[what]
    try:
        rows = list(read_table(data, name).rows)
    except Refused as refusal:
        assert refusal.reason.endswith(".")
    else:
        assert what in HARMLESS
        assert [row.cells[0] for row in rows] == ["Ann"]


def test_a_process_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(parsing, "_START", "import os; os.abort()  # {child}")
    with pytest.raises(Refused, match="more time or memory"):
        read_table(b"name\nAnn", "a.csv")


def test_a_process_that_never_answers_is_ended(monkeypatch):
    monkeypatch.setattr(parsing, "_START", "import time; time.sleep(60)  # {child}")
    monkeypatch.setattr(parsing, "_SECONDS", -1)
    with pytest.raises(Refused, match="more time or memory"):
        read_table(b"name\nAnn", "a.csv")


def test_a_process_that_takes_memory_without_end_is_stopped(monkeypatch):
    greedy = (
        "import sys; sys.path[:] = sys.argv.pop(1).split('\\n'); import gdt.spreadsheets.child as {child}; "
        "{child}.open_file = lambda *_: bytearray(400 * 1024 * 1024); {child}.main()"
    )
    monkeypatch.setattr(parsing, "_START", greedy)
    with pytest.raises(Unreadable) as reason:
        Parsing(b"name\nAnn", "a.csv")
    assert reason.value.code == "too_demanding"


def test_no_process_is_left_behind():
    started = []
    whole = subprocess.Popen

    class Watched(whole):
        def __init__(self, *args, **more):
            super().__init__(*args, **more)
            started.append(self)

    parsing.subprocess.Popen = Watched
    try:
        rows = iter(read_table(xlsx({"S": [["Name"], *[[f"P{n}"] for n in range(5000)]]}), "a.xlsx").rows)
        next(rows)
        rows.close()
        list(read_table(b"name\nAnn", "a.csv").rows)
        with pytest.raises(Refused):
            read_table(b"PK\x03\x04", "a.xlsx")
    finally:
        parsing.subprocess.Popen = whole
    assert [process.returncode is not None for process in started] == [True] * 3
