"""What differs from one database engine to another, and nothing else: `records.store` is the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, TableClause
from sqlalchemy.exc import DBAPIError

from records.errors import StoreUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a database says of itself: a setting's name, what it must be (() for whatever it is), and what it is."""

    name: str
    wanted: tuple[str, ...] = ()
    found: str

    @property
    def is_met(self) -> bool:
        """Tell whether it is as it must be."""
        return not self.wanted or self.found in self.wanted


class EngineKind(Protocol):
    """One kind of database: how it is opened, how a transaction begins there, and what its errors mean."""

    reads: Mapping[str, Any]
    """SQLAlchemy's execution options for a transaction that asks: one consistent view."""
    writes: Mapping[str, Any]
    """Those for a transaction that changes something."""

    def make(self, url: URL) -> Engine:
        """Make an engine. Nothing is opened yet."""

    def take_time(self, connection: Connection) -> None:
        """Let this transaction last: a migration, or a walk through everything."""

    def lock(self, connection: Connection, name: str) -> None:
        """Hold the lock of this name until the transaction ends; whoever else wants it waits."""

    def wipe(self, engine: Engine, tables: Sequence[TableClause]) -> None:
        """Have what was deleted from these tables leave the database's files, as far as this engine can."""

    def conditions(self, connection: Connection) -> tuple[Condition, ...]:
        """Read back the settings that our promises rest on."""

    def code(self, fault: DBAPIError) -> str:
        """Give the error's code: an SQLSTATE, or SQLite's name. Never its text, which can hold values."""

    def meaning(self, fault: DBAPIError) -> type[StoreUnavailable]:
        """Tell what an error means for the one who waits."""
