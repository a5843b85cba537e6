"""Places in a training, the steps of invitations and of taking part, reminders, feedback, calendars."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.calendar_files import TimedEvent, calendar_file
from gdt.partners.time_zones import is_zone, keeps_several, zone_of, zones_of
from gdt.training.feedback.totals import FEWEST, Answer, Pace, totals_of
from gdt.training.qualifying.chains import renewed_of
from gdt.training.qualifying.reminder_days import MONTHS, due_months
from gdt.training.taking_part import states
from gdt.training.taking_part.room import Room, Waiting, who_moves_up
from gdt.training.taking_part.states import InvitationState, PartState

SCHOOLS = st.integers(1, 4)
NUMBERS = st.dictionaries(SCHOOLS, st.integers(0, 5), max_size=4)
ROOMS = st.builds(Room, st.none() | st.integers(1, 12), NUMBERS, NUMBERS)
LINES = st.lists(SCHOOLS, max_size=15).map(lambda places: [Waiting(n, i) for n, i in enumerate(places)])


def after_all(room, line, moved):
    for one in line:
        if one.id in moved:
            room = room.with_one_of(one.institution_id)
    return room


@given(ROOMS, LINES)
def test_nobody_gets_a_place_that_is_not_there_or_is_kept_for_another_institution(room, line):
    moved = who_moves_up(room, line)
    full = after_all(room, line, moved)
    if room.places is not None and moved:
        assert full.people <= room.places
    for school in room.kept:
        others = sum(full.taken.get(i, 0) - room.taken.get(i, 0) for i in full.taken if i != school)
        if others and room.places is not None and room.spare is not None:
            beyond = sum(
                max(0, full.taken[i] - max(room.kept.get(i, 0), room.taken.get(i, 0))) for i in full.taken
            )
            assert beyond <= room.spare


@given(ROOMS, LINES)
def test_whoever_waits_longer_comes_first_and_no_place_stays_empty_that_somebody_waits_for(room, line):
    moved = who_moves_up(room, line)
    assert moved == sorted(moved)
    full = after_all(room, line, moved)
    left = [one for one in line if one.id not in moved]
    assert not any(full.has_place_for(one.institution_id) for one in left)
    for school in {one.institution_id for one in line}:
        hers = [one.id for one in line if one.institution_id == school]
        assert [key for key in hers if key in moved] == hers[: sum(key in moved for key in hers)]


@given(st.lists(st.sampled_from(list(states.Act)), max_size=12))
def test_nobody_takes_part_who_was_not_named_and_who_withdrew_begins_anew(acts):
    state = PartState.NAMED
    for act in acts:
        before = state
        try:
            state = states.after(state, act)
        except states.StepRefused:
            assert (before, act) not in states.STEPS
            continue
        if state is PartState.TAKES_PART:
            assert before in {PartState.NAMED, PartState.WAITING}
        assert before is not PartState.NOT_REACHED


@given(st.lists(st.sampled_from(list(states.Answer)), max_size=12))
def test_an_answer_that_was_taken_back_by_the_office_needs_a_new_invitation(answers):
    state = InvitationState.INVITED
    for answer in answers:
        before = state
        try:
            state = states.answered(state, answer)
        except states.StepRefused:
            assert (before, answer) not in states.ANSWERS
            continue
        if before is InvitationState.WITHDRAWN:
            assert state is InvitationState.INVITED


@given(st.dates(date(2020, 1, 31), date(2030, 1, 1)), st.integers(10, 1200), st.integers(0, 1300))
def test_each_reminder_has_its_day_between_the_beginning_and_the_end(valid_from, length, offset):
    until, day = valid_from + timedelta(days=length), valid_from + timedelta(days=offset)
    due = due_months(valid_from=valid_from, valid_until=until, day=day)
    if due is None:
        assert day > until or (until - day).days > 28 * min(MONTHS) or length < 31 * max(MONTHS)
    else:
        assert due in MONTHS
        assert day <= until
        assert (until - day).days <= 31 * due


def test_a_chain_of_qualifications_never_forks():
    class Held:
        def __init__(self, key, first, module=1):
            self.id, self.module_id, self.person_id = key, module, 1
            self.valid_from = date(first, 1, 1)
            self.valid_until = date(first + 2, 12, 31)

    held = [Held(3, 2024), Held(1, 2018), Held(2, 2021), Held(9, 2019, module=2)]
    assert renewed_of(held) == {1: 2, 2: 3}


def test_answers_are_told_only_together_and_not_in_their_order():
    answers = [Answer(5, Pace.RIGHT, True, f"{letter}.") for letter in "edcba"]
    assert totals_of(answers[: FEWEST - 1]) is None
    totals = totals_of([*answers[1:], Answer(1, Pace.TOO_FAST, False, "")])
    assert (totals.answers, totals.usefulness, totals.recommending) == (5, 4.2, 0.8)
    assert totals.paces == {Pace.TOO_SLOW: 0, Pace.RIGHT: 4, Pace.TOO_FAST: 1}
    assert totals.words == ["a.", "b.", "c.", "d."]


@pytest.mark.parametrize(
    ("country", "zone"), [("MY", "Asia/Kuala_Lumpur"), ("RW", "Africa/Kigali"), ("XX", "UTC")]
)
def test_people_read_the_clock_of_their_country(country, zone):
    assert zone_of(country) == zone
    assert all(is_zone(one) for one in zones_of(country))
    assert not is_zone("Mars/Olympus")


@pytest.mark.parametrize(
    ("country", "several"),
    [*((one, True) for one in ("AU", "MX", "MN", "ID")), *((one, False) for one in ("MY", "KZ", "SG", "XX"))],
)
def test_a_zone_is_chosen_where_the_clocks_of_a_country_differ(country, several):
    assert keeps_several(country, datetime(2026, 11, 23, tzinfo=UTC)) is several


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 9), st.booleans())
def test_a_calendar_reads_back_what_was_written(title, place, sequence, is_called_off):
    starts_at = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    title, place = ("".join(c for c in text if c.isprintable()).strip() for text in (title, place))
    hours = (starts_at, starts_at + timedelta(hours=2))
    event = TimedEvent("k", *hours, title, "x", "https://a", place, sequence, is_called_off)
    calendar = icalendar.Calendar.from_ical(calendar_file("Training", "gdt.example", [event], starts_at))
    [read] = calendar.walk("VEVENT")
    assert (read["UID"], read["SUMMARY"], read.get("LOCATION", "")) == ("k@gdt.example", title, place)
    assert read["SEQUENCE"] == sequence
    assert read["STATUS"] == ("CANCELLED" if is_called_off else "CONFIRMED")
    assert (read["DTSTART"].dt, read["DTEND"].dt) == hours
