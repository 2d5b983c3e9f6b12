"""What is put into a queue outside the record: loads of job numbers, marked here with the moment they were carried.

The mark is also the load's name out there, so that whoever looks can tell from the record alone which loads should be
waiting. A load that is not waiting, though nobody took its jobs up, was lost: it is carried again.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, update

from records.jobs import SKEW, ready_jobs
from records.store import Stores
from records.tables import JobRow

LOAD = 32  # Jobs in one load: what a queue costs for each is paid once for so many.
TAKING = timedelta(seconds=3)  # From leaving the queue until the worker has claimed them takes milliseconds.


@dataclass(frozen=True, slots=True)
class Load:
    """Numbers of jobs that are carried together."""

    moment: datetime
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What is known of the queue outside: the loads that wait there, and since when it remembers anything."""

    waiting: frozenset[datetime]
    since: datetime


def next_loads(stores: Stores, kinds: Sequence[str], now: datetime, outside: Outside, most: int) -> tuple[Load, ...]:
    """Mark up to `most` loads of ready jobs as carried, kinds that come first before the others, and give them."""
    is_free = _is_free(now, outside)
    if most <= 0:
        return ()
    with stores.record.reading() as connection:
        if not any(connection.execute(ready_jobs(kind, now, 1).where(is_free)).first() for kind in kinds):
            return ()
    numbers: list[int] = []
    with stores.record.writing() as connection:
        for kind in kinds:
            ready = ready_jobs(kind, now, most * LOAD - len(numbers)).where(is_free)
            rows = connection.execute(ready.with_for_update(skip_locked=True))
            numbers += [row.id for row in rows]
        loads = tuple(
            Load(now + timedelta(microseconds=place), tuple(numbers[start : start + LOAD]))
            for place, start in zip(itertools.count(), range(0, len(numbers), LOAD), strict=False)
        )
        for load in loads:
            mine = update(JobRow).where(JobRow.id.in_(load.numbers))
            connection.execute(mine.values(carried_at=load.moment))
    return loads


def _is_free(now: datetime, outside: Outside) -> ColumnElement[bool]:
    """Ask for what was never carried, or was lost on its way. A moment to come is of a clock that was set back."""
    lost = or_(JobRow.carried_at < max(outside.since, now - TAKING), JobRow.carried_at > now + SKEW)
    return or_(JobRow.carried_at.is_(None), and_(lost, JobRow.carried_at.not_in(_sorted(outside.waiting))))


def _sorted(moments: Collection[datetime]) -> list[datetime]:
    return sorted(moments)
