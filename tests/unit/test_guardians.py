"""What a roster says of guardians: yes, of age, or a reason why the row cannot be kept."""

import pytest

from gdt.people.guardians import guardian_word
from gdt.spreadsheets.writing import write_csv
from tests.understood import understand_roster

HEADER = ["Full name", "Student number", "Parental consent"]


def test_each_row_of_a_roster_with_the_column_says_yes_or_of_age_or_is_refused_with_its_reason():
    rows = [["Lim Ah Kow", "1", "Yes"], ["Tan Mei", "2", "18+"], ["Aina Ahmad", "3", ""]]
    rows += [["Siti Aminah", "4", "No"], ["Lee Wei", "5", "perhaps"]]
    found = understand_roster(write_csv(HEADER, rows), "list.csv")
    assert [one.printed_name for one in found.rows] == ["Lim Ah Kow", "Tan Mei"]
    assert found.guardians == ["agreed", "of age"]
    assert [(told.line, told.column) for told in found.problems] == [(n, HEADER[2]) for n in (4, 5, 6)]
    empty, refused, unknown = (told.reason for told in found.problems)
    assert "not said" in empty and "cannot be entered" in refused and "not known" in unknown


def test_a_roster_without_the_column_says_nothing_of_guardians():
    found = understand_roster(write_csv(HEADER[:2], [["Lim Ah Kow", "1"]]), "list.csv")
    assert found.guardians == [None]
    assert found.problems == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((word, "agreed") for word in ("Ya", "ใช่", "Có", "نعم", "✓")),
        *((word, "of age") for word in ("dewasa", "совершеннолетний", "成年", "Mayor de edad")),
    ],
)
def test_the_words_of_the_network_are_understood(text, meant):
    assert guardian_word(text) == (meant, "")
