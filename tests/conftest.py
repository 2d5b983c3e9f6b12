"""What all tests share: Hypothesis without a clock, and the real programs some of them need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from tests.servers import postgres, valkey

# A busy machine is no failure: no deadlines. The same examples each time, so that red means a change; `make check-long`
# searches with new ones.
hypothesis.settings.register_profile(
    "sallyport", deadline=None, derandomize=os.environ.get("SEARCH") != "1", print_blob=True
)
hypothesis.settings.load_profile("sallyport")


def missing_part(what: str, remedy: str) -> NoReturn:
    """Skip the test with one line that says what to type; on CI, where everything must be there, fail."""
    line = f"{what} is not here; type: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@pytest.fixture(scope="session")
def real_program() -> Callable[..., str]:
    """Give a way to ask for a real program: `real_program("chromium", package="chromium")` is its path."""

    def find(*names: str, package: str) -> str:
        for name in names:
            # Debian keeps some servers where only root's PATH looks.
            if found := shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])):
                return found
        missing_part(names[0], f"sudo apt-get install {package}")

    return find


@pytest.fixture(scope="session")
def chromium(real_program: Callable[..., str]) -> str:
    """Give the path of Debian's Chromium, for Playwright's `executable_path`."""
    return real_program("chromium", "chromium-browser", "google-chrome", package="chromium")


@pytest.fixture(scope="session")
def axe_script() -> str:
    """Give axe-core's text, for `page.evaluate`: it finds what people with disabilities would trip over."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).with_name("axe.min.js")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """Give a real PostgreSQL, one for all tests; `tests/servers/postgres.py` says how to use it."""
    if postgres.find_programs() is None:
        missing_part("PostgreSQL", f"sudo apt-get install {postgres.PACKAGE}")
    with postgres.a_kept_server() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[valkey.ValkeyServer]:
    """Give a real Valkey or Redis, one for all tests; `tests/servers/valkey.py` says how to use it."""
    if valkey.find_program() is None:
        missing_part("Valkey", f"sudo apt-get install {valkey.PACKAGE}")
    with valkey.a_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name the engine of this run of a test: what asks for `databases` is run on each."""
    return str(request.param)


@pytest.fixture
def databases(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[postgres.Databases]:
    """Give a record and a key store: SQLite's files, not made yet; or PostgreSQL's databases, empty and migrated."""
    if engine == "sqlite":
        yield postgres.Databases(f"sqlite:///{tmp_path}/sallyport.db", f"sqlite:///{tmp_path}/keys.db")
        return
    with request.getfixturevalue("postgres_server").databases() as pair:
        yield pair
