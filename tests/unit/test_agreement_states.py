"""The life of an agreement: no path of days and deeds leaves the states and moves that are allowed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.joining import application_states
from gdt.partners.agreement_states import (
    MOVES,
    POSSIBLE,
    Act,
    AgreementState,
    Life,
    NotPossible,
    act_on,
    is_possible,
    state_on,
)
from gdt.partners.models import Agreement, Institution, InstitutionStatus
from gdt.partners.renewal_times import MONTHS, Round, months_before, rounds_of, to_send

S = AgreementState
START = date(2024, 1, 31)
DAYS = st.integers(0, 1500).map(lambda n: START + timedelta(days=n))
TERMS = st.tuples(DAYS, st.integers(0, 800)).map(
    lambda t: Life(starts_on=t[0], ends_on=t[0] + timedelta(days=t[1]), is_signed=False)
)
DEEDS = st.lists(st.tuples(st.integers(0, 300), st.sampled_from(Act), st.integers(-30, 900)), max_size=7)
AS_STATUS = {
    S.SIGNED: InstitutionStatus.APPLICANT,
    S.IN_FORCE: InstitutionStatus.IN_FORCE,
    S.EXPIRING: InstitutionStatus.EXPIRING,
    S.IN_GRACE: InstitutionStatus.IN_GRACE,
    S.LAPSED: InstitutionStatus.LAPSED,
    S.TERMINATED: InstitutionStatus.LAPSED,
}


@given(term=TERMS, deeds=DEEDS, first=DAYS)
def test_no_path_leaves_the_allowed_moves(term, deeds, first):
    life, day = term, first
    for wait, act, offset in deeds:
        for _each in range(wait):
            before, day = state_on(life, day), day + timedelta(days=1)
            moved = state_on(life, day)
            assert moved is before or moved in MOVES[before]
        before = state_on(life, day)
        try:
            life = act_on(life, act, day, given=day + timedelta(days=offset))
        except NotPossible:
            assert state_on(life, day) is before
            continue
        assert before in POSSIBLE[act]
        moved = state_on(life, day)
        assert moved is before or moved in MOVES[before]


@given(term=TERMS, day=DAYS, act=st.sampled_from(Act), offset=st.integers(-30, 900))
def test_what_a_state_does_not_allow_is_refused(term, day, act, offset):
    if not is_possible(act, term, day):
        with pytest.raises(NotPossible):
            act_on(term, act, day, given=day + timedelta(days=offset))


@given(term=TERMS, day=DAYS, share=st.integers(1, 400))
def test_a_terminated_term_ends_earlier_and_has_neither_grace_nor_renewal(term, day, share):
    signed = Life(starts_on=term.starts_on, ends_on=term.ends_on)
    last_day = term.ends_on - timedelta(days=share)
    try:
        ended = act_on(signed, Act.TERMINATE, day, given=last_day)
    except NotPossible:
        assert last_day < max(day, term.starts_on) or state_on(signed, day) not in POSSIBLE[Act.TERMINATE]
        return
    assert state_on(ended, last_day + timedelta(days=1)) is S.TERMINATED
    assert ended.agreed_until == term.ends_on
    assert not is_possible(Act.RENEW, ended, day)
    assert not is_possible(Act.TERMINATE, ended, day)


@given(term=TERMS, day=DAYS, is_terminated=st.booleans())
def test_the_status_of_an_institution_is_the_state_of_its_only_agreement(term, day, is_terminated):
    until = term.ends_on + timedelta(days=9) if is_terminated else None
    agreement = Agreement(id=1, starts_on=term.starts_on, ends_on=term.ends_on, agreed_until=until)
    institution = Institution(agreements=[agreement])
    assert institution.status(day) is AS_STATUS[state_on(agreement.life([agreement]), day)]


def test_every_state_is_reached_and_nothing_follows_the_last_ones():
    reached = {S.DRAFT}
    for _each in S:
        reached |= {after for state in reached for after in MOVES[state]}
    assert reached == set(S)
    assert {state for state in S if not MOVES[state]} == {S.WITHDRAWN, S.RENEWED, S.TERMINATED}


def test_a_renewed_term_stays_in_force_to_its_end():
    life = Life(starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31))
    assert state_on(life, date(2026, 12, 1)) is S.EXPIRING
    renewed = act_on(life, Act.RENEW, date(2026, 12, 1), given=date(2027, 1, 1))
    assert state_on(renewed, date(2026, 12, 1)) is S.IN_FORCE
    assert state_on(renewed, date(2027, 1, 1)) is S.RENEWED
    assert not is_possible(Act.RENEW, renewed, date(2026, 12, 2))


@given(ends_on=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_reminders_come_nine_six_three_months_and_one_month_before(ends_on):
    rounds = rounds_of(ends_on)
    assert tuple(one.months for one in rounds) == MONTHS
    assert [one.due_on for one in rounds] == sorted(one.due_on for one in rounds)
    for one in rounds:
        apart = (ends_on.year - one.due_on.year) * 12 + ends_on.month - one.due_on.month
        assert apart == one.months
        assert one.due_on.day == ends_on.day or (one.due_on + timedelta(days=1)).day == 1


def test_a_reminder_before_a_short_month_falls_on_its_last_day():
    assert months_before(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert months_before(date(2027, 8, 31), 9) == date(2026, 11, 30)


def test_after_a_pause_only_the_latest_reminder_is_sent():
    rounds = rounds_of(date(2026, 12, 31))
    one, passed_over = to_send(rounds, date(2026, 10, 4))
    assert one == Round(3, date(2026, 9, 30))
    assert [each.months for each in passed_over] == [9, 6]
    assert to_send(rounds, date(2026, 3, 1)) == (None, ())


@given(moves=st.lists(st.sampled_from(application_states.Move), max_size=8))
def test_an_application_stays_in_its_states_and_is_decided_once(moves):
    state = application_states.ApplicationState.RECEIVED
    for move in moves:
        try:
            after = application_states.after(state, move)
        except application_states.NotPossible:
            continue
        assert state not in application_states.FINAL
        state = after
