"""Whether mail may be taken at this moment: a pure decision on what was seen, with room between off and on again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from intake.ports import NO_SPACE

STORE_AWAY = "store-away"
BACKLOG = "backlog"

FEWEST_FILES = 32  # A full table of files is a full disk: SQLite and an outbox make a few at a time.
SMALL_DISK = 20  # On a small disk a twentieth stays free instead of the whole of FREE_SPACE.
# What it takes to go on again, so that a value at the limit does not switch to and fro.
SPACE_AGAIN, BACKLOG_AGAIN = 1.25, 0.9
# A store that was away counts as away for this long: one commit may go through by luck, and senders pay for the next.
STORE_REST = 5.0
# A look or a commit that takes longer than this finds a store that is frozen, or as good as that.
LATE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The operator's: bytes that stay free, and inquiries that may wait for a worker."""

    free_space: int
    most_waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One file system, in bytes. `files` is how many more it can hold, None where it has no such limit."""

    free: int
    size: int
    files: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen in one moment. `waiting` counts inquiries that no worker has admitted or routed yet."""

    spaces: tuple[Space, ...] = ()
    is_store_well: bool = True
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A reason not to take mail, and since when (a monotonic clock's seconds)."""

    reason: str
    since: float


Condition: TypeAlias = Callable[[Look, Bounds, bool], bool]


def decide(look: Look, bounds: Bounds, before: Pause | None, now: float) -> Pause | None:
    """Give the pause that should be, or None: the first condition that holds names it."""
    for reason, condition in CONDITIONS:
        was_so = before is not None and before.reason == reason
        if condition(look, bounds, was_so):
            return before if was_so else Pause(reason=reason, since=now)
    if before is not None and before.reason == STORE_AWAY and now - before.since < STORE_REST:
        return before
    return None


def _lacks_space(look: Look, bounds: Bounds, was_so: bool) -> bool:  # noqa: FBT001 - a condition's three arguments
    factor = SPACE_AGAIN if was_so else 1.0
    return any(
        space.free < factor * min(bounds.free_space, space.size // SMALL_DISK)
        or (space.files is not None and space.files < factor * FEWEST_FILES)
        for space in look.spaces
    )


def _lacks_store(look: Look, bounds: Bounds, was_so: bool) -> bool:  # noqa: FBT001 - as above
    del bounds, was_so
    return not look.is_store_well


def _is_behind(look: Look, bounds: Bounds, was_so: bool) -> bool:  # noqa: FBT001 - as above
    return look.waiting > bounds.most_waiting * (BACKLOG_AGAIN if was_so else 1.0)


# A full disk is also a store that fails: who has to act is told the cause, not what follows from it.
CONDITIONS: tuple[tuple[str, Condition], ...] = (
    (NO_SPACE, _lacks_space),
    (STORE_AWAY, _lacks_store),
    (BACKLOG, _is_behind),
)
