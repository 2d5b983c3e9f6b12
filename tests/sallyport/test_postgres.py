"""`sallyport init --postgres` on a real server: what it makes, what it refuses, and how it says so."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from records.store import Login
from sallyport.databases import await_ready, open_stores, require_ready
from sallyport.errors import DatabaseAway
from sallyport.postgres.rights import OWNER, PROCESS_ROLES
from sallyport.settings import load
from tests.sallyport.served import ServedHouse, served
from tests.sallyport.test_administrator import alone
from tests.sallyport.test_commands import House
from tests.servers.place import HousePlace, a_place, cleared
from tests.servers.postgres import PostgresServer, a_server

__all__ = ["served"]


def test_a_second_run_rotates_nothing(served: ServedHouse) -> None:
    """`init --postgres` again, and `init` without an administrator, leave logins and keys as they are."""
    assert served.init().exit_code == 0
    before = {path: path.read_bytes() for path in (served.folder / "data").rglob("*.key")}
    for done in (served.init(), served.run("init")):
        assert done.exit_code == 0, done.output
        assert "made" not in done.output
    assert {path: path.read_bytes() for path in (served.folder / "data").rglob("*.key")} == before
    assert served.run("check-settings").exit_code == 0


def test_rotated_logins_open_and_the_old_ones_do_not(served: ServedHouse) -> None:
    """`--rotate-logins` gives every role another password at once; whoever has an old one is refused."""
    assert served.init().exit_code == 0
    before = served.keys.logins()
    done = served.init("--rotate-logins")
    assert "must be started again" in done.output
    for role in (OWNER, *PROCESS_ROLES):
        for database in ("record", "keys"):
            served.enter(role, database).close()
            assert served.keys.logins()[role][database].password != before[role][database].password
            name = served.place.record if database == "record" else served.place.keys
            conninfo = served.place.server.conninfo(name, before[role][database])
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(conninfo)
    assert served.run("ledger").exit_code == 0


def test_rights_that_were_changed_by_hand_are_put_right_without_the_administrator(served: ServedHouse) -> None:
    """The owner grants: what a program's new version needs comes, and what nobody may have goes, at the next `init`."""
    assert served.init().exit_code == 0
    desk = sql.Identifier(served.keys.logins()["desk"]["record"].name)
    with served.enter(OWNER, "record") as owner:
        owner.execute(sql.SQL("GRANT SELECT, DELETE ON audit_entry TO {}").format(desk))
        owner.execute(sql.SQL("REVOKE ALL ON tally FROM {}").format(desk))
        owner.execute("DROP POLICY sallyport_everybody ON blob")
        owner.execute("CREATE POLICY mine ON blob USING (true)")
    assert served.run("init").exit_code == 0
    with served.enter("desk", "record") as entered:
        entered.execute("SELECT FROM tally")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            entered.execute("DELETE FROM audit_entry")
    with served.enter(OWNER, "record") as owner:
        names = {name for (name,) in owner.execute("SELECT policyname FROM pg_policies WHERE tablename = 'blob'")}
    assert "sallyport_everybody" in names
    assert "mine" not in names


def test_no_log_of_the_server_holds_a_password(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """A server that logs every statement is told verifiers, and its log and files hold no password of ours."""
    del postgres_server  # It says whether PostgreSQL is here; this test reads the log and files of one of its own.
    with a_server() as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET log_statement = 'all'")
            admin.execute("SELECT pg_reload_conf()")
        house = ServedHouse(tmp_path, HousePlace(server=server, record="house", keys="house_keys"))
        done = house.init()
        assert done.exit_code == 0, done.output
        server.stop("immediate")
        kept = b"".join(path.read_bytes() for path in server.folder.rglob("*") if path.is_file())
        assert b"CREATE ROLE" in server.log.read_bytes()
        for logins in house.keys.logins().values():
            for login in logins.values():
                assert login.password.encode() not in kept
                assert login.password not in done.output


def test_a_password_that_does_not_fit_is_one_clear_line(served: ServedHouse) -> None:
    """A role and a command whose login is refused say which database and why, and `init --postgres` mends it."""
    assert served.init().exit_code == 0
    with served.administer() as admin:
        for role in (OWNER, "worker"):
            name = sql.Identifier(served.keys.logins()[role]["keys"].name)
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD 'another'").format(name))
    for said in (served.run("ledger").output, alone(served, "worker").stderr):
        assert "the keys database: the name or the password is not taken" in said
        assert "Traceback" not in said
        assert "another" not in said
    assert served.init().exit_code == 0
    assert served.run("ledger").exit_code == 0


def test_a_server_that_is_away_is_one_clear_line(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """Where nothing answers, a command says so and does not speak of `init`."""
    with a_place(postgres_server) as place:
        house = ServedHouse(tmp_path, place)
        assert house.init().exit_code == 0
        house.environment["SALLYPORT_DATABASE_URL"] = "postgresql://127.0.0.1:1/house"
        done = house.run("ledger")
    assert done.exit_code == 4  # The supervisor starts such a role again.
    assert done.output == "sallyport: the record database: nothing answers at this address and port\n"


def test_serve_waits_for_a_server_that_starts_beside_it(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """After a power failure all start at once: a database that is not up yet is waited for, and a human not needed."""
    del postgres_server  # As above: this one is stopped.
    with a_server() as server:
        house = ServedHouse(tmp_path, HousePlace(server=server, record="house", keys="house_keys"))
        assert house.init().exit_code == 0
        settings = load(house.environment)
        stores = open_stores(settings)
        server.stop("immediate")
        with pytest.raises(DatabaseAway):
            await_ready(settings, stores, 0)
        waiting = threading.Thread(target=await_ready, args=(settings, stores, 60))
        waiting.start()
        server.start()
        waiting.join(60)
        assert not waiting.is_alive()
        require_ready(settings, stores)
        stores.close()


def test_without_an_administrator_nothing_is_made(served: ServedHouse) -> None:
    """`init` on PostgreSQL without a login says what to type, and leaves no half-made house behind."""
    done = served.run("init")
    assert done.exit_code == 2
    assert "--postgres ADMIN" in done.output
    assert not (served.folder / "data").exists()


@pytest.mark.parametrize("given", ["user=admin password=secret-word", "postgresql://admin:secret-word@127.0.0.1/x"])
def test_a_password_on_the_command_line_is_refused(served: ServedHouse, given: str) -> None:
    """Everybody on the machine reads command lines; the message says where the password may come from."""
    done = served.run("init", "--postgres", given)
    assert done.exit_code == 2
    assert "PGPASSFILE" in done.output
    assert "secret-word" not in done.output


def test_an_administrator_who_is_no_superuser_is_enough(served: ServedHouse) -> None:
    """Whoever may make databases and logins can make a house, and keeps no way into it."""
    dba = Login(name="dba", password="just for this test")
    try:
        with served.administer() as admin:
            admin.execute("CREATE ROLE dba LOGIN CREATEDB CREATEROLE PASSWORD 'just for this test'")
        for _ in range(2):
            done = served.init(who=dba)
            assert done.exit_code == 0, done.output
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(served.place.server.conninfo(served.place.record, dba))
    finally:
        with served.administer() as admin:
            admin.execute("DROP OWNED BY dba")
            admin.execute("DROP ROLE dba")


def test_a_database_that_holds_something_else_is_left_alone(served: ServedHouse) -> None:
    """A name that is somebody else's database is refused before a key or a login is made."""
    with served.administer() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(served.place.keys)))
    with served.administer(served.place.keys) as admin:
        admin.execute("CREATE TABLE payroll (a int)")
    done = served.init()
    assert done.exit_code == 2
    assert "holds something else" in done.output
    assert not (served.folder / "data").exists()


def test_a_second_host_brings_the_key_ring(served: ServedHouse, tmp_path: Path) -> None:
    """Another host with the ring needs no administrator, and has an id of its own; without it nothing is made."""
    assert served.init().exit_code == 0
    (tmp_path / "other").mkdir()
    other = ServedHouse(tmp_path / "other", served.place)
    done = other.init()
    assert done.exit_code == 2
    assert "key ring is not here" in done.output
    (other.folder / "data").mkdir()
    shutil.copytree(served.folder / "data" / "keys", other.folder / "data" / "keys")
    shutil.copy2(served.folder / "data" / "master.key", other.folder / "data" / "master.key")
    done = other.run("init")
    assert done.exit_code == 0, done.output
    hosts = {(house.folder / "data" / "run" / "host").read_text("ascii") for house in (served, other)}
    assert len(hosts) == 2
    assert other.run("ledger").exit_code == 0


def test_one_database_that_is_gone_is_not_made_anew_and_empty(served: ServedHouse) -> None:
    """`init`, with or without an administrator, puts no empty key store beside a full record, unless told to."""
    assert served.init().exit_code == 0
    with served.administer() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(served.place.keys)))
    without = served.run("init")
    assert without.exit_code == 2
    assert "the keys database: there is no such database" in without.output
    refused = served.init()
    assert refused.exit_code == 2
    assert "from your backup" in refused.output
    assert served.init("--new-database").exit_code == 0


def test_help_says_where_the_password_comes_from() -> None:
    """`init --help` tells how to give the administrator's password without a command line."""
    done = House(Path()).run("init", "--help")
    assert re.search(r"PGPASSFILE\s+or\s+PGPASSWORD", done.output)


def named_apart(server: PostgresServer) -> set[str]:
    """Name the databases and logins of this test on a server."""
    asked = "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles"
    with psycopg.connect(server.conninfo("postgres")) as admin:
        return {name for (name,) in admin.execute(asked) if name.startswith("apart")}


def test_the_key_store_lies_on_another_server(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Two servers, two administrators, passwords from a file: each server has one database, and its logins alone."""
    with a_server() as other:
        house = House(tmp_path)
        house.environment |= {
            "SALLYPORT_DATABASE_URL": postgres_server.url("apart"),
            "SALLYPORT_KEYS_URL": other.url("apart_keys"),
            "PGPASSFILE": str(tmp_path / "pgpass"),
        }
        lines = [f"127.0.0.1:{server.port}:*:admin:{server.admin.password}\n" for server in (postgres_server, other)]
        (tmp_path / "pgpass").touch(0o600)
        (tmp_path / "pgpass").write_text("".join(lines), "utf-8")
        place = HousePlace(server=postgres_server, record="apart", keys="apart_keys")
        with cleared(place):
            done = house.run("init", "--postgres", "admin", "--postgres-keys", "user=admin dbname=template1")
            assert done.exit_code == 0, done.output
            assert house.run("ledger").exit_code == 0
            found = {server.port: named_apart(server) for server in (postgres_server, other)}
    roles = (OWNER, *PROCESS_ROLES)
    assert found[postgres_server.port] == {"apart", *(f"apart_{role}" for role in roles)}
    assert found[other.port] == {"apart_keys", *(f"apart_keys_{role}" for role in roles)}
