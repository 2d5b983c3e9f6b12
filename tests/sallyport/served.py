"""A house whose databases are on a PostgreSQL server, and the fixtures that give one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import Result

from records.keyring import KeyRing, read_master
from records.store import Login
from sallyport.settings import load
from tests.sallyport.test_commands import House
from tests.servers.place import HousePlace, a_place
from tests.servers.postgres import PostgresServer


class ServedHouse(House):
    """A house whose databases are on a server."""

    def __init__(self, folder: Path, place: HousePlace) -> None:
        super().__init__(folder)
        self.place = place
        self.environment |= place.settings

    def init(self, *more: str, who: Login | None = None) -> Result:
        """Run `init` with an administrator, whose password comes by the environment."""
        admin = who or self.place.server.admin
        self.environment["PGPASSWORD"] = admin.password
        try:
            return self.run("init", "--postgres", admin.name, *more)
        finally:
            del self.environment["PGPASSWORD"]

    @property
    def keys(self) -> KeyRing:
        """The key ring."""
        settings = load(self.environment)
        return KeyRing(settings.key_folder, read_master(settings.master_key_file))

    def enter(self, role: str, database: str) -> psycopg.Connection:
        """Open a connection as a role."""
        name = self.place.record if database == "record" else self.place.keys
        return psycopg.connect(self.place.server.conninfo(name, self.keys.logins()[role][database]))

    def administer(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection as the administrator."""
        return psycopg.connect(self.place.server.conninfo(database), autocommit=True)


@pytest.fixture(scope="module")
def made(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    """Make a house once, for tests that change nothing in it."""
    with a_place(postgres_server) as place:
        house = ServedHouse(tmp_path_factory.mktemp("served"), place)
        done = house.init()
        assert done.exit_code == 0, done.output
        yield house


@pytest.fixture
def served(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[ServedHouse]:
    """Give a house that is not made yet."""
    with a_place(postgres_server) as place:
        yield ServedHouse(tmp_path, place)
