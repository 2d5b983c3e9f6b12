"""How things stand, in numbers: what an operator and a monitor look at. Nothing here is about one inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from records.tables import AlarmRow, InquiryRow, JobRow, SubmissionRow
from records.tallies import tallies
from records.values import State


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsOfAKind:
    """The jobs of one kind: ready to be taken up, taken up, and waiting for another try."""

    kind: str
    ready: int
    taken: int
    waiting: int
    # Of all of these, those that have failed at least once.
    failing: int
    # Since when the oldest ready one could have been taken up.
    ready_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsOfAKind:
    """The open alarms of one kind."""

    kind: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How things stand at one moment."""

    states: tuple[tuple[State, int], ...]
    jobs: tuple[JobsOfAKind, ...]
    held_since: datetime | None
    alarms: tuple[AlarmsOfAKind, ...]


def overview(connection: Connection, now: datetime) -> Overview:
    """Look once. The counts of inquiries are the kept ones; jobs and alarms are few, and counted."""
    states = dict.fromkeys(State, 0)
    for (state, _, _), number in tallies(connection).items():
        states[State(state)] += number
    held = select(func.min(InquiryRow.held_at)).where(
        InquiryRow.state == State.HELD.value, InquiryRow.held_at.is_not(None)
    )
    return Overview(
        states=tuple(states.items()),
        jobs=_jobs(connection, now),
        held_since=connection.execute(held).scalar(),
        alarms=open_alarms(connection),
    )


def open_alarms(connection: Connection) -> tuple[AlarmsOfAKind, ...]:
    """Give the open alarms by kind."""
    asked = (
        select(AlarmRow.kind, func.count().label("number"), func.min(AlarmRow.at).label("since"))
        .where(AlarmRow.cleared_at.is_(None))
        .group_by(AlarmRow.kind)
        .order_by(AlarmRow.kind)
    )
    return tuple(AlarmsOfAKind(kind=row.kind, count=row.number, since=row.since) for row in connection.execute(asked))


def newest_arrival(connection: Connection) -> datetime | None:
    """Give the latest time that a submission is said to have arrived at: one to come tells of a wrong clock."""
    return connection.execute(select(func.max(SubmissionRow.received_at))).scalar()


def _jobs(connection: Connection, now: datetime) -> tuple[JobsOfAKind, ...]:
    is_ready = JobRow.not_before <= now
    asked = (
        select(
            JobRow.kind,
            func.sum(case((is_ready, 1), else_=0)).label("ready"),
            func.sum(case((~is_ready & JobRow.worker.is_not(None), 1), else_=0)).label("taken"),
            func.sum(case((~is_ready & JobRow.worker.is_(None), 1), else_=0)).label("waiting"),
            func.sum(case((JobRow.failures > 0, 1), else_=0)).label("failing"),
            func.min(case((is_ready, JobRow.not_before))).label("ready_since"),
        )
        .group_by(JobRow.kind)
        .order_by(JobRow.kind)
    )
    return tuple(
        JobsOfAKind(
            kind=row.kind,
            ready=int(row.ready),
            taken=int(row.taken),
            waiting=int(row.waiting),
            failing=int(row.failing),
            ready_since=row.ready_since,
        )
        for row in connection.execute(asked)
    )
