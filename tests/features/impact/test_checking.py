"""The check finds whatever was changed behind the counting's back, and repairs it; explain opens a number."""

import json
import re

import pytest
from sqlalchemy import text

from gdt.access import OFFICE
from gdt.commands.impact import impact
from gdt.database import db
from gdt.impact import checking
from gdt.impact.genders import CHOICES
from gdt.impact.measures import MEASURES
from gdt.impact.queries import totals
from gdt.row_security import owner_engine
from tests.features.impact.networks import YEARS, measures_in, random_network

TAMPERING = {
    "total": "UPDATE counted_totals SET people = people + 1 WHERE level = 0 AND year = 0 AND module_id = 0",
    "a total that is gone": "DELETE FROM counted_totals WHERE level = 2",
    "a total too many": "INSERT INTO counted_totals"
    " (fact, year, level, place_id, module_id, gender, facts, people, newcomers)"
    " VALUES ('completions', 1999, 0, 0, 0, 0, 5, 5, 5)",
    "a gender": "UPDATE counted_totals SET people = people + 1 WHERE gender = 1",
    "words": "UPDATE counted_people SET completions = '1999:1::' WHERE completions IS NOT NULL",
    "somebody who is not there": "INSERT INTO counted_people (id, results) VALUES (99999, '2024:1::1p')",
    "where institutions stand": "UPDATE counted_places SET country_id = country_id + 1",
    "what was taught": "DELETE FROM counted_teaching WHERE module_id = 0",
    "a trigger": "DROP TRIGGER counted_enrolments_update{on}",
}


def run(app, *words):
    db.session.rollback()
    result = app.test_cli_runner().invoke(impact, [*words, "--json"])
    return result.exit_code, json.loads(result.output)


@pytest.fixture(autouse=True)
def _few_people_at_a_time(monkeypatch):
    """So that these small networks are read in several ranges, as large ones are."""
    monkeypatch.setattr(checking, "PEOPLE_A_PORTION", 5)


@pytest.mark.parametrize("seed", [21, 22])
def test_the_check_finds_nothing_where_nothing_was_changed(app, seed):
    random_network(seed)
    assert run(app, "check") == (0, {"is_right": True, "is_repaired": False, "findings": []})


def test_the_check_finds_nothing_in_an_empty_database(app):
    assert run(app, "check")[0] == 0


@pytest.mark.parametrize("what", TAMPERING)
def test_the_check_finds_and_repairs_what_was_changed_behind_its_back(app, what):
    random_network(23)
    before = totals(viewer=OFFICE)
    db.session.rollback()
    statement = TAMPERING[what].format(on=" ON enrolments" if db.engine.dialect.name == "postgresql" else "")
    with owner_engine().begin() as connection:
        connection.execute(text(statement.replace(":", "\\:")))
    code, outcome = run(app, "check")
    assert (code, outcome["is_right"], outcome["is_repaired"]) == (1, False, False)
    assert outcome["findings"]
    code, outcome = run(app, "check", "--repair")
    assert (code, outcome["is_repaired"]) == (1, True)
    assert run(app, "check")[0] == 0
    assert totals(viewer=OFFICE) == before


def test_the_check_says_what_was_written_and_not_counted_yet(app):
    random_network(24)
    db.session.rollback()
    with owner_engine().begin() as connection:
        connection.execute(
            text("UPDATE enrolments SET completed_on = '2001-02-03' WHERE state = 'completed'")
        )
    code, outcome = run(app, "check")
    assert code == 1
    assert "changes not counted yet" in {finding["what"] for finding in outcome["findings"]}
    assert run(app, "check", "--repair")[0] == 1
    assert run(app, "check")[0] == 0


def test_explain_says_what_a_number_is_made_of(app):
    oracle = random_network(25)
    for measure in MEASURES:
        for scope, words in (
            ({}, []),
            ({"year": YEARS[-1]}, ["--year", str(YEARS[-1])]),
            ({"institution": "my0"}, ["--institution", "MY0"]),
            ({"country": "MY", "module": "retail"}, ["--country", "my", "--module", "retail"]),
            ({"country": "MY", "gender": "not-given"}, ["--country", "my", "--gender", "not-given"]),
        ):
            if measure not in measures_in(scope):
                assert run(app, "explain", measure.slug, *words)[0] == 2
                continue
            code, found = run(app, "explain", measure.slug, *words)
            expected = oracle.count(measure.key, scope)
            assert code == 0
            assert (found["recorded"], found["verified"], found["claimed"]) == expected
            assert found["total"] == sum(expected[:2])
            assert len(found["rows"]) == oracle.count_rows(measure, scope)
            reported = [h["people"] for h in found["headcounts"] if h["state"] == "verified"]
            assert measure.told_by or sum(reported) == found["verified"]
            assert set(found["parts"]["gender"]) <= (set(CHOICES) if measure.is_of_people else set())
            for dimension, parts in found["parts"].items():
                for value, total in parts.items():
                    part = {**scope, dimension: int(value) if dimension == "year" else value}
                    assert total == sum(oracle.count(measure.key, part)[:2])


def test_explain_says_the_same_in_words(app):
    oracle = random_network(25)
    recorded, verified, _claimed = oracle.count("students_trained", {"year": YEARS[-1]})
    words = ["explain", "students_trained", "--year", str(YEARS[-1])]
    told = app.test_cli_runner().invoke(impact, words).output
    assert recorded + verified
    assert told.startswith(f"Students trained: {recorded + verified:,} people\n{YEARS[-1]}, as of ")
    assert "\nby institution: " in told
    assert "by year" not in told
    assert not re.search(r"[{}]|None|year_is_that_of", told)


def test_explain_refuses_what_there_is_not(app):
    random_network(26)
    for words in (
        ["nothing"],
        ["completions", "--gender", "x"],
        ["completions", "--country", "XX"],
        ["completions", "--module", "x"],
    ):
        assert run(app, "explain", *words)[0] == 2
