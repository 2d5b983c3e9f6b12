"""One way to change the record: a `Change`, committed in a group with its neighbours.

Order of durability: wraps first (key store), then the record, then the wraps that are not needed any more. A crash in
between leaves wraps without a record (swept), or a wrap too many (dropped by the next sweep); never a record that
cannot be opened. Those who wait in the same moment share a commit, so that many small mails cost one sync. A change
that fails takes nobody with it: the group is rolled back and each member is tried alone.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete

from records.clock import Clock
from records.errors import StoreAway
from records.sealing import Wrap
from records.store import Stores, insert_ignoring
from records.tables import WrapRow

log = logging.getLogger(__name__)
LARGEST_GROUP = 64  # More waiting members gain nothing: the sync's share of a commit is small by then.
STOP_SECONDS = 30

# One wrap to drop: a blob's id and a compartment (None: all of the blob's wraps).
Drop = tuple[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the record. `apply` writes rows and gives the answer for the one who waits."""

    apply: Callable[[Connection], Any] = field(repr=False)
    wraps: tuple[Wrap, ...] = ()
    drops: tuple[Drop, ...] = ()


@dataclass(slots=True)
class _Member:
    change: Change
    answer: Future[Any]
    result: Any = None


class Committer:
    """Takes changes from many threads and commits them in groups, in one thread of its own."""

    def __init__(self, stores: Stores, clock: Clock, *, waiting: int = 1024) -> None:
        self._stores, self._clock = stores, clock
        self._queue: queue.Queue[_Member | None] = queue.Queue(maxsize=waiting)
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many changes wait: what backpressure goes by."""
        return self._queue.qsize()

    def submit(self, change: Change) -> Future[Any]:
        """Queue a change. The future's result comes when it is durable, or its error when it is not known to be."""
        member = _Member(change, Future())
        # A future that runs cannot be cancelled: a lost connection must not take back a commit under way.
        member.answer.set_running_or_notify_cancel()
        if self._is_open:
            self._queue.put(member)
        else:
            member.answer.set_exception(StoreAway("this process is stopping"))
        return member.answer

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
                self._commit_group(group)

    def _next_group(self) -> tuple[list[_Member], bool]:
        first = self._queue.get()
        if first is None:
            return [], False
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

    def _commit_group(self, group: Sequence[_Member]) -> None:
        try:
            self._commit(group)
        except BaseException as fault:  # noqa: BLE001 - the edge of this thread: it goes to those who wait, the thread on
            if isinstance(fault, StoreAway):
                # Each alone would wait as long again for the same lock or disk.
                for member in group:
                    member.answer.set_exception(fault)
                return
            if len(group) > 1:
                log.warning("group of %d rolled back, each is tried alone", len(group))
                for member in group:
                    self._commit_group([member])
                return
            group[0].answer.set_exception(fault)
            return
        for member in group:
            member.answer.set_result(member.result)

    def _commit(self, group: Sequence[_Member]) -> None:
        wraps = [wrap for member in group for wrap in member.change.wraps]
        drops = [drop for member in group for drop in member.change.drops]
        if wraps:
            # A job that is done again after a crash in between finds its wraps here: the first ones serve as well.
            with self._stores.keys.writing() as connection:
                connection.execute(insert_ignoring(connection, WrapRow), wrap_rows(wraps, self._clock()))
        with self._stores.record.writing() as connection:
            for member in group:
                member.result = member.change.apply(connection)
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
