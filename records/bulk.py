"""Many rows in one statement. What SQLAlchemy does anew for each row is done once for each table here.

Else turning an inquiry with its defaults into parameters costs more than writing it, on the path of every mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

Row = Mapping[str, Any]
_INSERTS: Mapping[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_rows(
    connection: Connection, table: type[DeclarativeBase], rows: Sequence[Row], *, ignoring: bool = False
) -> None:
    """Insert rows that name the same columns; what they leave out has its column's default.

    `ignoring` leaves a row alone that is there already: for what may be done twice.
    """
    if rows:
        writing = _writing(connection.dialect, table.__table__, tuple(rows[0]), ignoring)
        connection.exec_driver_sql(writing.statement, [writing.parameters(row) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """A statement, and how a row becomes what it takes."""

    statement: str
    # The statement's columns in its order: what turns a value into the database's.
    turns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    # What the rows leave out, turned already.
    defaults: Row
    # Whether the driver takes parameters by name.
    is_named: bool

    def parameters(self, row: Row) -> Any:
        """Give a row's parameters."""
        full = {**self.defaults, **row}
        if self.is_named:
            return {name: full[name] if turn is None else turn(full[name]) for name, turn in self.turns}
        return tuple([full[name] if turn is None else turn(full[name]) for name, turn in self.turns])


@lru_cache(maxsize=256)
def _writing(dialect: Dialect, table: Table, names: tuple[str, ...], ignoring: bool) -> _Writing:  # noqa: FBT001 - a cache's key
    insert: Any = _INSERTS[dialect.name](table)
    # Inline: an insert of many asks for no row back.
    compiled = (
        (insert.on_conflict_do_nothing() if ignoring else insert)
        .inline()
        .compile(dialect=dialect, column_keys=list(names))
    )
    order = compiled.positiontup
    columns = [table.columns[name] for name in order or compiled.params]
    return _Writing(
        statement=str(compiled),
        turns=tuple((column.name, _turn(column, dialect) if column.name in names else None) for column in columns),
        defaults={column.name: _default(column, dialect) for column in columns if column.name not in names},
        is_named=order is None,
    )


def _turn(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _default(column: Column[Any], dialect: Dialect) -> Any:
    """Give a default as the database takes it. All of ours are constants, or empty lists and mappings."""
    default: Any = column.default
    value = default.arg(None) if default.is_callable else default.arg
    turn = _turn(column, dialect)
    return value if turn is None else turn(value)
