import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import WrongState
from records.lifecycle import NEXT, UNFINISHED, advance
from records.values import State


def test_every_state_has_its_line_in_the_table() -> None:
    """No state is forgotten, and nothing leaves the table's states."""
    assert set(NEXT) == set(State)


@given(st.sampled_from(State), st.sampled_from(State))
def test_only_the_tables_steps_are_taken(current: State, to: State) -> None:
    """A step is taken when the table has it; any other is an error that names both states."""
    if to in NEXT[current]:
        assert advance(current, to) is to
        return
    with pytest.raises(WrongState, match=f"{current.value} to {to.value}"):
        advance(current, to)


def test_what_is_destroyed_stays_destroyed() -> None:
    """There is no way back from destroyed, and only what was closed gets there."""
    assert not NEXT[State.DESTROYED]
    assert {state for state in State if State.DESTROYED in NEXT[state]} == {State.CLOSED}


def test_held_is_reached_from_anywhere_before_answered() -> None:
    """Whatever went wrong before an answer, an inquiry can wait for a person."""
    before = {State.RECEIVED, State.ADMITTED, State.ROUTED, State.ASSIGNED}
    assert {state for state in State if State.HELD in NEXT[state]} == before


def test_nothing_goes_on_by_itself_into_a_dead_end() -> None:
    """From each state that waits for a job, being held is always possible."""
    assert all(State.HELD in NEXT[state] for state in UNFINISHED)
