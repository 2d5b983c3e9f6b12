"""The two databases: the record, and the key store apart from it. Which engine they are on, a URL says.

A reading transaction sees one state of things from its first question to its last. A writing one is durable when its
block has ended without an error. What an engine does for that is in `records.sqlite` and `records.postgresql`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, Engine, Insert, TableClause, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from records.engines import Condition, EngineKind
from records.errors import StoreAway, StoreUnavailable
from records.postgresql import Postgresql
from records.sqlite import Sqlite

ENGINES: Mapping[str, EngineKind] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A role's own name and password at a database server. SQLite has none: there the file's owner is who may."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Store:
    """One database."""

    engine: Engine

    @classmethod
    def at(cls, url: str, login: Login | None = None) -> Store:
        """Give the store at a URL. Nothing is opened yet."""
        parsed = make_url(url)
        if login is not None:
            parsed = parsed.set(username=login.name, password=login.password)
        return cls(ENGINES[parsed.get_backend_name()].make(parsed))

    @property
    def kind(self) -> EngineKind:
        """What is this engine's own."""
        return ENGINES[self.engine.dialect.name]

    @contextmanager
    def reading(self, *, takes_time: bool = False) -> Iterator[Connection]:
        """Give a connection for questions: one consistent view. `takes_time` is for a walk through everything."""
        try:
            with self.engine.connect().execution_options(**self.kind.reads) as connection:
                if takes_time:
                    self.kind.take_time(connection)
                yield connection
        except SQLAlchemyError as fault:
            raise self._said(fault) from None

    @contextmanager
    def writing(self, *, takes_time: bool = False) -> Iterator[Connection]:
        """Give a connection for a change; it is durable when the block has ended without an error."""
        try:
            with self.engine.connect().execution_options(**self.kind.writes) as connection, connection.begin():
                if takes_time:
                    self.kind.take_time(connection)
                yield connection
        except SQLAlchemyError as fault:
            raise self._said(fault) from None

    def wipe_deleted(self, *tables: type[DeclarativeBase]) -> None:
        """Have what was deleted from these tables leave the database's files, as far as the engine can."""
        found = [table.__table__ for table in tables]
        try:
            self.kind.wipe(self.engine, [table for table in found if isinstance(table, TableClause)])
        except SQLAlchemyError as fault:
            raise self._said(fault) from None

    def conditions(self) -> tuple[Condition, ...]:
        """Read back what the database says of itself: the settings that our promises rest on."""
        with self.reading() as connection:
            return self.kind.conditions(connection)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def _said(self, fault: SQLAlchemyError) -> StoreUnavailable:
        """Say a database's error by its class and code only: its text can hold values."""
        name = type(fault).__name__
        if isinstance(fault, DBAPIError):
            code = self.kind.code(fault)
            said = f"the database did not answer ({name} {code})" if code else f"the database did not answer ({name})"
            return self.kind.meaning(fault)(said, code=code)
        kind = StoreAway if isinstance(fault, PoolTimeout) else StoreUnavailable
        return kind(f"the database did not answer ({name})")


def lock(connection: Connection, name: str) -> None:
    """Hold the lock of this name until the transaction ends; whoever else wants it waits."""
    ENGINES[connection.dialect.name].lock(connection, name)


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
