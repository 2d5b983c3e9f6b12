"""The life of an inquiry: one table of which state may follow which, and one function that takes a step."""

from __future__ import annotations

from collections.abc import Mapping

from records.errors import WrongState
from records.values import State

S = State

NEXT: Mapping[State, frozenset[State]] = {
    S.RECEIVED: frozenset({S.ADMITTED, S.HELD}),
    S.ADMITTED: frozenset({S.ROUTED, S.HELD}),
    S.ROUTED: frozenset({S.ASSIGNED, S.ANSWERED, S.CLOSED, S.HELD}),
    # Back to routed: given back, or sent to another unit.
    S.ASSIGNED: frozenset({S.ROUTED, S.ANSWERED, S.CLOSED, S.HELD}),
    S.ANSWERED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset({S.DESTROYED}),
    # To received: another try. To admitted: released with a redaction made by hand.
    S.HELD: frozenset({S.RECEIVED, S.ADMITTED, S.CLOSED}),
    S.DESTROYED: frozenset(),
}

# Work goes on by itself from these; in all others it waits for a person, or is done.
UNFINISHED = frozenset({S.RECEIVED, S.ADMITTED})
OPEN = frozenset({S.RECEIVED, S.ADMITTED, S.ROUTED, S.ASSIGNED, S.HELD})


def advance(current: State, to: State) -> State:
    """Take a step.

    >>> advance(State.RECEIVED, State.ADMITTED).value
    'admitted'
    """
    if to not in NEXT[current]:
        raise WrongState(f"no way from {current.value} to {to.value}")
    return to
