"""The carrier: looks for ready jobs in the record and puts their numbers into the queue. Any number of hosts may."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import redis

from records.clock import Clock
from records.errors import RecordsError
from records.jobs import is_any_ready
from records.loads import next_loads
from records.store import Stores
from records.waking import Waking
from sallyport.carrying.link import Link
from sallyport.carrying.queue import MOST_LOADS, LaneQueue

log = logging.getLogger(__name__)

GATHERING_SECONDS = 0.05
SEEK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Carries the jobs of one lane."""

    stores: Stores
    kinds: Sequence[str]
    queue: LaneQueue
    link: Link
    clock: Clock

    def run(self, stop: threading.Event) -> None:
        """Carry until told to stop; while Redis is away, seek it."""
        waking = Waking(self.stores.record)
        try:
            while not stop.is_set():
                if self.link.is_lost.is_set():
                    self.link.seek()
                if self.link.is_lost.is_set():
                    stop.wait(SEEK_SECONDS)
                elif self._try_once():
                    # What gets ready in the meantime goes together; a commit of the workers is no reason to look.
                    waking.stir()
                    stop.wait(GATHERING_SECONDS)
                else:
                    waking.rest(stop)
        finally:
            waking.close()

    def _try_once(self) -> bool:
        """Carry, and tell whether there is anything to do."""
        try:
            if is_any_ready(self.stores, self.kinds, self.clock()):
                self.carry_once()
                return True
        except redis.RedisError as fault:
            self.link.lose(fault)
        except RecordsError as fault:
            log.warning("no jobs carried: class=%s", type(fault).__name__)
        return False

    def carry_once(self) -> int:
        """Carry what is ready and has room; give how many jobs that were."""
        outside = self.queue.look()
        # What the queue does not take is marked all the same, and lost: it is carried again when Redis is back.
        loads = next_loads(self.stores, self.kinds, self.clock(), outside, MOST_LOADS - len(outside.waiting))
        if loads:
            self.queue.put(loads)
        return sum(len(load.numbers) for load in loads)
