"""Fixtures of the record's tests: real databases of each engine, a real committer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from records.commit import Committer
from records.schema import migrate
from records.store import Stores
from tests.records.builders import TickingClock
from tests.servers.postgres import Databases


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def stores(databases: Databases) -> Iterator[Stores]:
    opened = databases.stores()
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def on_disk(engine: str, databases: Databases, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., bytes]:
    """Give a way to read all that is on disk of both databases; `with_log` for PostgreSQL's write-ahead log as well."""

    def read(*, with_log: bool = True) -> bytes:
        if engine == "sqlite":
            return b"".join(path.read_bytes() for path in tmp_path.iterdir())
        read: bytes = request.getfixturevalue("postgres_server").read_files(databases, with_log=with_log)
        return read

    return read


@pytest.fixture
def committer(stores: Stores, clock: TickingClock) -> Iterator[Committer]:
    running = Committer(stores, clock)
    yield running
    running.close()
