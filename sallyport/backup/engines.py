"""Which engine's copier is whose, and what an empty house is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import MetaData, func, inspect, select

from records.store import Store
from records.tables import Base, KeyBase
from sallyport.backup.copied import Copier
from sallyport.backup.manifest import Kind
from sallyport.backup.sqlite import SqliteCopier

TABLES: Mapping[Kind, MetaData] = {Kind.RECORD: Base.metadata, Kind.KEYS: KeyBase.metadata}
# A house is empty while these are: nobody wrote in, and nobody works here.
EMPTY: Mapping[Kind, tuple[str, ...]] = {
    Kind.RECORD: ("submission", "inquiry", "reader", "audit_entry"),
    Kind.KEYS: ("wrap", "tombstone"),
}


def copier(store: Store) -> Copier:
    """Give what copies a store's kind of database."""
    if store.engine.dialect.name == "sqlite":
        return SqliteCopier()
    # A house on SQLite needs no driver of PostgreSQL.
    from sallyport.backup.postgresql import PostgresqlCopier  # noqa: PLC0415 - as said

    return PostgresqlCopier()


def is_empty(store: Store, kind: Kind) -> bool:
    """Tell whether a database holds nothing yet, with tables or without."""
    with store.reading() as connection:
        there, tables = set(inspect(connection).get_table_names()), TABLES[kind].tables
        return not any(
            connection.execute(select(func.count()).select_from(tables[name])).scalar_one()
            for name in EMPTY[kind]
            if name in there
        )
