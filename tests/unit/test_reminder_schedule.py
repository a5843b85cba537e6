"""Reminders of a certificate's end and of a report that is due: at the agreed days, one at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Config
from gdt.certification.terms.reminder_schedule import due_reminder
from gdt.reporting.reminder_days import last_day

END = date(2027, 6, 30)
DAYS = (90, 30, 7)


def due(remaining, *, issued_before_end=800, days_before=DAYS):
    return due_reminder(
        ends_on=END,
        issued_on=END - timedelta(days=issued_before_end),
        day=END - timedelta(days=remaining),
        days_before=days_before,
    )


@pytest.mark.parametrize(
    ("remaining", "wanted"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
)
def test_the_reminder_nearest_to_the_end_is_due_from_its_day_on(remaining, wanted):
    assert due(remaining) == wanted


def test_a_reminder_whose_day_had_passed_at_issue_is_never_due():
    assert due(60, issued_before_end=60) is None
    assert due(30, issued_before_end=60) == 30
    assert due(90, issued_before_end=90) is None
    assert due(90, issued_before_end=91) == 90


def test_without_agreed_days_nothing_is_due():
    assert due(5, days_before=()) is None


@given(st.sets(st.integers(1, 400), max_size=5), st.sets(st.integers(0, 500), min_size=1))
def test_however_often_and_late_it_is_looked_at_each_is_sent_once_and_in_order(days_before, looks):
    sent = []
    for remaining in sorted(looks, reverse=True):
        found = due(remaining, days_before=tuple(days_before))
        if found is not None and found not in sent:
            sent.append(found)
    assert sent == sorted(sent, reverse=True)
    assert all(any(remaining <= n for remaining in looks) for n in sent)


@pytest.mark.parametrize(
    ("text", "wanted"), [("90 30 7", DAYS), ("7,30, 90", DAYS), ("", ()), ("14 14 14", None), ("x", None)]
)
def test_the_setting_is_read_or_refused_with_an_example(monkeypatch, tmp_path, text, wanted):
    monkeypatch.setenv("GDT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GDT_EXPIRY_REMINDERS", text)
    if wanted is None:
        with pytest.raises(SystemExit, match="90 30 7"):
            Config()
    else:
        assert wanted == Config().EXPIRY_REMINDERS


DUE = date(2026, 3, 31)


def reminded_on(opened_on, looks, days_before=(14, 3)):
    """The days on which somebody who never answers is written to, by a worker that looks on some days."""
    sent = []
    for today in looks:
        since = last_day(DUE, opened_on, today, days_before)
        if since is not None and (not sent or sent[-1] < since):
            sent.append(today)
    return sent


def test_of_a_report_one_is_reminded_before_it_is_due_and_then_every_week_ten_times():
    every = [date(2026, 1, 1) + timedelta(days=n) for n in range(300)]
    weekly = [DUE + timedelta(days=7 * n) for n in range(1, 11)]
    assert reminded_on(date(2026, 1, 5), every) == [date(2026, 3, 17), date(2026, 3, 28), *weekly]
    assert reminded_on(date(2026, 1, 5), every, ()) == []


def test_a_round_opened_late_does_not_remind_of_days_before_it_was_there():
    every = [date(2026, 3, 20) + timedelta(days=n) for n in range(15)]
    assert reminded_on(date(2026, 3, 20), every)[0] == date(2026, 3, 28)


@given(st.sets(st.integers(0, 130)))
def test_a_worker_that_was_down_on_the_day_reminds_on_the_next_and_never_twice_for_one(looks):
    days = [date(2026, 3, 1) + timedelta(days=n) for n in sorted(looks)]
    sent = reminded_on(date(2026, 1, 5), days)
    marks = [last_day(DUE, date(2026, 1, 5), day, (14, 3)) for day in sent]
    assert marks == sorted(set(marks))
