"""The life of events and places: no path leaves the tables, and no place stays empty while somebody waits."""

from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.calendar_files import TimedEvent, calendar_file
from gdt.events.states import (
    ACTS,
    STEPS,
    Act,
    EventState,
    PlaceState,
    Step,
    StepRefused,
    after,
    moving_up,
    place_after,
    step_for_newcomer,
)
from gdt.events.zones import COUNTRIES, ZONES, days, to_utc
from gdt.partners.time_zones import zone_of

DEEDS = st.lists(st.tuples(st.sampled_from(["ask", "leave"]), st.integers(0, 6)), max_size=30)


@given(st.lists(st.sampled_from(Act), max_size=8))
def test_an_event_only_goes_where_the_table_says_and_cancelled_is_the_end(acts):
    state = EventState.DRAFT
    for act in acts:
        try:
            state, before = after(state, act), state
        except StepRefused:
            continue
        assert (before, act) in ACTS
        assert before is not EventState.CANCELLED


@given(DEEDS, st.integers(1, 4) | st.none())
def test_places_are_never_given_twice_nor_kept_from_those_who_wait_longest(deeds, places):
    states, queue = {}, []
    for deed, who in deeds:
        state = states.get(who)
        taken = sum(one is PlaceState.REGISTERED for one in states.values())
        step = Step.WITHDRAW if deed == "leave" else step_for_newcomer(places, taken, len(queue))
        try:
            states[who] = place_after(state, step)
        except StepRefused:
            assert (state, step) not in STEPS
            continue
        queue = [one for one in queue if states[one] is PlaceState.WAITING]
        if states[who] is PlaceState.WAITING:
            queue.append(who)
        taken = sum(one is PlaceState.REGISTERED for one in states.values())
        first = moving_up(places, taken, queue)
        assert list(first) == queue[: len(first)]
        for one in first:
            states[one] = place_after(states[one], Step.MOVE_UP)
        queue = queue[len(first) :]
        taken = sum(one is PlaceState.REGISTERED for one in states.values())
        assert places is None or taken <= places
        assert not queue or taken == places


def test_a_calendar_file_opens_with_every_moment_and_letter_as_it_was():
    starts, ends = datetime(2023, 2, 22, 1, 0, tzinfo=UTC), datetime(2023, 2, 22, 9, 30, tzinfo=UTC)
    title = "Opening; awards, and “ខ្មែរ” \\ " + "數位" * 40
    url = "https://x.example/e"
    entry = TimedEvent("event-7", starts, ends, title, "One\nTwo", url, "Hall 1, Hangzhou")
    gone = TimedEvent("event-8", starts, ends, "Gone", "", url, sequence=12, is_called_off=True)
    file = calendar_file("Conference", "gdt.example", [entry, gone], starts)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    first, second = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert (first["summary"], first["description"], first["location"]) == (title, "One\nTwo", entry.place)
    assert (first.start, first.end, first["uid"]) == (starts, ends, "event-7@gdt.example")
    assert (first["status"], second["status"], second["sequence"]) == ("CONFIRMED", "CANCELLED", 12)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Singapore", 28), ("America/Mexico_City", 1), ("UTC", 1)])
def test_days_are_those_of_the_zone(zone, day):
    there = datetime(2026, 3, 1, 0, 30)  # noqa: DTZ001  (as it is typed)
    utc = to_utc(there, zone)
    assert days(utc, utc, zone)[0] == there.date()
    assert utc.day == day


def test_every_country_of_the_network_has_a_zone_that_is_offered():
    assert {zone_of(code) for code in COUNTRIES} <= set(ZONES)
    assert len(COUNTRIES) == 17
