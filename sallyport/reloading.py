"""What a running role reads again when it is told to (SIGHUP): the new one whole, or the old one as it was."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from records.alarms import clear_alarms, keep_alarm
from records.clock import Clock
from records.commit import Change, Committer
from records.errors import RecordsError
from router.errors import RouterError
from sallyport.errors import SallyportError

log = logging.getLogger(__name__)
T = TypeVar("T")


class Reloading(Generic[T]):
    """Holds what was read last and was right. `alarm` is the kind of the alarm while the file is not.

    `check` raises for what could be read but may not take the place of what is in force.
    """

    def __init__(self, read: Callable[[], T], alarm: str, check: Callable[[T], None] = lambda _: None) -> None:
        self._read, self.alarm, self._check = read, alarm, check
        self._current = read()

    @property
    def current(self) -> T:
        """What is in force."""
        return self._current

    def reload(self) -> bool:
        """Read again; False where it could not be read or is wrong, and what was in force stays."""
        kind = self.alarm
        try:
            new = self._read()
            self._check(new)
        except (SallyportError, RouterError, RecordsError, OSError) as fault:
            # Its words may quote the file; `sallyport check-settings` says them to the one who asks.
            log.error("not loaded, the old one stays: kind=%s class=%s", kind, type(fault).__name__)  # noqa: TRY400 - no trace
            return False
        self._current = new
        log.info("loaded again: kind=%s", kind)
        return True


class Hangup:
    """A role's answer to SIGHUP. The signal only wakes a thread, which then reloads one after the other."""

    def __init__(self, name: str, committer: Committer, clock: Clock) -> None:
        self._name, self._committer, self._clock = name, committer, clock
        # The kind of each alarm, and what reloads.
        self._all: list[tuple[str, Callable[[], bool]]] = []
        self._came = threading.Event()

    def add(self, reloading: Reloading[T], then: Callable[[T], None] = lambda _: None) -> None:
        """Have something reloaded; `then` is given the new one."""

        def reload() -> bool:
            is_loaded = reloading.reload()
            if is_loaded:
                then(reloading.current)
            return is_loaded

        self._all.append((reloading.alarm, reload))

    def told(self) -> None:
        """Note that the signal came: safe in a signal's handler."""
        self._came.set()

    def start(self) -> None:
        """Wait for signals in a thread."""
        threading.Thread(target=self._run, name="hangup", daemon=True).start()

    def _run(self) -> None:
        for alarm, _ in self._all:
            # What was wrong before this process began was put right, or it would not have begun.
            self._tell(alarm, is_loaded=True)
        while self._came.wait():
            self._came.clear()
            self.reload()

    def reload(self) -> None:
        """Reload everything once, and keep the alarms as things are."""
        for alarm, reload in self._all:
            self._tell(alarm, is_loaded=reload())

    def _tell(self, kind: str, *, is_loaded: bool) -> None:
        now, name = self._clock(), self._name[:32]
        change = (
            Change(apply=lambda connection: clear_alarms(connection, kind, (name,), now))
            if is_loaded
            else Change(apply=lambda connection: keep_alarm(connection, kind, name, now))
        )
        try:
            self._committer.commit(change)
        except Exception as fault:  # noqa: BLE001 - the edge of this thread: the next signal must find it alive
            log.warning("alarm not written: kind=%s class=%s", kind, type(fault).__name__)
