"""The states of a community project and of a nomination: no path leaves what is allowed."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.community import states
from gdt.community.states import ProjectState
from gdt.recognition import stages
from gdt.recognition.stages import NominationState, Stage, stage_on

PROJECT_ACTS = st.lists(st.sampled_from(list(states.Act)), max_size=12)
DAY = date(2026, 6, 1)


def walked(acts):
    """The states a project goes through when these acts are tried one after the other."""
    state, path = ProjectState.DRAFT, [ProjectState.DRAFT]
    for act in acts:
        try:
            state = states.after(state, act)
        except states.StepRefused:
            continue
        path.append(state)
    return path


@given(PROJECT_ACTS)
def test_a_project_counts_only_after_it_was_claimed(acts):
    path = walked(acts)
    for before, state in itertools.pairwise(path):
        if state in {ProjectState.COUNTED, ProjectState.ASKED_BACK}:
            assert before is ProjectState.CLAIMED


@given(PROJECT_ACTS)
def test_an_institution_never_counts_or_declines_its_own_project(acts):
    own = [act for act in acts if act not in states.OF_THE_OFFICE]
    assert set(walked(own)) <= {ProjectState.DRAFT, ProjectState.CLAIMED}


def test_every_state_of_a_project_can_be_reached_and_left_and_what_is_not_written_is_refused():
    reached = {state for (_before, _act), state in states.STEPS.items()}
    assert reached == set(ProjectState) == {state for state, _act in states.STEPS}
    for state in ProjectState:
        for act in states.Act:
            if states.is_possible(state, act):
                assert states.after(state, act) is states.STEPS[state, act]
            else:
                with pytest.raises(states.StepRefused):
                    states.after(state, act)


@given(st.integers(-40, 40), st.integers(0, 20))
def test_nominations_are_taken_from_the_first_day_to_the_last(offset, length):
    day, closes_on = DAY + timedelta(days=offset), DAY + timedelta(days=length)
    stage = stage_on(day, DAY, closes_on)
    assert (stage is Stage.OPEN) == (DAY <= day <= closes_on)
    assert (stage is Stage.COMING) == (day < DAY)


@given(st.lists(st.tuples(st.sampled_from(list(stages.Act)), st.sampled_from(list(Stage))), max_size=12))
def test_nothing_is_decided_while_nominations_are_taken_and_what_is_withdrawn_stays_so(tried):
    state = NominationState.NOMINATED
    for act, stage in tried:
        before = state
        try:
            state = stages.after(state, act, stage)
        except stages.StepRefused:
            assert not stages.is_possible(before, act, stage)
            continue
        assert before is not NominationState.WITHDRAWN
        if state in stages.DECIDED or before in stages.DECIDED:
            assert stage is Stage.JUDGING
