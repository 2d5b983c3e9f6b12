"""SQLite, embedded: a file beside the program, and one writer at a time.

It runs in WAL with synchronous=FULL: a commit that returned is on disk (powercut tests show it). Every write
transaction is BEGIN IMMEDIATE, because a plain BEGIN that turns from reading to writing fails at once when another
writer is in between. secure_delete=ON overwrites what is deleted; temp_store=MEMORY keeps sorting out of files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, TableClause, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from records.engines import Condition
from records.errors import StoreAway, StoreConflict, StoreUnavailable

BUSY_SECONDS = 20  # A writer waits this long for another's commit; a group commit takes milliseconds.
PRAGMAS: Mapping[str, str] = {
    "journal_mode": "wal",
    "synchronous": "2",  # FULL: the write-ahead log is synced at each commit.
    "secure_delete": "1",
    "temp_store": "2",  # MEMORY
    "foreign_keys": "1",
}
# A damaged file is gone for everybody; a table that is not there is nobody else's trouble.
DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
WRONG_QUESTION = "SQLITE_ERROR"


class Sqlite:
    """What is SQLite's own."""

    reads: Mapping[str, Any] = {}
    writes: Mapping[str, Any] = {"sallyport_writes": True}

    def make(self, url: URL) -> Engine:
        """Make an engine whose connections have our settings."""
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        return engine

    def take_time(self, connection: Connection) -> None:
        """Do nothing: nothing here ends a transaction that lasts."""

    def lock(self, connection: Connection, name: str) -> None:
        """Do nothing: BEGIN IMMEDIATE holds the one lock there is."""

    def wipe(self, engine: Engine, tables: Sequence[TableClause]) -> None:
        """Copy the write-ahead log back and empty it; secure_delete has overwritten the rows themselves."""
        del tables
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def conditions(self, connection: Connection) -> tuple[Condition, ...]:
        """Read the pragmas back."""
        return tuple(
            Condition(name=name, wanted=(wanted,), found=str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()))
            for name, wanted in PRAGMAS.items()
        )

    def code(self, fault: DBAPIError) -> str:
        """Give SQLite's name of the error."""
        return str(getattr(fault.orig, "sqlite_errorname", ""))

    def meaning(self, fault: DBAPIError) -> type[StoreUnavailable]:
        """Locked, full, read-only, damaged or gone: away. A row that is there already: somebody else's."""
        code = self.code(fault)
        if isinstance(fault, IntegrityError):
            return StoreConflict
        is_away = isinstance(fault, OperationalError) and code != WRONG_QUESTION
        return StoreAway if is_away or code in DAMAGED else StoreUnavailable


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # Transactions are begun by `_begin` below, not guessed by the driver.
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    # The log is truncated when it has been copied back, so that what was deleted does not linger in it.
    cursor.execute("PRAGMA journal_size_limit=0")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("sallyport_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
