"""What waits for a commit is bounded, and known: by number, by bytes, by how long."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from records.commit import Change, Committer
from records.errors import StoreAway
from tests.records.builders import TickingClock, stores_in
from tests.sallyport.alone import eventually


def test_what_waits_is_counted_and_one_too_many_is_told_at_once(tmp_path: Path) -> None:
    """While a commit hangs, changes are counted with their bytes; beyond the bound nobody waits for a place."""
    free, begun = threading.Event(), threading.Event()

    def hang(_connection: Any) -> None:
        begun.set()
        free.wait(30)

    stores = stores_in(tmp_path)
    committer = Committer(stores, TickingClock(), waiting=2)
    try:
        first = committer.submit(Change(apply=hang, octets=10))
        assert begun.wait(10)
        waiting = [committer.submit(Change(apply=lambda _: None, octets=100)) for _ in range(2)]
        assert (committer.waiting, committer.waiting_octets) == (2, 210)
        assert committer.stalled_seconds > 0
        with pytest.raises(StoreAway):
            committer.submit(Change(apply=lambda _: None, octets=1000)).result(1)
        assert committer.waiting_octets == 210
        free.set()
        for answer in (first, *waiting):
            answer.result(30)
        assert eventually(lambda: (committer.waiting, committer.waiting_octets) == (0, 0))
        assert eventually(lambda: committer.stalled_seconds == 0)
        assert not committer.is_away
    finally:
        free.set()
        committer.close()
        stores.close()


def test_a_store_that_is_away_is_known_until_a_commit_goes_through(tmp_path: Path) -> None:
    """A change that fails for its own reasons says nothing of the store; one that finds it away does."""
    stores = stores_in(tmp_path)
    committer = Committer(stores, TickingClock())

    def raising(fault: Exception) -> Change:
        def apply(_connection: Any) -> None:
            raise fault

        return Change(apply=apply)

    try:
        with pytest.raises(ValueError, match="mine"):
            committer.commit(raising(ValueError("mine")))
        found = [committer.is_away]
        with pytest.raises(StoreAway):
            committer.commit(raising(StoreAway("away")))
        found.append(committer.is_away)
        committer.commit(Change(apply=lambda _: None))
        assert [*found, committer.is_away] == [False, True, False]
    finally:
        committer.close()
        stores.close()
