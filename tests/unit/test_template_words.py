"""Workbooks to fill in, in every language of the network: whatever they say, their reader understands."""

import io

import openpyxl
import pytest

from gdt.columns import header_key
from gdt.events.attendance_kind import ATTENDANCE
from gdt.exams.results_kind import RESULTS
from gdt.imports.template_words import CHOICES, HEADERS, LANGUAGES, NOTES, header_in, language_names
from gdt.people.roster_words import GENDER_WORDS
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from gdt.training.headcounts_kind import HEADCOUNTS
from gdt.training.progress_kind import PROGRESS
from gdt.training.progress_words import STATE_WORDS
from gdt.training.roster_kind import ROSTER
from gdt.training.teachers_kind import TEACHERS
from tests.understood import understand_roster

COLUMNS = {
    ROSTER: ("full_name", "native_name", "own_number", "email", "gender", "guardian"),
    TEACHERS: ("full_name", "native_name", "own_number", "email", "gender"),
    PROGRESS: ("own_number", "full_name", "attendance", "state", "completed_on"),
    RESULTS: ("own_number", "email", "full_name", "mark"),
    ATTENDANCE: ("email", "full_name", "attended"),
    HEADCOUNTS: ("year", "measure", "module", "people", "evidence"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_header_of_a_language_is_known_as_its_field(language):
    for kind, fields in COLUMNS.items():
        ours = {field.name: str(field.label) for field in kind.fields}
        names = [kind.template_names.get(name, name) for name in fields]
        header = [header_in(language, name, ours[field]) for name, field in zip(names, fields, strict=True)]
        assert tuple(kind.guess(header)) == fields


def test_every_choice_of_every_language_is_known():
    known = {**GENDER_WORDS, **STATE_WORDS}
    wrong = {
        word: choice for choice, words in CHOICES.items() for word in words.values()
        if known.get(header_key(word)) != choice
    }  # fmt: skip
    assert wrong == {}
    assert all(len(words) > 8 for words in (*HEADERS.values(), *CHOICES.values()))
    assert set(NOTES) == set(LANGUAGES) - {"en"}
    assert dict(language_names())["vi"] == "Tiếng Việt"


@pytest.mark.parametrize("language", ["th", "ar"])
def test_a_workbook_in_a_language_can_be_filled_in_and_comes_back(language):
    data = ROSTER.template(None, language)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
    assert NOTES[language] == book.worksheets[1]["A1"].value
    woman = CHOICES["female"][language]
    assert woman in sheet.data_validations.dataValidation[0].formula1
    sheet.append(["Nok Chai", "", "0012", "", woman])
    out = io.BytesIO()
    book.save(out)
    assert understand_roster(out.getvalue(), "r.xlsx").rows == [(2, "Nok Chai", None, "0012", None, "female")]
    assert len(read_table(data, "empty.xlsx", ROSTER.count_known).header) == 5
    with pytest.raises(Refused):
        understand_roster(data, "empty.xlsx")
