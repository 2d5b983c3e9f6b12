"""PostgreSQL, copied by COPY: a file for each table, all of one view, through the connection we have anyway.

Not by pg_dump: it would have to be there, of a version that fits the server's, and be given the owner's password; and
its restoring drops the rights that `sallyport init --postgres` gave. Decision 0013 has the rest.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, MetaData, Table, inspect

from records.errors import StoreUnavailable
from records.schema import upgrade, version
from records.store import Store
from sallyport.backup.copied import Copied, Progress
from sallyport.backup.folders import new_file
from sallyport.backup.manifest import BackupFault, File, Kind, Manifest, described

# A number that the database counts up by itself, and that has to go on where the copy ended.
COUNTED = (("job", "id"),)


class PostgresqlCopier:
    """Copies a database's tables."""

    def save(self, store: Store, tables: MetaData, folder: Path, progress: Progress) -> Copied:
        """Write a file for each table, in an order in which they can be put back."""
        files: list[File] = []
        counts: dict[str, int] = {}
        with store.reading(takes_time=True) as connection, _said_without_text():
            present = set(inspect(connection).get_table_names())
            for number, table in enumerate(tables.sorted_tables):
                progress("tables", number, len(tables.sorted_tables))
                if table.name in present:
                    columns = tuple(column["name"] for column in inspect(connection).get_columns(table.name))
                    counts[table.name] = _write(connection, table, columns, folder)
                    files.append(described(folder, _file_of(table.name), columns))
        return Copied(files=tuple(files), counts=counts)

    def load(self, store: Store, kind: Kind, tables: MetaData, folder: Path, manifest: Manifest) -> None:
        """Fill the tables, all or none; those of another version are made anew first, as they were in the copy."""
        if version(store) != manifest.schema:
            with store.writing(takes_time=True) as connection:
                tables.drop_all(connection)
                connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
            upgrade(kind.value, store, manifest.schema)
        with store.writing(takes_time=True) as connection, _said_without_text():
            for file in manifest.files:
                rows = _read(connection, folder, file)
                if rows != manifest.counts[_table_of(file)]:
                    raise BackupFault(f"{file.name}: not all of its rows could be put back")
            for table, column in COUNTED:
                if table in manifest.counts:
                    _count_on(connection, table, column)


def _file_of(table: str) -> str:
    return f"{table}.copy"


def _table_of(file: File) -> str:
    return file.name.removesuffix(".copy")


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    # The settings know no other driver.
    raw: Any = connection.connection.dbapi_connection
    return cast("psycopg.Connection[Any]", raw).cursor()


def _write(connection: Connection, table: Table, columns: tuple[str, ...], folder: Path) -> int:
    said = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(sql.Identifier(table.name), _names(columns))
    with _cursor(connection) as cursor, os.fdopen(new_file(folder / _file_of(table.name)), "wb") as file:
        with cursor.copy(said) as copy:
            for piece in copy:
                file.write(piece)
        return cursor.rowcount


def _read(connection: Connection, folder: Path, file: File) -> int:
    said = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(_table_of(file)), _names(file.columns)
    )
    with _cursor(connection) as cursor:
        with (folder / file.name).open("rb") as source, cursor.copy(said) as copy:
            while piece := source.read(1024 * 1024):
                copy.write(piece)
        return cursor.rowcount


def _count_on(connection: Connection, table: str, column: str) -> None:
    highest = sql.SQL("(SELECT coalesce(max({}), 0) + 1 FROM {})").format(sql.Identifier(column), sql.Identifier(table))
    with _cursor(connection) as cursor:
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), {}, false)").format(highest), (table, column)
        )


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


@contextlib.contextmanager
def _said_without_text() -> Iterator[None]:
    """Say the driver's own errors by class and code: their text can hold a row."""
    try:
        yield
    except psycopg.Error as fault:
        raise StoreUnavailable(f"the database did not answer ({type(fault).__name__} {fault.sqlstate or ''})") from None
