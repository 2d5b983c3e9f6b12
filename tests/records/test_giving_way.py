"""Two runners in one process: the one that gives way leaves the processor to the other in a rush."""

from __future__ import annotations

import threading

from records.commit import Change
from records.holding import Holding
from records.jobs import JobKind, enqueue
from records.running import Runner


class Rests(threading.Event):
    """A stop that is never set, and remembers for how long it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Note it, and go on at once."""
        self.asked.append(timeout or 0.0)
        return False


def runners(stores, committer, clock) -> tuple[Runner, Runner, Rests]:
    kind = JobKind(prepare=lambda _: Change(apply=lambda _: None), give_up=lambda *_: None)
    holding, rests = Holding(stores, clock, "w"), Rests()
    first = Runner(stores, committer, {"admit": kind}, clock, holding)
    second = Runner(stores, committer, {"acknowledge": kind}, clock, holding, gives_way_to=first)
    second.stop_with(rests)
    return first, second, rests


def write_jobs(stores, clock, *kinds: str) -> None:
    with stores.record.writing() as connection:
        for kind in kinds:
            enqueue(connection, kind, "a" * 32, clock())


def test_in_a_rush_the_second_rests_after_its_batch(stores, committer, clock) -> None:
    """While the first has work, the second takes a small part of the time."""
    first, second, rests = runners(stores, committer, clock)
    write_jobs(stores, clock, "admit", "acknowledge")
    assert (first.run_once(), second.run_once()) == (1, 1)
    assert len(rests.asked) == 1
    assert rests.asked[0] > 0


def test_without_other_work_it_does_not_rest(stores, committer, clock) -> None:
    """When the first is idle, nothing waits."""
    _, second, rests = runners(stores, committer, clock)
    write_jobs(stores, clock, "acknowledge")
    assert second.run_once() == 1
    assert not rests.asked
