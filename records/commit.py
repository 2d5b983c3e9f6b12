"""One way to change the record: a `Change`, committed in a group with its neighbours.

Order of durability: wraps first (key store), then the record, then the wraps that are not needed any more. A crash in
between leaves wraps without a record (swept), or a wrap too many (dropped by the next sweep); never a record that
cannot be opened. Those who wait in the same moment share a commit, so that many small mails cost one sync. A change
that fails takes nobody with it: the group is rolled back and each member is tried alone.
"""

from __future__ import annotations

import itertools
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete

from records.bulk import insert_rows
from records.clock import Clock
from records.errors import StoreAway, StoreConflict
from records.sealing import Wrap
from records.store import Stores
from records.tables import WrapRow

log = logging.getLogger(__name__)
LARGEST_GROUP = 64  # More waiting members gain nothing: the sync's share of a commit is small by then.
STOP_SECONDS = 30
CONFLICT_TRIES = 3  # So often a change that met another transaction, though it was alone, is tried again.
LONGEST_REST = 0.05

# One wrap to drop: a blob's id and a compartment (None: all of the blob's wraps).
Drop = tuple[str, str | None]
# Writes many changes of one kind: takes the part of each, and gives an answer for each in the same order.
Together = Callable[[Connection, Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the record. `apply` writes rows and gives the answer for the one who waits.

    Changes made by `one_of_many` that stand next to each other in a group are written by one call, which needs no more
    statements for all of them than for one.
    """

    apply: Callable[[Connection], Any] = field(repr=False)
    wraps: tuple[Wrap, ...] = ()
    drops: tuple[Drop, ...] = ()
    # About what it keeps in memory until it is committed: what waits is bounded by bytes as well as by number.
    octets: int = 0
    together: Together | None = field(default=None, repr=False)
    part: Any = field(default=None, repr=False)

    @classmethod
    def one_of_many(cls, together: Together, part: Any, *, wraps: tuple[Wrap, ...] = (), octets: int = 0) -> Change:
        """Give a change that is written with its neighbours of the same kind, or alone."""
        return cls(
            apply=lambda connection: together(connection, [part])[0],
            wraps=wraps,
            octets=octets,
            together=together,
            part=part,
        )


@dataclass(slots=True)
class _Member:
    change: Change
    answer: Future[Any]
    result: Any = None


def rest_briefly() -> None:
    """Wait a random moment, so that two who met do not meet again."""
    time.sleep(random.uniform(0, LONGEST_REST))  # noqa: S311 - a pause, no secret


class Committer:
    """Takes changes from many threads and commits them in groups, in one thread of its own."""

    def __init__(
        self, stores: Stores, clock: Clock, *, waiting: int = 1024, rest: Callable[[], None] = rest_briefly
    ) -> None:
        self._stores, self._clock, self._rest = stores, clock, rest
        self._queue: queue.Queue[_Member | None] = queue.Queue(maxsize=waiting)
        self._is_open = True
        self._lock = threading.Lock()
        self._gathering = threading.Lock()
        self._octets = 0
        self._began: float | None = None
        self._is_away = False
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many changes wait: what backpressure goes by."""
        return self._queue.qsize()

    @property
    def waiting_octets(self) -> int:
        """How much memory the changes hold that wait or are being committed."""
        return self._octets

    @property
    def is_away(self) -> bool:
        """Did the last commit find the store locked, full or gone."""
        return self._is_away

    @property
    def stalled_seconds(self) -> float:
        """For how long the commit under way has been under way."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def submit(self, change: Change) -> Future[Any]:
        """Queue a change. The future's result comes when it is durable, or its error when it is not known to be."""
        member = _Member(change, Future())
        # A future that runs cannot be cancelled: a lost connection must not take back a commit under way.
        member.answer.set_running_or_notify_cancel()
        if not self._is_open:
            member.answer.set_exception(StoreAway("this process is stopping"))
            return member.answer
        self._count(change.octets)
        try:
            # Never waits: the one who asks may be the event loop of all sessions.
            self._queue.put_nowait(member)
        except queue.Full:
            self._count(-change.octets)
            member.answer.set_exception(StoreAway("too many changes wait"))
        return member.answer

    def submit_all(self, changes: Sequence[Change]) -> list[Future[Any]]:
        """Queue changes in one go, so that they share their commits; as `submit`."""
        with self._gathering:
            return [self.submit(change) for change in changes]

    def commit(self, change: Change) -> Any:
        """Commit a change and wait for it."""
        return self.submit(change).result()

    def close(self) -> None:
        """Commit what waits, then stop."""
        if self._is_open:
            self._is_open = False
            self._queue.put(None)
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        going = True
        while going:
            group, going = self._next_group()
            if group:
                self._began = time.monotonic()
                self._commit_group(group)
                self._began = None
                self._count(-sum(member.change.octets for member in group))

    def _count(self, octets: int) -> None:
        with self._lock:
            self._octets += octets

    def _next_group(self) -> tuple[list[_Member], bool]:
        first = self._queue.get()
        if first is None:
            return [], False
        with self._gathering:  # What is being queued in one go is waited for.
            group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                member = self._queue.get_nowait()
            except queue.Empty:
                break
            if member is None:
                return group, False
            group.append(member)
        return group, True

    def _commit_group(self, group: Sequence[_Member], tries: int = CONFLICT_TRIES) -> None:
        try:
            self._commit(group)
        except BaseException as fault:  # noqa: BLE001 - the edge of this thread: it goes to those who wait, the thread on
            self._failed(group, fault, tries)
            return
        self._is_away = False
        for member in group:
            member.answer.set_result(member.result)

    def _failed(self, group: Sequence[_Member], fault: BaseException, tries: int) -> None:
        if isinstance(fault, StoreAway):
            # Each alone would wait as long again for the same lock or disk.
            self._is_away = True
            for member in group:
                member.answer.set_exception(fault)
        elif len(group) > 1:
            log.warning("group of %d rolled back, each is tried alone: %s", len(group), type(fault).__name__)
            for member in group:
                self._commit_group([member])
        elif isinstance(fault, StoreConflict) and tries:
            self._rest()
            self._commit_group(group, tries - 1)
        else:
            group[0].answer.set_exception(fault)

    def _commit(self, group: Sequence[_Member]) -> None:
        wraps = [wrap for member in group for wrap in member.change.wraps]
        drops = [drop for member in group for drop in member.change.drops]
        if wraps:
            # A job that is done again after a crash in between finds its wraps here: the first ones serve as well.
            with self._stores.keys.writing() as connection:
                insert_rows(connection, WrapRow, wrap_rows(wraps, self._clock()), ignoring=True)
        with self._stores.record.writing() as connection:
            for together, members in itertools.groupby(group, key=lambda member: member.change.together):
                _apply(connection, together, tuple(members))
        if drops:
            self._drop(drops)

    def _drop(self, drops: Sequence[Drop]) -> None:
        """Drop wraps. The record is durable by now, so a failure here is only a wrap too many, for the sweep."""
        try:
            with self._stores.keys.writing() as connection:
                for blob_id, compartment in drops:
                    doomed = delete(WrapRow).where(WrapRow.blob_id == blob_id)
                    connection.execute(
                        doomed if compartment is None else doomed.where(WrapRow.compartment == compartment)
                    )
        except Exception as fault:  # noqa: BLE001 - see the docstring: the answer is already decided
            log.warning("wraps not dropped yet: %s", type(fault).__name__)


def _apply(connection: Connection, together: Together | None, members: Sequence[_Member]) -> None:
    if together is None:
        for member in members:
            member.result = member.change.apply(connection)
        return
    answers = together(connection, [member.change.part for member in members])
    for member, answer in zip(members, answers, strict=True):
        member.result = answer


def wrap_rows(wraps: Sequence[Wrap], now: datetime) -> list[dict[str, Any]]:
    """Give wraps as rows of the key store."""
    return [
        {
            "blob_id": wrap.blob_id,
            "compartment": wrap.compartment,
            "key_id": wrap.key_id,
            "suite": wrap.suite,
            "sealed": wrap.sealed,
            "made_at": now,
        }
        for wrap in wraps
    ]
