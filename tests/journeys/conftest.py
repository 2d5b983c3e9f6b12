"""One running program for the tests of a module."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from sallyport.commands.preparing import Wishes
from tests.journeys.program import Program
from tests.servers.place import a_place
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    # A space in the path, as people's folders have.
    folder = tmp_path_factory.mktemp("a journey") / "demo"
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            program = Program(folder)
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            place = stack.enter_context(a_place(server))
            program = Program(folder, place.settings, Wishes(administrators=place.administrators))
            program.at_rest = lambda: [folder, *place.folders()]
        program.start()
        stack.callback(program.stop)
        yield program
