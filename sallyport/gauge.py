"""What looks, second by second, whether mail may be taken: at the disks, at the store, and at the backlog.

Two threads, because a look can hang (a database that is frozen answers nothing, not even an error): one looks, the
other judges the last look and its age. Whoever accepts only reads the judgement. While mail is not taken because the
store was away, the gauge itself tries a small change each second, so that no sender has to find out.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, func, select, text

from records.alarms import clear_alarms, keep_alarm
from records.clock import Clock
from records.commit import Change, Committer
from records.errors import RecordsError
from records.lifecycle import UNFINISHED
from records.sealing import Place, PublicKey, Wrap, new_id, wrap
from records.store import Stores
from records.tables import TallyRow
from sallyport.pausing import LATE, Bounds, Look, Pause, Space, decide

log = logging.getLogger("sallyport.gauge")
ALARM = "taking-paused"
SECONDS = 1.0
LONGEST_NAME = 32  # The column's width.
# Read as a statement of its own: every role may read its database's version, and it has to be fetched from the store.
_VERSION = text("SELECT version_num FROM alembic_version")
_WAITING = select(func.coalesce(func.sum(TallyRow.count), 0)).where(
    TallyRow.state.in_([state.value for state in UNFINISHED])
)


def look(stores: Stores, folders: Sequence[Path]) -> Look:
    """Look once. What cannot be looked at is not well."""
    try:
        spaces = tuple(space_of(folder) for folder in folders)
        with stores.keys.reading() as connection:
            connection.execute(_VERSION).all()
        with stores.record.reading() as connection:
            waiting = int(connection.execute(_WAITING).scalar_one())
    except (RecordsError, OSError):
        return Look(is_store_well=False)
    return Look(spaces=spaces, waiting=waiting)


def space_of(folder: Path) -> Space:
    """Give the room of the file system a folder is on, as it is for us (some is kept back for root)."""
    found = os.statvfs(folder)
    return Space(
        free=found.f_bavail * found.f_frsize,
        size=found.f_blocks * found.f_frsize,
        files=found.f_favail if found.f_files else None,
    )


class Gauge:
    """Judges for one accepting role; `reason` is None while mail may be taken."""

    def __init__(
        self,
        name: str,
        looking: Callable[[], Look],
        bounds: Bounds,
        committer: Committer,
        clock: Clock,
        key: PublicKey,
    ) -> None:
        self._name, self._looking, self._bounds = name[:LONGEST_NAME], looking, bounds
        self._committer, self._clock, self._key = committer, clock, key
        self._stop = threading.Event()
        self._look, self._looked_at = Look(), time.monotonic()
        self._pause: Pause | None = None
        # What the alarm row is known to say: raised, cleared, or not known yet.
        self._is_told: bool | None = None
        self._telling: tuple[bool, Future[Any]] | None = None

    @property
    def reason(self) -> str | None:
        """Why no mail is taken at present."""
        pause = self._pause
        return None if pause is None else pause.reason

    def __enter__(self) -> Self:
        """Look once, and go on in threads."""
        for name, body in (("gauge-look", self._keep_looking), ("gauge", self._keep_judging)):
            threading.Thread(target=body, name=name, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()

    def _keep_looking(self) -> None:
        while not self._stop.is_set():
            self._look = self._looking()
            self._looked_at = time.monotonic()
            self._stop.wait(SECONDS)

    def _keep_judging(self) -> None:
        while not self._stop.wait(SECONDS):
            self.judge(time.monotonic())
            self._tell()

    def judge(self, now: float) -> None:
        """Judge the last look, its age, and what the committer has met with."""
        is_answering = now - self._looked_at < LATE + SECONDS and self._committer.stalled_seconds < LATE
        seen = self._look
        if not is_answering or self._committer.is_away:
            seen = Look(spaces=seen.spaces, is_store_well=False, waiting=seen.waiting)
        before, self._pause = self._pause, decide(seen, self._bounds, self._pause, now)
        if self._pause is not None and self._pause is not before:
            log.warning("no mail is taken: reason=%s", self._pause.reason)
        elif before is not None and self._pause is None:
            log.info("mail is taken again: reason=%s seconds=%.0f", before.reason, now - before.since)

    def _tell(self) -> None:
        """Bring the alarm row to what is so. While the store is away this is the try that finds it there again."""
        if self._telling is not None:
            said, answer = self._telling
            if not answer.done():
                return
            self._telling = None
            if answer.exception() is None:
                self._is_told = said
        is_away, is_paused = self._committer.is_away, self._pause is not None
        if is_away or self._is_told != is_paused:
            wraps = (self._trial_wrap(),) if is_away else ()
            change = Change(apply=self._raise if is_paused else self._clear, wraps=wraps)
            self._telling = is_paused, self._committer.submit(change)

    def _raise(self, connection: Connection) -> None:
        keep_alarm(connection, ALARM, self._name, self._clock())

    def _clear(self, connection: Connection) -> None:
        clear_alarms(connection, ALARM, (self._name,), self._clock())

    def _trial_wrap(self) -> Wrap:
        """Give a wrap of no blob, so that the key store is tried too; the sweep removes it like any other orphan."""
        return wrap(os.urandom(32), self._key, Place(inquiry_id=new_id(), blob_id=new_id(), part="trial"))
