"""The runner: takes jobs up, does them, and holds them while it is alive.

A job's function prepares a `Change` without writing anything, and the runner commits that change together with the
job's end: so a job that runs twice does its work once, and many ends share a commit. Kinds that wait for others, such
as a relay, have a runner of their own, so that they keep nobody waiting.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from records.alarms import raise_alarm
from records.clock import Clock
from records.commit import Change, Committer
from records.errors import RecordsError, StoreUnavailable
from records.holding import Holding
from records.jobs import (
    MOST_TAKEN,
    ORDINARY,
    STORE_AWAY,
    TRIES,
    Job,
    JobFault,
    JobKind,
    Superseded,
    claim,
    claim_these,
    end,
    give_back,
    put_off,
)
from records.store import Stores
from records.waking import Waking

log = logging.getLogger(__name__)

MOST_GATHERED = 16 << 20  # Bytes of prepared changes; large ones are committed before the batch is through.
# One who gives way works this part of the time while the other has work, and is back within seconds when it has none.
COURTESY, LONGEST_WAY, RECENT_SECONDS = 0.1, 5.0, 1.0
LONGEST_TURN = timedelta(seconds=10)  # A batch that takes longer gives back what it has not begun: others may be idle.


class Runner:
    """Runs jobs of some kinds in this process, one batch at a time; kinds that come first are taken first."""

    def __init__(
        self,
        stores: Stores,
        committer: Committer,
        kinds: Mapping[str, JobKind],
        clock: Clock,
        holding: Holding,
        *,
        gives_way_to: Runner | None = None,
    ) -> None:
        self._stores, self._committer, self._kinds = stores, committer, dict(kinds)
        self._clock, self._holding, self._other = clock, holding, gives_way_to
        self._stop = threading.Event()
        self._busy_at = float("-inf")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds it runs."""
        return tuple(self._kinds)

    @property
    def is_busy(self) -> bool:
        """Has it had work a moment ago."""
        return time.monotonic() - self._busy_at < RECENT_SECONDS

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, and look again after a short rest when there is nothing to do."""
        self._stop, waking = stop, Waking(self._stores.record)
        try:
            while not stop.is_set():
                if self.run_once():
                    waking.stir()
                else:
                    waking.rest(stop)
        finally:
            waking.close()

    def run_once(self) -> int:
        """Take the next batch and do it; give how many were taken."""
        return self._do(lambda: claim(self._stores, self._holding.worker, self.kinds, self._clock()))

    def run_these(self, numbers: Sequence[int]) -> int:
        """Do those of these jobs that are ready still; give how many were taken."""
        done, kinds = 0, frozenset(self._kinds)
        # A job that must go alone parts them into several batches.
        while some := self._do(lambda: claim_these(self._stores, self._holding.worker, kinds, numbers, self._clock())):
            done += some
            if self._stop.is_set():
                break
        return done

    def stop_with(self, stop: threading.Event) -> None:
        """Give back what a batch has not begun when this is set."""
        self._stop = stop

    def _do(self, ask: Callable[[], tuple[Job, ...]]) -> int:
        try:
            batch = self._holding.take(ask)
        except RecordsError as fault:
            log.warning("no jobs taken: %s", type(fault).__name__)
            return 0
        began = time.monotonic()
        try:
            self._do_batch(batch)
        finally:
            self._holding.let_go(batch)
        if batch:
            self._busy_at = time.monotonic()
            self._give_way(self._busy_at - began)
        return len(batch)

    def _give_way(self, seconds: float) -> None:
        """Rest after a batch that took so long, where the other one has work: both share one processor."""
        if self._other is not None and self._other.is_busy:
            self._stop.wait(min(LONGEST_WAY, seconds * (1 / COURTESY - 1)))

    def _do_batch(self, batch: Sequence[Job]) -> None:
        began = self._clock()
        ready: list[tuple[Job, Change]] = []
        preparing = self._preparing(batch)
        for place, job in enumerate(batch):
            if self._stop.is_set() or self._clock() - began > LONGEST_TURN:
                self._put_back(batch[place:])
                break
            if (change := self._prepare(job, preparing)) is not None:
                ready.append((job, change))
            if sum(change.octets for _, change in ready) > MOST_GATHERED:
                self._commit_all(ready)
                ready = []
        self._commit_all(ready)

    def _commit_all(self, ready: Sequence[tuple[Job, Change]]) -> None:
        """Commit what was prepared in one group, which costs little more than one alone."""
        answers = self._committer.submit_all([change for _, change in ready])
        for (job, _), answer in zip(ready, answers, strict=True):
            try:
                answer.result()
            except Exception as fault:  # noqa: BLE001 - a job's edge: whatever it is becomes a reason id
                self._failed(job, fault)

    def _put_back(self, jobs: Sequence[Job]) -> None:
        numbers, now = sorted(job.id for job in jobs), self._clock()
        self._commit(Change(apply=lambda connection: give_back(connection, self._holding.worker, numbers, now)))

    def _preparing(self, batch: Sequence[Job]) -> Callable[[Job], Change]:
        """Give what prepares a batch's jobs. A kind may read for all of its jobs at once, when the first is begun."""
        made: dict[str, Callable[[str], Change]] = {}

        def prepare(job: Job) -> Change:
            if job.kind not in made:
                mine = [each.subject_id for each in batch if each.kind == job.kind]
                made[job.kind] = self._kinds[job.kind].preparing(mine)
            return made[job.kind](job.subject_id)

        return prepare

    def _prepare(self, job: Job, preparing: Callable[[Job], Change]) -> Change | None:
        if job.taken - job.failures >= MOST_TAKEN:
            self._end_tries(job, JobFault("worker-died"))
            return None
        try:
            change = preparing(job)
        except Exception as fault:  # noqa: BLE001 - a job's edge: whatever it is becomes a reason id
            self._failed(job, fault)
            return None
        return _with_end(change, job)

    def _failed(self, job: Job, fault: Exception) -> None:
        """Write the failure down: another try later, or the end of tries."""
        if isinstance(fault, Superseded):
            log.info("job done by another worker: kind=%s subject=%s", job.kind, job.subject_id)
            return
        known = _known(fault)
        tries, failures = TRIES.get(known.reason, ORDINARY), job.failures + 1
        log.warning(
            "job failed: kind=%s subject=%s failures=%d class=%s",
            job.kind,
            job.subject_id,
            failures,
            type(fault).__name__,
        )
        if failures >= tries.most:
            self._end_tries(job, known)
        else:
            until = self._clock() + tries.rest(failures)
            self._commit(Change(apply=lambda connection: put_off(connection, job, known.reason, until)))

    def _end_tries(self, job: Job, fault: JobFault) -> None:
        instead = fault.otherwise or Change(apply=lambda connection: self._give_up(connection, job, fault.reason))
        try:
            self._committer.commit(_with_end(instead, job))
        except (Superseded, StoreUnavailable) as trouble:
            _not_ended(trouble)
        except Exception as trouble:  # noqa: BLE001 - the subject refuses; an end that fails for ever would be tried for ever
            log.warning("subject not given up: kind=%s class=%s", job.kind, type(trouble).__name__)
            alarm = Change(apply=lambda connection: self._alarm(connection, job))
            self._commit(_with_end(alarm, job))

    def _give_up(self, connection: Connection, job: Job, reason: str) -> None:
        self._kinds[job.kind].give_up(connection, job.subject_id, reason, self._clock())
        self._alarm(connection, job)

    def _alarm(self, connection: Connection, job: Job) -> None:
        raise_alarm(connection, f"{job.kind}-failed", job.subject_id, self._clock())

    def _commit(self, change: Change) -> None:
        try:
            self._committer.commit(change)
        except RecordsError as trouble:
            _not_ended(trouble)


def _not_ended(trouble: RecordsError) -> None:
    """Tell it. The jobs are let go all the same, and go back when the store answers again."""
    log.warning("end of jobs not written down: class=%s", type(trouble).__name__)


def _known(fault: Exception) -> JobFault:
    """Say a fault by a reason id. What the store did not take is no fault of the job."""
    if isinstance(fault, JobFault):
        return fault
    return JobFault(STORE_AWAY if isinstance(fault, StoreUnavailable) else "failed")


def _with_end(change: Change, job: Job) -> Change:
    """Give the change together with the job's end: for itself, because its neighbours' ends are theirs."""

    def apply(connection: Connection) -> Any:
        end(connection, job)
        return change.apply(connection)

    return replace(change, apply=apply, together=None, part=None)
