"""Fixtures of the record's tests: real SQLite files, a real committer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.commit import Committer
from records.store import Stores
from tests.records.builders import TickingClock, stores_in


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = stores_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def committer(stores: Stores, clock: TickingClock) -> Iterator[Committer]:
    running = Committer(stores, clock)
    yield running
    running.close()
