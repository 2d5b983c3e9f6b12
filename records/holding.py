"""What a process has in hand: its leases, renewed while it is alive, and given back when it has let go."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from records.clock import Clock
from records.errors import RecordsError
from records.jobs import Job, bring_back, keep, release
from records.store import Stores

log = logging.getLogger(__name__)

LONGEST_HOLD = 600.0  # Seconds. No job takes so long: one that hangs is another worker's when its lease ends.
LOOK_SECONDS = 1.0
BRING_BACK_SECONDS = 10.0


class Holding:
    """The jobs in this process's hands, under the name that the record knows it by. Safe for several threads."""

    def __init__(self, stores: Stores, clock: Clock, worker: str) -> None:
        self._stores, self._clock, self.worker = stores, clock, worker
        self._held: dict[int, tuple[Job, float]] = {}
        # Between the claim's commit and our own note of it, nobody may take the job for a stray.
        self._taking = threading.Lock()

    def take(self, ask: Callable[[], tuple[Job, ...]]) -> tuple[Job, ...]:
        """Claim jobs, and note them."""
        with self._taking:
            batch = ask()
            self._held |= {job.id: (job, time.monotonic()) for job in batch}
        return batch

    def let_go(self, batch: Sequence[Job]) -> None:
        """Forget jobs. One that is not ended in the record is anybody's at the next look."""
        with self._taking:
            for job in batch:
                # Its number may belong to another job by now, in another thread's hands.
                if self._held.get(job.id, (None, 0))[0] == job:
                    del self._held[job.id]

    def release(self) -> None:
        """Give back what an earlier process of this name held when it ended."""
        release(self._stores, self.worker, self._clock())

    def look(self) -> None:
        """Renew what is held, and give back what is not."""
        with self._taking:
            early = time.monotonic() - LONGEST_HOLD
            renewed = {number for number, (_, since) in self._held.items() if since > early}
            strays = keep(self._stores, self.worker, self._held, renewed, self._clock())
        if strays:
            log.warning("jobs given back: count=%d", strays)

    def run(self, stop: threading.Event) -> None:
        """Look each second until told to stop."""
        due = 0.0
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
                if time.monotonic() >= due:
                    if back := bring_back(self._stores, self._clock()):
                        log.warning("jobs brought back from the future: count=%d", back)
                    due = time.monotonic() + BRING_BACK_SECONDS
            except RecordsError as fault:
                log.warning("leases not renewed: class=%s", type(fault).__name__)
