from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from intake.smtp.waiting import outcome


class CountingLoop(asyncio.SelectorEventLoop):
    """A loop that counts how often other threads interrupt it."""

    interruptions = 0

    def call_soon_threadsafe(self, *arguments: Any, **options: Any) -> asyncio.Handle:  # type: ignore[override]  # passed on
        """Count, and do it."""
        self.interruptions += 1
        return super().call_soon_threadsafe(*arguments, **options)


def test_many_answers_are_one_interruption() -> None:
    """A commit that answers twenty sessions wakes the loop once, and each hears its own answer."""
    loop = CountingLoop()

    async def wait_for_all() -> list[int]:
        futures: list[Future[int]] = [Future() for _ in range(20)]
        waiting = [asyncio.ensure_future(outcome(each, 10)) for each in futures]
        await asyncio.sleep(0)

        def answer() -> None:
            for number, each in enumerate(futures):
                each.set_result(number)

        # The loop stands still meanwhile, as it does when it is busy with other sessions.
        thread = threading.Thread(target=answer)
        thread.start()
        thread.join()
        return await asyncio.gather(*waiting)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(wait_for_all()) == list(range(20))
        assert loop.interruptions == 1


def test_an_outcome_that_does_not_come_is_unknown() -> None:
    """After the time is up TimeoutError says so; the answer may come later, and harms nobody."""
    future: Future[int] = Future()

    async def wait() -> None:
        with pytest.raises(TimeoutError):
            await outcome(future, 0.01)
        future.set_result(1)
        await asyncio.sleep(0)

    asyncio.run(wait())
    assert future.result() == 1


def test_who_is_cancelled_cancels_nothing() -> None:
    """A lost connection ends the waiting and not the commit."""
    future: Future[int] = Future()
    future.set_running_or_notify_cancel()

    async def wait() -> None:
        waiting = asyncio.ensure_future(outcome(future, 10))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(wait())
    # Its loop is closed by now: the answer finds nobody, and no error.
    future.set_result(2)
    assert future.result() == 2


def test_a_fault_is_the_outcome() -> None:
    """What went wrong is raised where it is waited for, whether it was there already or came later."""

    async def wait(future: Future[int]) -> None:
        await outcome(future, 10)

    for is_late in (False, True):
        future: Future[int] = Future()
        fail = threading.Timer(0.01, future.set_exception, [OSError(28, "full")])
        if is_late:
            fail.start()
        else:
            future.set_exception(OSError(28, "full"))
        with pytest.raises(OSError, match="full"):
            asyncio.run(wait(future))
