"""A short rest that ends early when somebody wrote: a new job need not wait for the next look."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError

from records.store import Store

# Asking SQLite for its counter costs 4 microseconds, waking up for it 70 to 150, asking for jobs some hundreds.
GLANCE_SECONDS = 0.05
SELDOM_SECONDS = 1.0  # Where commits are told of, only what has rested becomes ready without one.
# Where they are not, a look at PostgreSQL costs a millisecond: fewer of them when there has been nothing for a while.
IDLE_SECONDS = 0.1
LONGEST_SECONDS = 0.3
LOOKS = 20


class Waking:
    """Rests for one thread. SQLite counts the commits of others (`data_version`); other engines are asked in turn."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts = store.engine.dialect.name == "sqlite"
        self._connection: PoolProxiedConnection | None = None
        self._seen: int | None = None
        self._looks = 0

    def stir(self) -> None:
        """Note that there was something to do: the next rests are short again."""
        self._looks = 0

    def rest(self, stop: threading.Event, longest: float = SELDOM_SECONDS) -> None:
        """Rest until the next commit, where the engine tells of it; else for a moment."""
        self._looks += 1
        if self._version() is None:
            grown = IDLE_SECONDS + (LONGEST_SECONDS - IDLE_SECONDS) * min(self._looks / LOOKS, 1)
            stop.wait(min(grown, longest))
            return
        ends = time.monotonic() + longest
        while not stop.wait(GLANCE_SECONDS) and time.monotonic() < ends:
            version = self._version()
            if version != self._seen:
                self._seen = version
                return

    def _version(self) -> int | None:
        """Give the counter of this connection, which has no transaction open; None where there is none."""
        if not self._counts:
            return None
        try:
            if self._connection is None:
                self._connection = self._store.engine.raw_connection()
            (version,) = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        except (SQLAlchemyError, sqlite3.Error):
            self.close()
            return None
        return int(version)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError, sqlite3.Error):
                self._connection.close()
            self._connection = None
