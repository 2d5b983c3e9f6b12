import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update

from records.errors import StoreAway, StoreConflict, StoreUnavailable
from records.schema import migrate
from records.store import Login, Store, Stores, lock
from records.tables import OrganizationRow
from tests.servers.postgres import Databases, PostgresServer
from tests.servers.together import together

PLANTED = "zqxj-planted"
POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"])


def organization(connection: Connection, name: str, title: str = "Title") -> None:
    connection.execute(insert(OrganizationRow), [{"id": name, "title": title, "kind": "agency"}])


def change(store: Store, *acts: Callable[[Connection], Any]) -> None:
    """Do all acts in one change."""
    with store.writing() as connection:
        for act in acts:
            act(connection)


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(OrganizationRow.id).order_by(OrganizationRow.id)))


@pytest.fixture
def record(stores: Stores) -> Store:
    return stores.record


def test_a_change_is_whole_or_not_at_all(record: Store) -> None:
    """What a block wrote before it broke off is not there."""
    with pytest.raises(ZeroDivisionError):
        change(record, partial(organization, name="a"), lambda _: 1 // 0)
    with record.reading() as connection:
        assert names(connection) == []


def test_who_reads_sees_one_state_of_things(record: Store) -> None:
    """What others commit meanwhile is not seen before the next reading: sums over several questions come out even."""
    with record.writing() as connection:
        organization(connection, "a")
    with record.reading() as reading:
        assert names(reading) == ["a"]
        with record.writing() as writing:
            organization(writing, "b")
        assert names(reading) == ["a"]
    with record.reading() as reading:
        assert names(reading) == ["a", "b"]


def test_a_row_that_is_there_is_a_conflict_said_without_a_value(record: Store) -> None:
    """Somebody else was first: the same change alone may go through. The error names class and code, no value."""
    with record.writing() as connection:
        organization(connection, PLANTED)
    with pytest.raises(StoreConflict) as told, record.writing() as connection:
        organization(connection, PLANTED, PLANTED)
    assert told.value.code in {"SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
    assert told.value.code in str(told.value)
    assert PLANTED not in repr(told.value)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


def test_a_wrong_question_is_nobody_elses_trouble(record: Store) -> None:
    """A table that is not there is no reason to think the database away: a neighbour's change is still tried."""
    with pytest.raises(StoreUnavailable) as told, record.reading() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(told.value, StoreAway)


def test_the_settings_our_promises_rest_on_are_as_they_must_be(stores: Stores) -> None:
    """Both databases say of themselves that what was committed is on disk."""
    for store in (stores.record, stores.keys):
        found = store.conditions()
        assert [each.name for each in found if not each.is_met] == []
        assert {"synchronous", "synchronous_commit"} & {each.name for each in found if each.wanted}


def test_a_named_lock_is_held_by_one_at_a_time(databases: Databases, stores: Stores) -> None:
    """Whoever wants the same lock waits until the other's transaction is over; another name is not waited for."""
    order: list[str] = []
    is_held = threading.Event()

    def hold(store: Store) -> None:
        with store.writing() as connection:
            lock(connection, "chain a")
            is_held.set()
            time.sleep(0.2)
            order.append("first")

    def wait(store: Store) -> None:
        is_held.wait(10)
        with store.writing() as connection:
            lock(connection, "chain a")
            order.append("second")

    with contextlib.closing(databases.stores()) as other:
        assert together([partial(hold, stores.record), partial(wait, other.record)]) == [None, None]
    assert order == ["first", "second"]


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("sqlite:///{}/nowhere/record.db", None),
        ("postgresql+psycopg://127.0.0.1:1/nowhere", Login(name="owner", password=PLANTED)),
    ],
)
def test_a_database_that_is_not_there_is_away(tmp_path: Path, url: str, login: Login | None) -> None:
    """No file, no server: the one who waits is told to come again, and the neighbours are not made to wait as well."""
    store = Store.at(url.format(tmp_path), login)
    with contextlib.closing(store), pytest.raises(StoreAway) as told, store.reading() as connection:
        connection.execute(text("SELECT 1"))
    assert PLANTED not in repr(store) + repr(told.value)


def test_a_damaged_file_is_away(tmp_path: Path) -> None:
    """A file that is no database helps nobody: it is not asked again for each neighbour."""
    (tmp_path / "record.db").write_bytes(b"no database at all" * 500)
    store = Store.at(f"sqlite:///{tmp_path}/record.db")
    with contextlib.closing(store), pytest.raises(StoreAway) as told, store.reading():
        pass
    assert told.value.code == "SQLITE_NOTADB"


@POSTGRESQL
def test_a_server_that_crashed_and_came_back_needs_nobody(record: Store, postgres_server: PostgresServer) -> None:
    """What was under way is said to be away; the next question finds the server again, and what was durable."""
    with record.writing() as connection:
        organization(connection, "a")
    before, after = partial(organization, name="b"), partial(organization, name="c")
    with pytest.raises(StoreAway):
        change(record, before, lambda _: postgres_server.restart("immediate"), after)
    with record.reading() as connection:
        assert names(connection) == ["a"]


@POSTGRESQL
def test_a_server_that_is_down_is_away(record: Store, postgres_server: PostgresServer) -> None:
    """While it is down every try is an answer; when it is up again, so are we."""
    postgres_server.stop()
    try:
        with pytest.raises(StoreAway), record.writing() as connection:
            organization(connection, "a")
    finally:
        postgres_server.start()
    with record.writing() as connection:
        organization(connection, "a")


@pytest.fixture
def lax(databases: Databases, postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """Give a server whose administrator has set the login's defaults badly."""
    assert databases.login is not None
    with postgres_server.administering() as admin:
        admin.execute(f"ALTER ROLE {databases.login.name} SET synchronous_commit = off")
    yield postgres_server
    with postgres_server.administering() as admin:
        admin.execute(f"ALTER ROLE {databases.login.name} RESET ALL")


@POSTGRESQL
def test_no_default_makes_a_commit_less_than_durable(lax: PostgresServer, databases: Databases) -> None:
    """synchronous_commit is ours: off for the role or the database means nothing to our sessions."""
    assert lax.log.exists()
    with contextlib.closing(databases.stores()) as stores:
        migrate(stores)
        with stores.record.writing() as connection:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
            assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
        assert all(each.is_met for each in stores.record.conditions())


@POSTGRESQL
def test_a_standby_is_away_and_says_so(databases: Databases, postgres_server: PostgresServer) -> None:
    """A server that takes no changes is a reason to come again, and one of the conditions names it."""
    name = databases.record_url.rpartition("/")[2]
    with postgres_server.administering() as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with contextlib.closing(databases.stores()) as stores:
        with pytest.raises(StoreAway), stores.record.writing() as connection:
            organization(connection, "a")
        unmet = [each.name for each in stores.record.conditions() if not each.is_met]
    with postgres_server.administering() as admin:
        admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert unmet == ["default_transaction_read_only"]


@POSTGRESQL
def test_a_process_that_was_stopped_holds_nobody_up(databases: Databases, stores: Stores) -> None:
    """Whoever stops in the middle of a change loses it after a while: the others go on, and it is told to try again."""
    with stores.record.writing() as connection:
        organization(connection, "a")
        # The limit itself is seconds; here it is made short.
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "10s"
    retitle = update(OrganizationRow).where(OrganizationRow.id == "a")
    with contextlib.closing(databases.stores()) as other:

        def stop(_connection: Connection) -> None:
            change(other.record, lambda going: going.execute(retitle.values(title="there")))

        soon = text("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
        never = retitle.values(title="never")
        with pytest.raises(StoreConflict):
            change(
                stores.record, lambda c: c.execute(soon), lambda c: c.execute(never), stop, lambda c: c.execute(never)
            )
        with other.record.reading() as connection:
            assert connection.execute(select(OrganizationRow.title)).scalar_one() == "there"


@POSTGRESQL
def test_who_waits_crosswise_is_told_to_try_again(databases: Databases, stores: Stores) -> None:
    """Of two that wait for each other one is let through, and the other's change is a conflict, not a lost database."""
    with stores.record.writing() as connection:
        organization(connection, "a")
        organization(connection, "b")
    meet = threading.Barrier(2, timeout=30)

    def cross(store: Store, *order: str) -> None:
        with store.writing() as connection:
            for name in order:
                connection.execute(update(OrganizationRow).where(OrganizationRow.id == name).values(title=order[0]))
                if name == order[0]:
                    meet.wait()

    with contextlib.closing(databases.stores()) as other:
        answers = together([partial(cross, stores.record, "a", "b"), partial(cross, other.record, "b", "a")])
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "StoreConflict"]
    assert {answer.code for answer in answers if isinstance(answer, StoreConflict)} == {"40P01"}


@POSTGRESQL
def test_no_value_is_in_the_servers_log(record: Store, postgres_server: PostgresServer) -> None:
    """Values go beside the statement, never in it: the server's own line on an error names a key of ours, no more."""
    act = partial(organization, name="the-key-of-a-row", title="what-else-it-holds")
    with pytest.raises(StoreConflict):
        change(record, act, act)
    log = postgres_server.log.read_text()
    assert "the-key-of-a-row" in log  # The search does find what is logged.
    assert "what-else-it-holds" not in log


@POSTGRESQL
def test_a_walk_through_everything_may_take_its_time(record: Store) -> None:
    """The limits of time are lifted for a migration or a backup, for that transaction only."""
    with record.reading(takes_time=True) as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
    with record.reading() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "30s"
        assert connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
        assert connection.execute(text("SHOW application_name")).scalar() == "owner"
