"""Jobs: the table in the record is the truth; the runner here is the embedded one.

A job names a kind and an id. Its function prepares a `Change` without writing anything, and the runner commits that
change together with the job's end: so a job that runs twice does its work once, and many ends share a commit.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, select, update

from records.alarms import raise_alarm
from records.clock import Clock
from records.commit import Change, Committer
from records.errors import RecordsError
from records.store import Stores, insert_ignoring
from records.tables import JobRow

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # Longer than the slowest job: a parse may take 20 s, and a batch waits in line.
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
MOST_FAILURES = 5
# The other side of a relay may be away for a weekend: what waits for it is tried for about three days.
AWAY = "not-sent"
AWAY_BACK_OFF = (*BACK_OFF, timedelta(minutes=10), timedelta(hours=1))
MOST_AWAY = 72
MOST_TAKEN = 15  # A job that was taken up so often without an end has killed its workers.
BATCH = 16
LONGEST_TURN = LEASE / 4  # A batch that takes longer gives back what it has not begun.
IDLE_SECONDS = 0.1


class JobFault(RecordsError):
    """A job could not be done now. `reason` is one of our reason ids."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Superseded(RecordsError):
    """The job is not this worker's any more: its lease ended, and somebody else took it up or did it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: its kind, and the id of what it is about."""

    id: int
    kind: str
    subject_id: str
    failures: int
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """What is done for a kind, and what becomes of the subject when it failed too often."""

    prepare: Callable[[str], Change]
    give_up: Callable[[Connection, str, str, datetime], None]


def enqueue(connection: Connection, kind: str, subject_id: str, now: datetime) -> None:
    """Write a job in the caller's transaction; the same job twice is one."""
    row = {"kind": kind, "subject_id": subject_id, "not_before": now}
    connection.execute(insert_ignoring(connection, JobRow), [row])


def claim(stores: Stores, worker: str, kinds: Sequence[str], now: datetime, limit: int = BATCH) -> tuple[Job, ...]:
    """Take up to `limit` ready jobs, oldest first; nobody else gets them before the lease ends."""
    ready = ready_jobs(kinds, now, limit)
    with stores.record.reading() as connection:
        if connection.execute(ready.limit(1)).first() is None:
            return ()
    with stores.record.writing() as connection:
        rows = connection.execute(ready.with_for_update(skip_locked=True)).all()
        # What was taken up without an end may have killed its worker: it goes alone, and takes nobody along.
        odd = next((place for place, row in enumerate(rows) if row.taken > row.failures), limit)
        rows = rows[: max(odd, 1)]
        mine = update(JobRow).where(JobRow.id.in_([row.id for row in rows]))
        connection.execute(mine.values(not_before=now + LEASE, worker=worker, taken=JobRow.taken + 1))
    return tuple(_job(row) for row in rows)


def ready_jobs(kinds: Sequence[str], now: datetime, limit: int) -> Select[Any]:
    """Ask for the ready jobs of some kinds, oldest first.

    The kind stands as an expression, so that it is no search key: SQLite would take the index of (kind, subject) and
    sort the whole backlog for each claim (measured: 240 ms at 100,000 waiting jobs, against under 1 ms).
    """
    is_ready = (JobRow.not_before <= now) & (JobRow.kind + "").in_(kinds)
    return select(JobRow.__table__).where(is_ready).order_by(JobRow.not_before, JobRow.id).limit(limit)


def release(stores: Stores, worker: str, now: datetime) -> None:
    """Make ready at once what a worker of this name had taken up when it ended."""
    with stores.record.writing() as connection:
        connection.execute(update(JobRow).where(JobRow.worker == worker).values(not_before=now, worker=None))


def count(connection: Connection) -> int:
    """Count the jobs that are not done."""
    return connection.execute(select(func.count()).select_from(JobRow)).scalar_one()


class Runner:
    """Runs jobs in this process until it is told to stop."""

    def __init__(
        self, stores: Stores, committer: Committer, kinds: Mapping[str, JobKind], clock: Clock, worker: str
    ) -> None:
        self._stores, self._committer, self._kinds = stores, committer, dict(kinds)
        self._clock, self._worker = clock, worker

    def run(self, stop: threading.Event) -> None:
        """Work, and look again after a short rest when there is none."""
        release(self._stores, self._worker, self._clock())
        while not stop.is_set():
            try:
                done = self.run_once()
            except RecordsError as fault:
                log.warning("no jobs taken: %s", type(fault).__name__)
                done = 0
            if not done:
                stop.wait(IDLE_SECONDS)

    def run_once(self) -> int:
        """Take a batch and do it; give how many were taken."""
        began = self._clock()
        batch = claim(self._stores, self._worker, list(self._kinds), began)
        under_way = []
        for place, job in enumerate(batch):
            if self._clock() - began > LONGEST_TURN:
                # Slow ones came first; the rest must not outlast its lease in line behind them.
                self._put_back(batch[place:])
                break
            if (answer := self._start(job)) is not None:
                under_way.append((job, answer))
        for job, answer in under_way:
            try:
                answer.result()
            except Exception as fault:  # noqa: BLE001 - a job's edge: whatever it is becomes a reason id
                self._failed(job, fault)
        return len(batch)

    def _put_back(self, jobs: Sequence[Job]) -> None:
        values = {"not_before": self._clock(), "worker": None, "taken": JobRow.taken - 1}
        ready = [update(JobRow).where(_is_still(job)).values(values) for job in jobs]
        self._committer.submit(Change(apply=lambda connection: [connection.execute(each) for each in ready]))

    def _start(self, job: Job) -> Future[Any] | None:
        if job.taken - job.failures >= MOST_TAKEN:
            self._failed(replace(job, failures=MOST_AWAY), JobFault("worker-died"))
            return None
        try:
            change = self._kinds[job.kind].prepare(job.subject_id)
        except Exception as fault:  # noqa: BLE001 - a job's edge: whatever it is becomes a reason id
            self._failed(job, fault)
            return None
        return self._committer.submit(replace(change, apply=_and_end(change, job)))

    def _failed(self, job: Job, fault: Exception) -> None:
        """Write the failure down: another try later, or the end of tries."""
        if isinstance(fault, Superseded):
            log.info("job done by another worker: kind=%s subject=%s", job.kind, job.subject_id)
            return
        reason = fault.reason if isinstance(fault, JobFault) else "failed"
        failures, now = job.failures + 1, self._clock()
        log.warning(
            "job failed: kind=%s subject=%s failures=%d class=%s",
            job.kind,
            job.subject_id,
            failures,
            type(fault).__name__,
        )
        most, back_off = (MOST_AWAY, AWAY_BACK_OFF) if reason == AWAY else (MOST_FAILURES, BACK_OFF)
        if failures < most:
            later = now + back_off[min(failures, len(back_off)) - 1]
            values = {"failures": failures, "not_before": later, "worker": None, "reason": reason}
            change = Change(
                apply=lambda connection: connection.execute(update(JobRow).where(_is_still(job)).values(values))
            )
        else:
            change = Change(apply=lambda connection: self._give_up(connection, job, reason, now))
        try:
            self._committer.commit(change)
        except RecordsError as trouble:
            # The lease ends by itself, and the job is taken up again.
            log.warning("failure not written down: kind=%s class=%s", job.kind, type(trouble).__name__)

    def _give_up(self, connection: Connection, job: Job, reason: str, now: datetime) -> None:
        if connection.execute(delete(JobRow).where(_is_still(job))).rowcount != 1:
            return
        self._kinds[job.kind].give_up(connection, job.subject_id, reason, now)
        raise_alarm(connection, f"{job.kind}-failed", job.subject_id, now)


def _and_end(change: Change, job: Job) -> Callable[[Connection], Any]:
    def apply(connection: Connection) -> Any:
        if connection.execute(delete(JobRow).where(_is_still(job))).rowcount != 1:
            raise Superseded("job")
        return change.apply(connection)

    return apply


def _is_still(job: Job) -> ColumnElement[bool]:
    """Ask for the job as it was taken up. Its number alone tells little: SQLite gives that of the last row again."""
    same = (JobRow.id == job.id) & (JobRow.kind == job.kind) & (JobRow.subject_id == job.subject_id)
    return same & (JobRow.taken == job.taken)


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.kind, row.subject_id, row.failures, row.taken + 1)
