"""A place on a PostgreSQL server for one house: two names that are free, and what `init --postgres` needs to know.

    with a_place(postgres_server) as place:
        prepare(load({**environment, **place.settings}), Wishes(administrators=place.administrators))

The databases and logins that `init` makes there are dropped at the end.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from sallyport.postgres import OWNER, PROCESS_ROLES, Administrators
from tests.servers.postgres import PostgresServer


@dataclass(frozen=True, slots=True, kw_only=True)
class HousePlace:
    """Where a house's databases are to be."""

    server: PostgresServer
    record: str
    keys: str

    @property
    def settings(self) -> Mapping[str, str]:
        """The two settings that name them."""
        return {
            "SALLYPORT_DATABASE_URL": self.server.url(self.record),
            "SALLYPORT_KEYS_URL": self.server.url(self.keys),
        }

    @property
    def administrators(self) -> Administrators:
        """The administrator, with the password."""
        return Administrators(record=self.server.conninfo("postgres"), keys=self.server.conninfo("postgres"))

    def folders(self) -> tuple[Path, ...]:
        """Give where the server keeps these two databases, its write-ahead log, and its log. All is written out first.

        Room that the server has freed or keeps for later is in these files as well.
        """
        with psycopg.connect(self.server.conninfo("postgres"), autocommit=True) as admin:
            admin.execute("CHECKPOINT")
            asked = "SELECT oid FROM pg_database WHERE datname = ANY(%s)"
            found = admin.execute(asked, [[self.record, self.keys]]).fetchall()
        data = self.server.data
        return (*(data / "base" / str(number) for (number,) in found), data / "pg_wal", self.server.log)


@contextlib.contextmanager
def a_place(server: PostgresServer) -> Iterator[HousePlace]:
    """Give a place, and clear it at the end."""
    stem = f"house_{secrets.token_hex(4)}"
    with cleared(HousePlace(server=server, record=stem, keys=f"{stem}_keys")) as place:
        yield place


@contextlib.contextmanager
def cleared(place: HousePlace) -> Iterator[HousePlace]:
    """Drop at the end whatever was made at a place."""
    try:
        yield place
    finally:
        with psycopg.connect(place.server.conninfo("postgres"), autocommit=True) as admin:
            for name in (place.record, place.keys):
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                for role in (OWNER, *PROCESS_ROLES):
                    admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_{role}")))
