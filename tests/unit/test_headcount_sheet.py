"""Sheets of headcounts: years of two eras, and what is said of a module nobody knows."""

import pytest

from gdt.columns import Complaints
from gdt.spreadsheets.limits import Row
from gdt.training.headcount_sheet import HeadcountReader

HEADER = ["พ.ศ.", "Measure", "Module", "People", "Evidence"]
FIELDS = ["year", "measure", "module", "people", "evidence"]


def read(year, module="m1"):
    complaints = Complaints(HEADER)
    row = Row(2, [year, "students trained", module, "12", "signed list"])
    return HeadcountReader(FIELDS, {"m1": "Module one"}).read(row, complaints), complaints.problems


@pytest.mark.parametrize(
    ("written", "year"),
    [("2023", 2023), ("2566", 2023), ("2566.0", 2023), ("๒๕๖๖", 2023), ("พ.ศ. 2566", 2023), ("2560", 2017)],
)
def test_a_year_of_the_buddhist_era_is_the_common_one(written, year):
    told, problems = read(written)
    assert (told.year, problems) == (year, [])


@pytest.mark.parametrize("written", ["2016", "2559", "2999", "25666", "1480", ""])
def test_a_year_before_the_programme_or_to_come_is_refused_in_either_era(written):
    assert "Write a year from 2017" in read(written)[1][0].reason


def test_a_module_nobody_knows_is_named():
    assert "no module “Rubber ducks”" in read("2023", "Rubber ducks")[1][0].reason
