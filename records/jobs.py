"""Jobs: the table in the record is the truth, whatever else carries their numbers about.

A job names a kind and an id. Who takes it up holds it for a lease and renews that while alive (records.running): a job
whose worker is gone is ready again by itself. Clocks are set now and then, so a moment far in the future is no reason
to wait: no lease and no rest is that long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, func, or_, select, update

from records.bulk import insert_rows
from records.commit import Change
from records.errors import RecordsError
from records.store import Stores
from records.tables import JobRow

LEASE = timedelta(seconds=30)  # Renewed each ten seconds or so; what a stopped or dead worker held waits no longer.
BATCH = 16
MOST_TAKEN = 15  # A job that was taken up so often without an end has killed its workers.
NEAR = LEASE * 2 / 3  # A lease that ends so soon is renewed.
SKEW = timedelta(seconds=10)  # Hosts' clocks differ, and may be set by so much without a word.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often a job that failed for a reason is tried in all, and how long it rests in between."""

    most: int
    rests: tuple[timedelta, ...]
    # It may have failed because of the load, or have caused it: the next time it has a worker to itself.
    is_alone: bool = False

    def rest(self, failures: int) -> timedelta:
        """Give the rest after so many failures; the last one stands for all that follow."""
        return self.rests[min(failures, len(self.rests)) - 1]


def _seconds(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=number) for number in numbers)


ORDINARY = Tries(most=5, rests=_seconds(1, 5, 30, 120))
STORE_AWAY = "store-away"
TRIES: Mapping[str, Tries] = {
    # The other side of a relay may be away for a weekend: what waits for it is tried for about three days.
    "not-sent": Tries(most=72, rests=_seconds(1, 5, 30, 120, 600, 3600)),
    # A full disk or a lost database is no fault of the job: it waits until the store takes it.
    STORE_AWAY: Tries(most=1000, rests=_seconds(1, 5, 30)),
    # A busy machine, or a bad message: once more, alone, tells which.
    "too-slow": Tries(most=2, rests=_seconds(30), is_alone=True),
    "parser-died": Tries(most=2, rests=_seconds(30), is_alone=True),
    # Nothing could be started to read it with: no fault of the message, so it waits as long as that takes.
    "parser-not-started": Tries(most=1000, rests=_seconds(1, 5, 30)),
}
# Built once: it is asked ten times a second.
_ANY = (
    select(JobRow.id)
    .where(JobRow.kind.in_(bindparam("kinds", expanding=True)), JobRow.not_before <= bindparam("now"))
    .limit(1)
)
ALONE = tuple(reason for reason, tries in TRIES.items() if tries.is_alone)
LONGEST_REST = max(tries.rests[-1] for tries in (ORDINARY, *TRIES.values()))


class JobFault(RecordsError):
    """A job could not be done now. `reason` is one of our reason ids; `otherwise` is done when the tries end."""

    def __init__(self, reason: str, otherwise: Change | None = None) -> None:
        super().__init__(reason)
        self.reason, self.otherwise = reason, otherwise


class Superseded(RecordsError):
    """The job is not this worker's any more: its lease ended, and somebody else took it up or did it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work, as a worker took it up: its kind, and the id of what it is about."""

    id: int
    kind: str
    subject_id: str
    failures: int
    taken: int
    worker: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """What is done for a kind, and what becomes of the subject when it failed too often."""

    prepare: Callable[[str], Change]
    give_up: Callable[[Connection, str, str, datetime], None]
    # Where it pays to read for a whole batch at once: takes the batch's subjects, and gives what prepares each.
    for_batch: Callable[[Sequence[str]], Callable[[str], Change]] | None = None

    def preparing(self, subject_ids: Sequence[str]) -> Callable[[str], Change]:
        """Give what prepares each of these subjects."""
        return self.prepare if self.for_batch is None else self.for_batch(subject_ids)


def enqueue(connection: Connection, kind: str, subject_id: str, now: datetime) -> None:
    """Write a job in the caller's transaction; the same job twice is one."""
    enqueue_all(connection, kind, [subject_id], now)


def enqueue_all(connection: Connection, kind: str, subject_ids: Sequence[str], now: datetime) -> None:
    """Write jobs of one kind in the caller's transaction, in one statement however many they are."""
    rows = [{"kind": kind, "subject_id": subject_id, "not_before": now} for subject_id in subject_ids]
    insert_rows(connection, JobRow, rows, ignoring=True)


def ready_jobs(kind: str, now: datetime, limit: int) -> Select[Any]:
    """Ask for the ready jobs of a kind, oldest first: the first entries of its part of the index."""
    is_ready = (JobRow.kind == kind) & (JobRow.not_before <= now)
    return select(JobRow.__table__).where(is_ready).order_by(JobRow.not_before, JobRow.id).limit(limit)


def is_any_ready(stores: Stores, kinds: Collection[str], now: datetime) -> bool:
    """Tell whether any job of these kinds could be taken up: what idle workers ask all the time."""
    with stores.record.reading() as connection:
        return connection.execute(_ANY, {"kinds": sorted(kinds), "now": now}).first() is not None


def claim(stores: Stores, worker: str, kinds: Sequence[str], now: datetime, limit: int = BATCH) -> tuple[Job, ...]:
    """Take up to `limit` ready jobs of the first kind that has any, oldest first; nobody else gets them meanwhile."""
    if not is_any_ready(stores, kinds, now):
        return ()
    for kind in kinds:
        if taken := _take(stores, worker, ready_jobs(kind, now, limit), now):
            return taken
    return ()


def claim_these(
    stores: Stores, worker: str, kinds: Collection[str], numbers: Sequence[int], now: datetime
) -> tuple[Job, ...]:
    """Take those of these jobs that are ready still; whoever was told their numbers before may have done them."""
    is_ready = JobRow.id.in_(numbers) & JobRow.kind.in_(kinds) & (JobRow.not_before <= now)
    return _take(stores, worker, select(JobRow.__table__).where(is_ready).order_by(JobRow.not_before, JobRow.id), now)


def _take(stores: Stores, worker: str, ready: Select[Any], now: datetime) -> tuple[Job, ...]:
    with stores.record.reading() as connection:
        if connection.execute(ready.limit(1)).first() is None:
            return ()
    with stores.record.writing() as connection:
        rows = _together(connection.execute(ready.with_for_update(skip_locked=True)).all())
        mine = update(JobRow).where(JobRow.id.in_([row.id for row in rows]))
        connection.execute(mine.values(not_before=now + LEASE, worker=worker, taken=JobRow.taken + 1, carried_at=None))
    return tuple(Job(row.id, row.kind, row.subject_id, row.failures, row.taken + 1, worker) for row in rows)


def _together(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Give those that may go together: what may have killed its worker goes alone, and takes nobody along."""
    odd = (place for place, row in enumerate(rows) if row.taken > row.failures or row.reason in ALONE)
    return rows[: max(next(odd, len(rows)), 1)]


def is_still(job: Job) -> ColumnElement[bool]:
    """Ask for the job as it was taken up. Its number alone tells little: SQLite gives that of the last row again."""
    same = (JobRow.id == job.id) & (JobRow.kind == job.kind) & (JobRow.subject_id == job.subject_id)
    return same & (JobRow.taken == job.taken) & (JobRow.worker == job.worker)


def end(connection: Connection, job: Job) -> None:
    """End a job in the commit of its work; raises `Superseded` when it is not this worker's any more."""
    same = {"of_id": job.id, "of_kind": job.kind, "of_subject": job.subject_id, "of_taken": job.taken}
    if connection.execute(_END, {**same, "of_worker": job.worker}).rowcount != 1:
        raise Superseded("job")


# Built once: building it costs several times what SQLite takes to run it.
_END = delete(JobRow).where(
    JobRow.id == bindparam("of_id"),
    JobRow.kind == bindparam("of_kind"),
    JobRow.subject_id == bindparam("of_subject"),
    JobRow.taken == bindparam("of_taken"),
    JobRow.worker == bindparam("of_worker"),
)


def put_off(connection: Connection, job: Job, reason: str, until: datetime) -> None:
    """Write a failure down: the job rests until a moment, and is anybody's then."""
    values = {"failures": job.failures + 1, "not_before": until, "worker": None, "reason": reason}
    connection.execute(update(JobRow).where(is_still(job)).values(values))


def release(stores: Stores, worker: str, now: datetime) -> None:
    """Make ready at once what a worker of this name had taken up when it ended."""
    with stores.record.writing() as connection:
        connection.execute(update(JobRow).where(JobRow.worker == worker).values(not_before=now, worker=None))


def give_back(connection: Connection, worker: str, numbers: Sequence[int], now: datetime) -> None:
    """Make ready at once what a living worker has not begun, or could not end; it does not count as taken up."""
    values = {"not_before": now, "worker": None, "taken": JobRow.taken - 1}
    connection.execute(update(JobRow).where(JobRow.id.in_(numbers), JobRow.worker == worker).values(values))


def keep(stores: Stores, worker: str, held: Collection[int], renewed: Collection[int], now: datetime) -> int:
    """Renew leases of what a worker holds, and give back what the record says it holds and it does not; count those."""
    with stores.record.reading() as connection:
        asked = select(JobRow.id, JobRow.not_before).where(JobRow.worker == worker)
        rows = connection.execute(asked).all()
    strays = sorted(row.id for row in rows if row.id not in held)
    # Too far off is as bad as too near: the clock was set back, and others would not see that the worker has died.
    ending = sorted(row.id for row in rows if row.id in renewed and not NEAR < row.not_before - now < LEASE + SKEW)
    if strays or ending:
        with stores.record.writing() as connection:
            if strays:
                give_back(connection, worker, strays, now)
            mine = update(JobRow).where(JobRow.id.in_(ending), JobRow.worker == worker)
            connection.execute(mine.values(not_before=now + LEASE))
    return len(strays)


def bring_back(stores: Stores, now: datetime) -> int:
    """Make ready what waits longer than anything may, because a clock was set back; give how many."""
    far = or_(
        and_(JobRow.worker.is_(None), JobRow.failures == 0, JobRow.not_before > now + SKEW),
        and_(JobRow.worker.is_not(None), JobRow.not_before > now + LEASE + SKEW),
        JobRow.not_before > now + LONGEST_REST + SKEW,
    )
    with stores.record.reading() as connection:
        numbers = sorted(connection.scalars(select(JobRow.id).where(JobRow.not_before > now + SKEW, far)))
    if numbers:
        with stores.record.writing() as connection:
            # Asked again: in between somebody may have taken them up.
            again = update(JobRow).where(JobRow.id.in_(numbers), far)
            return connection.execute(again.values(not_before=now, worker=None, carried_at=None)).rowcount
    return 0


def count(connection: Connection) -> int:
    """Count the jobs that are not done."""
    return connection.execute(select(func.count()).select_from(JobRow)).scalar_one()
