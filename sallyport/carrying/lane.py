"""A lane that Redis carries for: loads are done as they come; without Redis the record is swept, slowly."""

from __future__ import annotations

import logging
import secrets
import threading
from dataclasses import dataclass

import redis

from records.running import Runner
from sallyport.carrying.carrier import Carrier
from sallyport.carrying.link import Link
from sallyport.carrying.loader import Loader
from sallyport.carrying.queue import LaneQueue

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedLane:
    """Runs the jobs of one lane: one thread takes loads, another carries."""

    runner: Runner
    carrier: Carrier
    queue: LaneQueue
    link: Link
    worker: str

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        self.runner.stop_with(stop)
        carrying = threading.Thread(target=self._carry, args=(stop,), name=f"carrier-{self.queue.lane}")
        carrying.start()
        try:
            while not stop.is_set():
                self._sweep(stop)
                if not stop.is_set():
                    self._take_loads(stop)
        finally:
            stop.set()
            carrying.join()

    def _carry(self, stop: threading.Event) -> None:
        try:
            self.carrier.run(stop)
        finally:
            # A carrier that ends by itself takes the role along, which is started again.
            stop.set()

    def _take_loads(self, stop: threading.Event) -> None:
        # A name of its own for each life: RQ refuses one that it has not seen die.
        name = f"{self.worker}-{self.queue.lane}-{secrets.token_hex(2)}"
        try:
            Loader(self.queue, name, self.runner.run_these).work_until(
                lambda: stop.is_set() or self.link.is_lost.is_set()
            )
        except redis.RedisError as fault:
            self.link.lose(fault)

    def _sweep(self, stop: threading.Event) -> None:
        """Look for jobs in the record, never waiting for Redis; the carrier seeks it meanwhile."""
        while not stop.is_set() and self.link.is_lost.is_set():
            self.link.tell()
            if not self.runner.run_once():
                stop.wait(SWEEP_SECONDS)
