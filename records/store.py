"""The two databases: the record, and the key store apart from it. SQLite embedded; the seams for others are URLs.

SQLite runs in WAL with synchronous=FULL: a commit that returned is on disk (powercut tests show it). Every write
transaction is BEGIN IMMEDIATE, because a plain BEGIN that turns from reading to writing fails at once when another
writer is in between. secure_delete=ON overwrites what is deleted; temp_store=MEMORY keeps sorting out of files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Insert, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from records.errors import StoreAway, StoreUnavailable

BUSY_SECONDS = 20  # A writer waits this long for another's commit; a group commit takes milliseconds.
PRAGMAS: Mapping[str, str] = {
    "journal_mode": "wal",
    "synchronous": "2",  # FULL: the write-ahead log is synced at each commit.
    "secure_delete": "1",
    "temp_store": "2",  # MEMORY
    "foreign_keys": "1",
}
WRITES = {"sallyport_writes": True}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A role's own name and password at a database server. SQLite has none: there the file's owner is who may."""

    name: str
    password: str = field(repr=False)


def connect(url: str, login: Login | None = None) -> Engine:
    """Make an engine. Nothing is opened yet."""
    parsed = make_url(url)
    if login is not None:
        parsed = parsed.set(username=login.name, password=login.password)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


@dataclass(frozen=True, slots=True)
class Store:
    """One database."""

    engine: Engine

    @classmethod
    def at(cls, url: str, login: Login | None = None) -> Store:
        """Give the store at a URL."""
        return cls(connect(url, login))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for questions: one consistent view."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as fault:
            raise _said(fault) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection for a change; it is durable when the block has ended without an error."""
        try:
            with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
                yield connection
        except SQLAlchemyError as fault:
            raise _said(fault) from None

    def truncate_log(self) -> None:
        """Copy SQLite's write-ahead log back and empty it, so that deleted rows leave no trace there."""
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def pragmas(self) -> Mapping[str, str]:
        """Read back what the database says of itself; empty where the engine has no such settings."""
        if self.engine.dialect.name != "sqlite":
            return {}
        with self.reading() as connection:
            return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in PRAGMAS}

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _said(fault: SQLAlchemyError) -> StoreUnavailable:
    """Say a database's error by its class only: its text can hold values."""
    kind = StoreAway if isinstance(fault, OperationalError) else StoreUnavailable
    return kind(f"the database did not answer ({type(fault).__name__})")


def insert_ignoring(connection: Connection, table: type[DeclarativeBase]) -> Insert:
    """Give an insert that leaves a row alone which is there already: for what may be done twice."""
    return _ignoring(connection.dialect.name, table)


@cache
def _ignoring(dialect: str, table: type[DeclarativeBase]) -> Insert:
    """Build it once for a table: building costs several times what the insert takes."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Stores:
    """The record and its key store."""

    record: Store
    keys: Store

    def close(self) -> None:
        """Let go of both."""
        self.record.close()
        self.keys.close()
