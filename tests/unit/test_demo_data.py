"""The demo's own files: names that correspond in both scripts, plans that add up, terms that fit."""

import csv
import itertools
import re
import unicodedata
from datetime import date
from random import Random

import pytest

from certificates import unprintable_characters
from gdt.demo.institutions import FOLDER, terms_of
from gdt.demo.names import NAMES, NameBook, read_culture
from gdt.demo.network import monday

CULTURES = sorted(path.stem for path in NAMES.glob("*.toml"))
STORIES = ("in force", "conference", "expiring", "in grace", "lapsed", "closed")
LATIN_IN_BOTH = {"vietnamese"}


def rows_of(filename):
    with (FOLDER / filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("culture", CULTURES)
@pytest.mark.parametrize("is_female", [True, False])
def test_a_hundred_names_of_each_culture_are_distinct_and_printable(culture, is_female):
    book = NameBook(Random(1))
    names = [book.new(culture, is_female=is_female) for _name in range(100)]
    assert len({name.printed for name in names}) == 100
    for name in names:
        text = name.printed + (name.native or "")
        assert "{" not in text
        assert text == text.strip()
        assert unprintable_characters(unicodedata.normalize("NFC", text)) == []


@pytest.mark.parametrize("culture", CULTURES)
def test_names_in_another_script_hold_no_latin_letter(culture):
    book = NameBook(Random(2))
    natives = [book.new(culture, is_female=n % 2 == 0).native for n in range(100)]
    if culture not in LATIN_IN_BOTH:
        assert [name for name in natives if name and re.search("[A-Za-z]", name)] == []


@pytest.mark.parametrize("culture", CULTURES)
def test_a_part_of_a_name_has_its_counterpart_wherever_the_culture_writes_two(culture):
    patterns, pools = read_culture(culture)
    writes_two = any(native for found in patterns.values() for _latin, native in found)
    for pool, parts in pools.items():
        assert all(part.printed and (part.native is not None) == writes_two for part in parts), pool
        assert len({part.printed for part in parts}) == len(parts), pool


def test_there_are_thirty_institutions_in_seventeen_countries_and_every_one_has_somebody_s_names():
    rows = rows_of("institutions.csv")
    assert (len(rows), len({row["country"] for row in rows})) == (30, 17)
    assert all(row["domain"].endswith(".example") for row in rows)
    cultures = {part.split(":")[0] for row in rows for part in row["names"].split()}
    assert cultures == set(CULTURES)


def test_the_activity_adds_up_to_the_announced_people():
    rows = [row for row in rows_of("activity.csv") if int(row["year"]) <= 2022]
    totals = {name: sum(int(row[name]) for row in rows) for name in rows[0] if name != "institution"}
    assert totals["teachers_recorded"] + totals["teachers_reported"] == 1400
    assert totals["students_recorded"] + totals["students_reported"] == 32_400


def test_no_year_since_then_is_empty():
    for year in (2023, 2024, 2025):
        rows = [row for row in rows_of("activity.csv") if int(row["year"]) == year]
        students = sum(int(row["students_recorded"]) + int(row["students_reported"]) for row in rows)
        assert 9_000 < students < 12_000
        assert 5 <= len([row for row in rows if int(row["students_recorded"])]) < len(rows) < 29


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2031, 6, 30)]
)
def test_the_terms_of_a_chain_follow_one_another_without_a_gap(story, today):
    chain = terms_of(story, date(2018, 1, 22), today)
    for before, after in itertools.pairwise(chain):
        assert (after.starts_on - before.ends_on).days == 1
    assert all(term.signed_on <= term.starts_on < term.ends_on for term in chain)
    assert chain[0].starts_on == date(2018, 1, 22)


def test_an_applicant_has_no_term():
    assert terms_of("applicant", None, date(2026, 11, 22)) == []


def test_monday_is_the_day_itself_or_the_next():
    assert monday(date(2026, 11, 23)) == date(2026, 11, 23)
    assert monday(date(2026, 11, 24)) == date(2026, 11, 30)
