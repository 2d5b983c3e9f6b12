import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import Connection

from records.commit import CONFLICT_TRIES, Change, Committer
from records.errors import StoreAway, StoreConflict, StoreUnavailable
from records.store import Store, Stores
from tests.records.builders import TickingClock


class Failing:
    """A record whose next commits fail, each with the fault that comes next; it counts the tries."""

    def __init__(self, store: Store, *faults: StoreUnavailable) -> None:
        self._store, self._faults, self.tries = store, list(faults), 0

    def fail_next(self, fault: StoreUnavailable) -> None:
        """Fail the next commit."""
        self._faults.append(fault)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Fail, or commit."""
        self.tries += 1
        if self._faults:
            raise self._faults.pop(0)
        with self._store.writing() as connection:
            yield connection


@contextlib.contextmanager
def committing(stores: Stores, record: Any = None, rests: list[None] | None = None) -> Iterator[Committer]:
    rested = [] if rests is None else rests
    both = stores if record is None else Stores(record, stores.keys)
    committer = Committer(both, TickingClock(), rest=lambda: rested.append(None))
    try:
        yield committer
    finally:
        committer.close()


def in_one_group(
    committer: Committer, changes: Sequence[Change], before: Callable[[], None] = lambda: None
) -> list[Future[Any]]:
    """Submit changes so that they share a commit: the committer is kept busy until all of them wait."""
    begun, go_on = threading.Event(), threading.Event()

    def hold_up(_connection: Connection) -> None:
        begun.set()
        go_on.wait(10)

    busy = committer.submit(Change(apply=hold_up))
    assert begun.wait(10)
    before()
    answers = [committer.submit(change) for change in changes]
    go_on.set()
    busy.result(10)
    return answers


def test_neighbours_of_a_kind_are_written_by_one_call(stores: Stores) -> None:
    """Changes of a kind that stand together are given to it at once, each gets its own answer, the order stays."""
    calls: list[list[Any]] = []

    def together(_connection: Connection, parts: Sequence[int]) -> list[int]:
        calls.append(list(parts))
        return [part * 10 for part in parts]

    def other(_connection: Connection) -> str:
        calls.append(["other"])
        return "other"

    numbers = [Change.one_of_many(together, number) for number in (1, 2, 3)]
    with committing(stores) as committer:
        answers = in_one_group(committer, [*numbers[:2], Change(apply=other), numbers[2]])
        assert [answer.result(10) for answer in answers] == [10, 20, "other", 30]
    assert calls == [[1, 2], ["other"], [3]]


def test_a_bad_one_of_many_takes_no_neighbour_with_it(stores: Stores) -> None:
    """When writing many at once fails, each is written alone, and only the bad one fails."""

    def together(_connection: Connection, parts: Sequence[int]) -> list[int]:
        if 2 in parts:
            raise ValueError
        return list(parts)

    with committing(stores) as committer:
        good, bad, last = in_one_group(committer, [Change.one_of_many(together, each) for each in (1, 2, 3)])
        assert (good.result(10), last.result(10)) == (1, 3)
        assert isinstance(bad.exception(10), ValueError)


def test_a_conflict_alone_is_tried_again_after_a_rest(stores: Stores) -> None:
    """Whom another transaction was in the way of tries again, a little later, and goes through."""
    record, rests = Failing(stores.record, *[StoreConflict("deadlock")] * CONFLICT_TRIES), list[None]()
    with committing(stores, record, rests) as committer:
        assert committer.submit(Change(apply=lambda _: "through")).result(10) == "through"
    assert (record.tries, len(rests)) == (CONFLICT_TRIES + 1, CONFLICT_TRIES)


def test_a_conflict_that_does_not_end_is_an_answer(stores: Stores) -> None:
    """Tries are counted: who meets others again and again hears of it, and the next one is served."""
    record = Failing(stores.record, *[StoreConflict("deadlock")] * (CONFLICT_TRIES + 1))
    with committing(stores, record) as committer:
        assert isinstance(committer.submit(Change(apply=lambda _: None)).exception(10), StoreConflict)
        assert committer.submit(Change(apply=lambda _: "served")).result(10) == "served"


def test_a_group_in_conflict_is_tried_one_by_one(stores: Stores) -> None:
    """A conflict costs nobody his change: the members go through, each in a commit of its own."""
    record = Failing(stores.record)
    with committing(stores, record) as committer:
        answers = in_one_group(committer, _numbered(3), lambda: record.fail_next(StoreConflict("deadlock")))
        assert [answer.result(10) for answer in answers] == [0, 1, 2]
    # The one that kept the committer busy, the group, and its three members.
    assert record.tries == 5


def test_a_store_that_is_away_fails_all_at_once(stores: Stores) -> None:
    """Nobody waits as often as there are members for a database that is gone."""
    record = Failing(stores.record)
    with committing(stores, record) as committer:
        answers = in_one_group(committer, _numbered(3), lambda: record.fail_next(StoreAway("gone")))
        assert all(isinstance(answer.exception(10), StoreAway) for answer in answers)
    assert record.tries == 2


@pytest.mark.parametrize("fault", [StoreConflict("deadlock"), StoreAway("gone")], ids=["conflict", "away"])
def test_what_waits_is_counted_down_whatever_happens(stores: Stores, fault: StoreUnavailable) -> None:
    """The octets that wait are those of changes not yet answered, failed ones as well as good ones."""
    with committing(stores, Failing(stores.record, fault)) as committer:
        committer.submit(Change(apply=lambda _: None, octets=1000)).exception(10)
        committer.commit(Change(apply=lambda _: None))
        committer.commit(Change(apply=lambda _: None))
        assert committer.waiting_octets == 0


def _numbered(count: int) -> list[Change]:
    return [Change(apply=lambda _, number=number: number) for number in range(count)]  # type: ignore[misc]  # mypy knows no defaults in a lambda
