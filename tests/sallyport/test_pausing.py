"""When mail is taken and when not: the decision, and the gauge that makes it without being held up itself."""

from __future__ import annotations

import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.ports import NO_SPACE
from records.commit import Change, Committer
from records.errors import StoreAway
from records.ledger import total
from records.sealing import PublicKey
from sallyport.descriptors import places
from sallyport.gauge import Gauge, look
from sallyport.pausing import BACKLOG, STORE_AWAY, STORE_REST, Bounds, Look, Pause, Space, decide
from tests.records.builders import TickingClock, accept_mail, acceptor, private_keys, stores_in
from tests.sallyport.alone import eventually

BOUNDS = Bounds(free_space=100, most_waiting=1000)
SIZE = 100_000  # A twentieth is far more than 100.


def disk(free: int, files: int | None = None, size: int = SIZE) -> Look:
    return Look(spaces=(Space(free=free, size=size, files=files),))


def reason_of(pause: Pause | None) -> str | None:
    return None if pause is None else pause.reason


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Look(), None),
        (disk(100), None),
        (disk(99), NO_SPACE),
        (disk(6, size=100), None),
        (disk(4, size=100), NO_SPACE),
        (disk(SIZE, files=31), NO_SPACE),
        (disk(SIZE, files=32), None),
        (Look(is_store_well=False), STORE_AWAY),
        (Look(waiting=1000), None),
        (Look(waiting=1001), BACKLOG),
        (Look(spaces=(Space(free=0, size=SIZE, files=None),), is_store_well=False, waiting=9999), NO_SPACE),
    ],
)
def test_what_pauses(seen: Look, expected: str | None) -> None:
    """Too little room, too few files, a store that is away, too much waiting; the cause before what it causes."""
    assert reason_of(decide(seen, BOUNDS, None, 0)) == expected


@pytest.mark.parametrize(
    ("before", "still", "over"),
    [(NO_SPACE, disk(124), disk(125)), (BACKLOG, Look(waiting=901), Look(waiting=900))],
)
def test_a_pause_ends_with_some_room_to_spare(before: str, still: Look, over: Look) -> None:
    """What switches off at a limit switches on a good way from it."""
    pause = Pause(reason=before, since=0)
    assert decide(still, BOUNDS, pause, 100) is pause
    assert decide(over, BOUNDS, pause, 100) is None


def test_a_store_that_was_away_is_given_a_moment() -> None:
    """One good look does not open the door to everybody at once."""
    pause = Pause(reason=STORE_AWAY, since=10)
    assert decide(Look(), BOUNDS, pause, 10 + STORE_REST - 1) is pause
    assert decide(Look(), BOUNDS, pause, 10 + STORE_REST) is None


@given(st.lists(st.integers(0, 300), max_size=30))
def test_a_disk_that_creeps_does_not_flutter(frees: list[int]) -> None:
    """Between two changes of mind lies at least the distance from off to on, whatever the disk does."""
    pause: Pause | None = None
    turned_at: int | None = None
    for now, free in enumerate(frees):
        before, pause = pause, decide(disk(free), BOUNDS, pause, now)
        if (before is None) != (pause is None):
            assert turned_at is None or abs(free - turned_at) > 0
            assert free < 100 if pause else free >= 125
            turned_at = free


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_places_leave_room_for_the_store(wanted: int, files: int) -> None:
    """However few files may be open, half of them or 64 stay for everything else."""
    assert 1 <= places(wanted, files) <= wanted
    assert places(wanted, files) <= max(1, files // 2, files - 64)


class StubbornCommitter:
    """A committer whose store is away until told otherwise."""

    def __init__(self) -> None:
        self.is_away = True
        self.stalled_seconds = 0.0
        self.tried: list[Change] = []

    def submit(self, change: Change) -> Future[Any]:
        """Fail, or pretend to have done it."""
        self.tried.append(change)
        answer: Future[Any] = Future()
        if self.is_away:
            answer.set_exception(StoreAway("away"))
        else:
            answer.set_result(None)
        return answer


def gauge_on(committer: Any, looking: Any, key: PublicKey | None = None) -> Gauge:
    return Gauge("smtp", looking, BOUNDS, committer, TickingClock(), key or private_keys()["intake"].public())


def test_the_gauge_itself_finds_the_store_again() -> None:
    """While commits fail mail is not taken, and a small change of the gauge's own is tried, so no sender has to."""
    committer = StubbornCommitter()
    with gauge_on(committer, Look) as gauge:
        assert eventually(lambda: gauge.reason == STORE_AWAY)
        assert eventually(lambda: len(committer.tried) >= 2)
        assert all(change.wraps for change in committer.tried)
        committer.is_away = False
        assert eventually(lambda: gauge.reason is None)


def test_a_look_that_hangs_pauses() -> None:
    """A frozen database answers nothing, not even an error: a look that is overdue counts as one that failed."""
    committer = StubbornCommitter()
    committer.is_away = False
    gauge, now = gauge_on(committer, Look), time.monotonic()
    gauge.judge(now + 3)
    assert gauge.reason is None
    gauge.judge(now + 10)
    assert gauge.reason == STORE_AWAY


def test_a_commit_that_hangs_pauses() -> None:
    """A commit that does not come back says the same."""
    committer = StubbornCommitter()
    committer.is_away, committer.stalled_seconds = False, 6.0
    gauge = gauge_on(committer, Look)
    gauge.judge(time.monotonic())
    assert gauge.reason == STORE_AWAY


def test_a_look_counts_what_waits_and_sees_that_a_database_is_gone(tmp_path: Path) -> None:
    """The look gives room and backlog of real stores; without the database, or the folder, nothing is well."""
    stores, clock, key = stores_in(tmp_path), TickingClock(), private_keys()["intake"]
    committer = Committer(stores, clock)
    accept_mail(acceptor(committer, key, clock), b"Subject: a\r\n\r\nx")
    seen = look(stores, [tmp_path])
    assert (seen.is_store_well, seen.waiting, len(seen.spaces)) == (True, 1, 1)
    assert seen.spaces[0].size > seen.spaces[0].free > 0
    assert not look(stores, [tmp_path / "gone"]).is_store_well
    stores.close()
    (tmp_path / "keys.db").unlink()
    assert not look(stores, [tmp_path]).is_store_well
    committer.close()
    stores.close()


def test_the_gauge_leaves_no_mark_in_the_ledger(tmp_path: Path) -> None:
    """Its tries write an alarm and a wrap of nothing: the sum of what was accepted stays even."""
    stores, clock, key = stores_in(tmp_path), TickingClock(), private_keys()["intake"]
    committer = Committer(stores, clock)

    def failing(_connection: Any) -> None:
        raise StoreAway("away")

    with gauge_on(committer, lambda: look(stores, [tmp_path]), key.public()) as gauge:
        with pytest.raises(StoreAway):
            committer.commit(Change(apply=failing))
        assert committer.is_away
        assert eventually(lambda: not committer.is_away)
        assert eventually(lambda: gauge.reason is None)
    assert total(stores).is_even
    committer.close()
    stores.close()
