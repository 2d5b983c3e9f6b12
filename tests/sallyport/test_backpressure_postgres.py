"""PostgreSQL that is frozen, gone, full or back again: what senders hear, and that it heals without a person."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from sallyport.commands.preparing import Wishes
from tests.conftest import missing_part
from tests.sallyport.alone import MAIL, AloneRole, eventually
from tests.servers import postgres
from tests.servers.place import HousePlace, a_place
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Give a server of our own: it is frozen, and stopped."""
    if postgres.find_programs() is None:
        missing_part("PostgreSQL", f"sudo apt-get install {postgres.PACKAGE}")
    with postgres.a_server() as found:
        yield found


@pytest.fixture
def place(server: PostgresServer) -> Iterator[HousePlace]:
    with a_place(server) as found:
        yield found


@pytest.fixture
def role(place: HousePlace, tmp_path: Path) -> Iterator[AloneRole]:
    """Give a gateway that has taken one mail."""
    wishes = Wishes(administrators=place.administrators)
    with AloneRole("smtp", tmp_path / "house", place.settings, wishes=wishes) as found:
        assert found.send(MAIL % 1) == 250
        yield found


@contextlib.contextmanager
def frozen(server: PostgresServer) -> Iterator[None]:
    """Stop every process of the server where it stands, as a storage that hangs does."""
    leader = int((server.data / "postmaster.pid").read_text("ascii").splitlines()[0])
    found = [leader, *children_of(leader)]
    for pid in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in found:
            os.kill(pid, signal.SIGCONT)


def children_of(pid: int) -> list[int]:
    """Give the processes that a process has started."""
    tasks = (Path("/proc") / str(pid) / "task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]


def is_well_again(role: AloneRole, heard: list[int]) -> bool:
    """Tell whether mail is taken again, once, and the ledger holds what heard 250 and is even."""
    if not eventually(lambda: role.send(MAIL % 999) == 250):
        return False
    found = role.ledger()
    # What heard 451 at the end of its wait may be there all the same: the same bytes again are known then.
    unsure = sum(code == 451 for code in heard)
    return found.is_even and 0 <= found.accepted - 2 - heard.count(250) <= unsure


def test_a_frozen_server_pauses_the_door(server: PostgresServer, role: AloneRole) -> None:
    """Newcomers hear 421 within seconds; whoever waits is answered at the latest when it thaws; then all is well."""
    heard: list[int] = []
    with frozen(server):
        waiting = threading.Thread(target=lambda: heard.append(role.send(MAIL % 2)))
        waiting.start()
        assert eventually(lambda: role.log().count("no mail is taken: reason=store-away") == 1)
        assert role.send(MAIL % 3) == 421
    waiting.join()
    assert heard[0] in {250, 451}
    assert is_well_again(role, heard)


@pytest.mark.long
def test_whoever_waits_for_a_frozen_server_is_answered_in_time(server: PostgresServer, role: AloneRole) -> None:
    """A sender at its last dot hears 451 though the server stays frozen; sent again later, the mail is there once."""
    heard: list[int] = []
    with frozen(server):
        heard += [role.send(MAIL % 2)]
    assert heard == [451]
    assert eventually(lambda: role.send(MAIL % 2) == 250)
    found = role.ledger()
    assert (found.accepted, found.is_even) == (2, True)


def test_a_server_that_was_started_again_needs_nobody(server: PostgresServer, role: AloneRole) -> None:
    """After a crash of the server, mail is taken again by the same process; while it is down, senders hear 4xx."""
    server.stop("immediate")
    heard = [role.send(MAIL % 2)]
    assert heard[0] in {421, 451}
    server.start()
    assert is_well_again(role, heard)
    # A server that is back within a second may have paused nobody.
    assert eventually(lambda: role.alarms() in ({}, {"taking-paused": False}))


def test_a_server_without_connections_gives_4xx(place: HousePlace, role: AloneRole) -> None:
    """Where the server lets nobody in any more (53300), senders hear 4xx, until it does."""
    with psycopg.connect(place.server.conninfo("postgres"), autocommit=True) as admin:
        name = sql.Identifier(place.record)
        admin.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 0").format(name))
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [place.record])
        heard = [role.send(MAIL % 2)]
        assert heard[0] in {421, 451}
        admin.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(name))
    assert is_well_again(role, heard)


def test_a_server_that_takes_no_writes_gives_4xx(place: HousePlace, role: AloneRole) -> None:
    """A database that turned read-only (a standby after a switch) is away for us: reading it is not enough."""
    with psycopg.connect(place.server.conninfo("postgres"), autocommit=True) as admin:
        name = sql.Identifier(place.record)
        admin.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [place.record])
        heard = [role.send(MAIL % 2)]
        assert heard[0] in {421, 451}
        admin.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
        # Connections keep what they began with.
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [place.record])
    assert is_well_again(role, heard)
