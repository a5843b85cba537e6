"""Versions of the curriculum: nobody's version ever changes under her, and no path leaves the states."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from gdt.training.curriculum import states
from gdt.training.curriculum.differences import Said, differences
from gdt.training.curriculum.states import VersionState, earliest_start, is_taught_on, version_on

BEGAN = date(2026, 1, 1)


@dataclass
class Term:
    name: int
    taught_from: date | None = None
    taught_until: date | None = None


# The office publishes now and then: days that pass before, and how late after the earliest day it may begin.
PUBLISHINGS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def publish(versions, today, delay):
    first = earliest_start(versions, today) + timedelta(days=delay)
    for one in versions:
        if one.taught_until is None:
            one.taught_until = first - timedelta(days=1)
    versions.append(Term(len(versions), first))


@given(PUBLISHINGS)
def test_whoever_has_begun_is_taught_the_same_version_for_ever(published):
    versions, today, told = [], BEGAN, {}
    for passing, delay in published:
        for _day in range(passing):
            found = version_on(versions, today)
            if found is not None:
                told[today] = found.name
            today += timedelta(days=1)
        publish(versions, today, delay)
    assert {day: version_on(versions, day).name for day in told} == told


@given(PUBLISHINGS, st.integers(-10, 400))
def test_on_each_day_one_version_is_taught_and_its_days_hold_it(published, offset):
    versions, today = [], BEGAN
    for passing, delay in published:
        today += timedelta(days=passing)
        publish(versions, today, delay)
    day = BEGAN + timedelta(days=offset)
    found = version_on(versions, day)
    assert (found is None) == (not versions)
    if found is not None:
        first = min(one.taught_from for one in versions)
        assert found.taught_from <= max(day, first)
        assert found.taught_until is None or found.taught_until >= day
        assert is_taught_on(versions, day)
    assert sum(one.taught_until is None for one in versions) == min(1, len(versions))


def test_a_draft_is_taught_to_nobody_and_what_is_retired_is_not_begun_any_more():
    versions = [Term(1, BEGAN, BEGAN + timedelta(days=9)), Term(2)]
    assert version_on([Term(1)], BEGAN) is None
    assert is_taught_on(versions, BEGAN + timedelta(days=9))
    assert not is_taught_on(versions, BEGAN + timedelta(days=10))
    assert version_on(versions, BEGAN + timedelta(days=10)).name == 1
    assert version_on(versions, BEGAN - timedelta(days=900)).name == 1


@given(st.lists(st.sampled_from(list(states.Act)), max_size=8))
def test_a_version_is_published_before_it_is_retired_and_never_goes_back(acts):
    path = [VersionState.DRAFT]
    for act in acts:
        try:
            path.append(states.after(path[-1], act))
        except states.StepRefused:
            assert (path[-1], act) not in states.STEPS
    assert path == list(VersionState)[: len(path)]


def test_only_what_is_written_in_the_table_is_possible():
    for state in VersionState:
        for act in states.Act:
            if (state, act) in states.STEPS:
                assert states.after(state, act) is states.STEPS[state, act]
            else:
                with pytest.raises(states.StepRefused):
                    states.after(state, act)


def test_what_changed_is_told_in_sentences(app_words):
    before = Said(24, "Trade.", ("Plan a shop", "Count stock"), ("en", "ms"), ("New Retail",), ("Slides",))
    now = Said(30, "Trade.", ("Plan a shop", "Read data"), ("en", "th"), ("New Retail",), ("Slides", "Film"))
    assert differences(before, now) == [
        "30 hours instead of 24.",
        "New outcome: Read data",
        "Not an outcome any more: Count stock",
        "Now also in Thai",
        "Not in Malay any more",
        "New material: Film",
    ]
    assert differences(now, now) == []


@pytest.fixture
def app_words():
    """Sentences need a language, and nothing else of the application."""
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield
