"""RQ's queue of one lane: loads go in, and what waits there can be told from the record by its name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from records.clock import Clock
from records.loads import Load, Outside
from records.tables import EPOCH

LIFE_KEY = "sallyport:life"
WORK = "jobs"  # What RQ calls the function. No worker of ours looks it up.
MOST_LOADS = 64  # The record keeps the backlog; Redis holds what the workers will do in the next seconds.
LOAD_SECONDS = 600
FAILED_SECONDS = 60
TURN_SECONDS = 180  # After this RQ may think that the worker has died; it changes nothing here.
MICROSECOND = timedelta(microseconds=1)


class NoPenalty(BaseDeathPenalty):
    """No alarm signal breaks into a turn: children that dawdle are ended by their own limits."""

    def setup_death_penalty(self) -> None:
        """Set nothing up."""

    def cancel_death_penalty(self) -> None:
        """Take nothing back."""


class LoadJob(Job):
    """RQ's job, of which nothing is believed but numbers: no function, callback or address in it is looked up."""

    work: Any = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of a load; raises `ValueError` for anything else."""
        (given,) = self.args
        if not isinstance(given, list) or not all(type(number) is int for number in given):
            message = "no load"
            raise ValueError(message)
        return tuple(given)

    def perform(self) -> None:
        """Do what the worker does with numbers."""
        self.work(self.numbers)

    def execute_success_callback(self, *_: Any) -> None:
        """Call nothing."""

    def execute_failure_callback(self, *_: Any) -> None:
        """Call nothing."""

    def send_webhooks(self, *_: Any, **__: Any) -> None:
        """Tell nobody."""


class LaneQueue:
    """The queue of a lane."""

    def __init__(self, connection: redis.Redis, lane: str, clock: Clock) -> None:
        self.lane, self.connection, self._clock = lane, connection, clock
        self.rq = Queue(
            f"sallyport-{lane}",
            connection=connection,
            serializer=JSONSerializer,
            job_class=LoadJob,
            death_penalty_class=NoPenalty,
        )

    def look(self) -> Outside:
        """Ask what waits. The key of its life goes with everything else in a flush, or a restart without a disk."""
        with self.connection.pipeline(transaction=False) as pipeline:
            pipeline.set(LIFE_KEY, _micros(self._clock()), nx=True)
            pipeline.get(LIFE_KEY)
            pipeline.lrange(self.rq.key, 0, -1)
            _, since, names = pipeline.execute()
        return Outside(waiting=frozenset(map(_moment, names)), since=EPOCH + int(since) * MICROSECOND)

    def put(self, loads: Collection[Load]) -> None:
        """Put loads in: numbers, and nothing else."""
        self.rq.enqueue_many(
            [
                Queue.prepare_data(
                    WORK,
                    args=(list(load.numbers),),
                    description=WORK,
                    job_id=self._name(load.moment),
                    ttl=LOAD_SECONDS,
                    result_ttl=0,
                    failure_ttl=FAILED_SECONDS,
                    timeout=TURN_SECONDS,
                )
                for load in loads
            ]
        )

    def _name(self, moment: datetime) -> str:
        return f"{self.lane}-{_micros(moment):x}"


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment(name: bytes) -> datetime:
    """Read a load's moment out of its name; what is not ours stands for the beginning of time."""
    try:
        return EPOCH + int(name.rpartition(b"-")[2], 16) * MICROSECOND
    except (ValueError, OverflowError):
        return EPOCH
