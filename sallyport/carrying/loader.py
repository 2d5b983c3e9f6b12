"""RQ's worker, in this process and in one of its threads: keys and the committer are here, and a fork has neither.

Signals are the role's business. No channel for commands is listened to: who can write to Redis can name numbers of
jobs, which are done once in any case, and nothing else. What goes wrong is told by its class, and never stored.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from typing import Any

from rq import SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job

from sallyport.carrying.queue import LaneQueue, LoadJob, NoPenalty

log = logging.getLogger(__name__)
WAIT_SECONDS = 1


class Loader(SimpleWorker):
    """Takes loads out of the queue of one lane and has them done."""

    job_class = LoadJob
    death_penalty_class = NoPenalty
    log_result_lifespan = False

    def __init__(self, queue: LaneQueue, name: str, work: Callable[[Sequence[int]], Any]) -> None:
        super().__init__(
            [queue.rq],
            name=name,
            connection=queue.connection,
            serializer=queue.rq.serializer,
            prepare_for_work=False,  # It would ask for this host's name and tell Redis.
            log_job_description=False,
            disable_default_exception_handler=True,  # It would store the trace.
        )
        self.pid = os.getpid()
        self.hostname, self.ip_address = "", ""
        self._work = work

    @property
    def dequeue_timeout(self) -> int:
        """How long to wait for a load; a signal to stop is seen after it."""
        return WAIT_SECONDS

    @property
    def connection_timeout(self) -> int:
        """What RQ would raise the connection's patience to; ours is set already."""
        return WAIT_SECONDS

    def work_until(self, is_over: Callable[[], bool]) -> None:
        """Do loads until it is over; raises redis-py's errors."""
        self.register_birth()  # type: ignore[no-untyped-call]  # RQ types only some of its methods
        while not is_over():
            if self.should_run_maintenance_tasks:
                self.run_maintenance_tasks()  # type: ignore[no-untyped-call]  # RQ types only some of its methods
            with contextlib.suppress(DequeueTimeout):
                self._take_one()
        # After a fault nobody says good-bye: Redis forgets by itself, and asking it would take as long again.
        self.register_death()  # type: ignore[no-untyped-call]  # RQ types only some of its methods

    def _take_one(self) -> None:
        taken = self.queue_class.dequeue_any(
            self.queues,
            self.dequeue_timeout,
            connection=self.connection,
            job_class=self.job_class,
            serializer=self.serializer,
            death_penalty_class=self.death_penalty_class,
        )
        if taken is not None:
            job, queue = taken
            if isinstance(job, LoadJob):
                job.work = self._work
            self.execute_job(job, queue)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Tell the class. The jobs themselves are in the record, and are carried again."""
        del job
        kind: type[BaseException] = exc_info[0]
        log.warning("load not done: class=%s", kind.__name__)
