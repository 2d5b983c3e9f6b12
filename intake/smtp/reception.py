"""Receives one message: reads, passes on at the store's pace, commits, and says how it went."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from intake.smtp.delivery import Delivery, reply_to_fault
from intake.smtp.incoming import Incoming
from intake.smtp.limits import Limits
from intake.smtp.waiting import outcome
from intake.smtp.watch import Watch
from records.values import Envelope

T = TypeVar("T")


class Reception:
    """One session's."""

    def __init__(self, incoming: Incoming, watch: Watch, limits: Limits, now: Callable[[], float]) -> None:
        self._incoming = incoming
        self._watch = watch
        self._limits = limits
        self._now = now

    async def receive(self, delivery: Delivery, envelope: Envelope) -> str | None:
        """Give the reply to one message, or None when its sender went away before the end."""
        self._watch.begin_message(self._now())
        try:
            if not await self._read(delivery):
                return None
            return delivery.refusal or await self._commit(delivery, envelope)
        finally:
            delivery.close()
            self._watch.command(self._now())

    async def _read(self, delivery: Delivery) -> bool:
        while not (delivery.is_over or delivery.is_hopeless):
            piece = await self._incoming.piece()
            if not piece:
                return False
            self._watch.came(len(piece))
            try:
                if written := delivery.take(piece):
                    await self._our_turn(written)
            except Exception as fault:  # noqa: BLE001 - the edge: the message is read to its end before it is answered
                delivery.refuse(reply_to_fault(fault))
        self._incoming.put_back(delivery.rest)
        return True

    async def _commit(self, delivery: Delivery, envelope: Envelope) -> str:
        try:
            accepted = await self._our_turn(delivery.finish(envelope))
        except Exception as fault:  # noqa: BLE001 - the edge: an unknown outcome is 451, and the same bytes are known again
            return reply_to_fault(fault)
        return f"250 2.0.0 Ok: accepted as {accepted.reference}"

    async def _our_turn(self, future: Future[T]) -> T:
        self._watch.wait_for_us()
        try:
            return await outcome(future, self._limits.commit_seconds)
        finally:
            self._watch.resume(self._now())
