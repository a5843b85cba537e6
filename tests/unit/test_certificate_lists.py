"""Lists of certificates as people hand them in: whatever is readable is read, and nothing else is guessed."""

import pytest

from gdt.certification.codes import grouped
from gdt.certification.revoking.lists import LONGEST_TYPED, read_rows, read_text

CODE = "04VA0JN40H7FDD428V24K4QQ4CC"  # one that was made once: its check character is right
ONE, TWO = "GDT-2026-000001", "GDT-2026-000002"


def numbers(entries):
    return [entry.number or entry.code for entry in entries]


@pytest.mark.parametrize(
    "typed",
    [
        "GDT-2026-000001",
        "  gdt 2026 1  ",
        "2026-000001",
        "ＧＤＴ－２０２６－０００００１",
        "GDT-2026-000001;",
        "1. GDT-2026-000001 Aisyah binti Rahman",
        "GDT-2026-000001,Aisyah,GDT-course",
        "Aisyah\tGDT-2026-000001\tValid",
        f"GDT-2026-000001,{CODE}",
        "Please revoke GDT-2026-000001 at once",
    ],
)
def test_a_number_is_found_however_it_is_written(typed):
    assert numbers(read_text(typed)) == [ONE]


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        grouped(CODE),
        grouped(CODE).lower(),
        f"https://gdt.example/verify/{CODE}",
        f" {grouped(CODE).replace('-', ' ')} ",
        f"{grouped(CODE)},Aisyah",
        f"her code is {grouped(CODE)} thanks",
        f"{CODE},{ONE}",
    ],
)
def test_a_code_is_found_however_it_is_written(typed):
    assert numbers(read_text(typed)) == [CODE]


@pytest.mark.parametrize(
    "typed",
    [
        f"{ONE}\n{TWO}",
        f"{ONE}, {TWO}",
        f"{ONE} {TWO}",
        f"{ONE};{TWO};",
        f"Number\n{ONE}\n\n\n{TWO}",
        f"{ONE}\r\n{TWO}\r\n",
    ],
)
def test_several_are_several(typed):
    assert numbers(read_text(typed)) == [ONE, TWO]


def test_lines_keep_their_numbers_and_duplicates_stay():
    found = read_text(f"Certificates\n{ONE}\n\nrubbish 9\n{ONE}")
    assert [(entry.line, entry.number) for entry in found] == [(2, ONE), (4, None), (5, ONE)]
    assert found[1].typed == "rubbish 9" and not found[1].is_readable


def test_a_code_with_a_slip_is_not_guessed():
    wrong = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    (entry,) = read_text(wrong)
    assert not entry.is_readable and entry.typed == wrong


def test_nothing_typed_is_nothing():
    assert read_text(" \n\n") == read_text("") == []


def test_a_table_is_read_by_the_column_that_holds_most():
    rows = [
        (1, ["No", "Name", "Number", "Replaces"]),
        (2, ["1", "Aisyah", ONE, ""]),
        (3, ["2", "Bao", "GDT 2026 2", ONE]),
        (4, ["3", "Charlie", "n/a", ""]),
        (5, ["4"]),
    ]
    assert [(entry.line, entry.number, entry.typed) for entry in read_rows(rows)] == [
        (2, ONE, ONE),
        (3, TWO, "GDT 2026 2"),
        (4, None, "n/a"),
        (5, None, ""),
    ]


def test_a_table_without_a_heading_loses_no_row():
    assert numbers(read_rows([(1, [ONE]), (2, [TWO])])) == [ONE, TWO]
    assert numbers(read_rows([(7, ["x", CODE]), (8, ["y", CODE])])) == [CODE, CODE]


def test_a_table_with_nothing_readable_says_so_of_every_row_but_the_heading():
    found = read_rows([(1, ["Name"]), (2, ["Aisyah"]), (3, ["Bao"])])
    assert [(entry.line, entry.is_readable) for entry in found] == [(2, False), (3, False)]
    assert read_rows([]) == []


def test_what_nobody_can_see_or_store_is_made_visible_and_short():
    (entry,) = read_text("9\0\x1f" + "x" * 1000)
    assert entry.typed.startswith("9\N{REPLACEMENT CHARACTER}")
    assert len(entry.typed) == LONGEST_TYPED
