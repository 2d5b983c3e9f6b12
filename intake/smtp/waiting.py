"""Waiting on the event loop for what another thread does: the store's answers, many of them in one wake-up."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from concurrent.futures import Future
from typing import TypeVar
from weakref import WeakKeyDictionary, ref

T = TypeVar("T")


async def outcome(future: Future[T], seconds: float) -> T:
    """Wait for the store's answer without ever cancelling it.

    A lost connection cancels the session wherever it waits; what was handed to the store must not be cut in half by
    that. After `seconds` the outcome is unknown and TimeoutError says so; the store goes on.
    """
    if not future.done():
        loop = asyncio.get_running_loop()
        bell, waiter = _bell(loop), loop.create_future()
        future.add_done_callback(lambda _: bell.ring(waiter))
        timer = loop.call_later(seconds, _wake, waiter)
        try:
            await waiter
        finally:
            timer.cancel()
        if not future.done():
            raise TimeoutError
    return future.result()


class Bell:
    """Wakes those who wait. A commit answers many at once, and they need one interruption of the loop, not one each."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = ref(loop)
        self._woken: deque[asyncio.Future[None]] = deque()
        self._is_rung = False

    def ring(self, waiter: asyncio.Future[None]) -> None:
        """Wake one who waits; called in any thread."""
        self._woken.append(waiter)
        loop = self._loop()
        if loop is not None and not self._is_rung:
            self._is_rung = True
            # A loop that was closed has nobody left who waits.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        # Taken back first: who rings from here on is in the queue before it is found empty, or rings again.
        self._is_rung = False
        while self._woken:
            _wake(self._woken.popleft())


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


# One for each loop; a loop that is gone takes its own along.
_bells: WeakKeyDictionary[asyncio.AbstractEventLoop, Bell] = WeakKeyDictionary()


def _bell(loop: asyncio.AbstractEventLoop) -> Bell:
    bell = _bells.get(loop)
    if bell is None:
        bell = _bells[loop] = Bell(loop)
    return bell
