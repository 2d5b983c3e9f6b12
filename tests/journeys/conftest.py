"""One running program for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.program import Program


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    # A space in the path, as people's folders have.
    program = Program(tmp_path_factory.mktemp("a journey") / "demo")
    program.start()
    try:
        yield program
    finally:
        program.stop()
