"""What each role's login can and cannot do on a real server, tried with that login."""

from __future__ import annotations

import contextlib

import psycopg
import pytest
from psycopg import sql

from records.alarms import clear_alarms, keep_alarm, raise_alarm
from records.audit import CHECKPOINTS, Chain, checkpoint
from records.blobs import sweep_uploads
from records.clock import system_clock
from records.overdue import HELD_TOO_LONG, held_too_long, not_held_any_more
from records.overview import overview
from records.settling import Sweep, find_lost_work
from sallyport.databases import open_stores
from sallyport.keys import ROLES, bundle
from sallyport.postgres.rights import DATABASES, OWNER, PROCESS_ROLES, PUBLIC
from sallyport.settings import load
from tests.sallyport.served import ServedHouse, made

__all__ = ["made"]

# Role, database, and what it must not be able to do there.
REFUSED = [
    *((role, "record", f"SELECT FROM {table}") for role in ("site", "smtp", "lmtp") for table in
      ("reader", "unit_grant", "desk_session", "conflict", "contact", "disclosure", "approval", "audit_entry")),
    ("site", "record", "SELECT sealed FROM chunk"),
    ("site", "record", "SELECT state FROM inquiry"),
    ("site", "record", "SELECT id FROM job"),
    ("site", "record", "UPDATE inquiry SET state = 'closed'"),
    ("site", "record", "UPDATE submission SET digest = NULL"),
    ("site", "record", "UPDATE chunk SET sealed = ''"),
    ("site", "record", "DELETE FROM inquiry"),
    ("site", "record", "DELETE FROM submission"),
    ("site", "record", "DELETE FROM job"),
    ("smtp", "record", "INSERT INTO audit_entry SELECT FROM audit_entry"),
    ("smtp", "keys", "SELECT blob_id FROM wrap"),
    ("smtp", "keys", "DELETE FROM wrap"),
    ("smtp", "keys", "SELECT FROM tombstone"),
    ("desk", "keys", "SELECT sealed FROM wrap"),
    ("desk", "keys", "UPDATE wrap SET compartment = 'triage'"),
    ("desk", "record", "SELECT sealed FROM chunk"),
    ("desk", "record", "SELECT detail FROM audit_entry"),
    ("desk", "record", "UPDATE audit_entry SET actor = ''"),
    ("desk", "record", "DELETE FROM audit_entry"),
    ("desk", "record", "SELECT FROM disclosure"),
    ("desk", "record", "INSERT INTO disclosure (id) VALUES ('x')"),
    ("desk", "record", "INSERT INTO reader (id) VALUES ('x')"),
    ("desk", "record", "UPDATE reader SET role = 'supervisor'"),
    ("desk", "record", "UPDATE reader SET password_hash = ''"),
    ("desk", "record", "INSERT INTO unit_grant (reader_id) VALUES ('x')"),
    ("desk", "record", "UPDATE unit_grant SET approved_by = 'x'"),
    ("desk", "record", "UPDATE approval SET used_at = NULL"),
    ("desk", "record", "UPDATE inquiry SET unit = 'fraud'"),
    ("desk", "record", "DELETE FROM inquiry"),
    ("unsealer", "record", "SELECT password_hash FROM reader"),
    ("unsealer", "record", "UPDATE desk_session SET revoked_at = NULL"),
    ("unsealer", "record", "INSERT INTO approval (id) VALUES ('x')"),
    ("unsealer", "record", "UPDATE approval SET approved_by = 'x'"),
    ("unsealer", "record", "DELETE FROM disclosure"),
    ("unsealer", "record", "UPDATE disclosure SET reader_id = 'x'"),
    ("unsealer", "record", "DELETE FROM audit_entry"),
    ("unsealer", "record", "DELETE FROM blob"),
    ("unsealer", "keys", "UPDATE wrap SET sealed = ''"),
    ("worker", "record", "SELECT FROM reader"),
    ("worker", "record", "SELECT FROM desk_session"),
    ("worker", "record", "SELECT FROM disclosure"),
    ("worker", "record", "DELETE FROM audit_entry"),
    ("worker", "record", "UPDATE audit_entry SET mac = ''"),
    ("worker", "record", "DELETE FROM inquiry"),
    ("worker", "record", "DELETE FROM submission"),
    ("worker", "keys", "UPDATE wrap SET sealed = ''"),
    ("worker", "keys", "DELETE FROM tombstone"),
]  # fmt: skip
BEYOND_TABLES = [
    "CREATE TABLE mine (a int)",
    "CREATE TEMPORARY TABLE mine (a int)",
    "CREATE SCHEMA mine",
    "TRUNCATE alembic_version",
    "DROP TABLE alembic_version",
    "UPDATE alembic_version SET version_num = '9999'",
    "COPY alembic_version TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "CREATE ROLE mine",
]


@pytest.mark.parametrize(("role", "database", "statement"), REFUSED)
def test_a_login_cannot_do_what_its_role_never_does(
    made: ServedHouse, role: str, database: str, statement: str
) -> None:
    """A process that was taken over is refused by the server what its role has no business with."""
    with made.enter(role, database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("role", PROCESS_ROLES)
def test_a_login_can_do_nothing_beyond_its_tables(made: ServedHouse, role: str) -> None:
    """No role makes, empties or drops a table, not even a temporary one, reads the server's files, or is another."""
    owner = made.keys.logins()[OWNER]["record"].name
    becoming = sql.SQL("SET ROLE {}").format(sql.Identifier(owner))
    for statement in (*(sql.SQL(each).format() for each in BEYOND_TABLES), becoming):
        with made.enter(role, "record") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize("database", ["record", "keys"])
def test_no_login_has_a_right_that_the_table_does_not_name(made: ServedHouse, database: str) -> None:
    """What the server says of every login and table is what the table of rights says, and nothing more."""
    asked = (
        "SELECT has_any_column_privilege(%(who)s, %(table)s, 'SELECT'), "
        "has_any_column_privilege(%(who)s, %(table)s, 'INSERT'), "
        "has_any_column_privilege(%(who)s, %(table)s, 'UPDATE'), "
        "has_table_privilege(%(who)s, %(table)s, 'DELETE'), has_table_privilege(%(who)s, %(table)s, 'TRUNCATE'), "
        "has_table_privilege(%(who)s, %(table)s, 'TRIGGER'), has_table_privilege(%(who)s, %(table)s, 'REFERENCES')"
    )
    name = made.place.record if database == "record" else made.place.keys
    with made.administer(name) as admin:
        for table, lines in DATABASES[database].items():
            for role in PROCESS_ROLES:
                who = made.keys.logins()[role][database].name
                words = " ".join(may for those, may in lines if role in those)
                wanted = [word in words for word in ("SELECT", "INSERT", "UPDATE", "DELETE")]
                found = admin.execute(asked, {"who": who, "table": table}).fetchone()
                assert found == (*wanted, False, False, False), (role, table)


def test_the_records_login_does_not_enter_the_key_store(made: ServedHouse) -> None:
    """Each database has logins of its own; a login of one is refused at the door of the other."""
    login = made.keys.logins()["worker"]["record"]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(made.place.server.conninfo(made.place.keys, login))


def test_whoever_takes_over_the_public_side_destroys_nothing_that_was_accepted(made: ServedHouse) -> None:
    """Site and gateways delete their own uploads; of what belongs to an inquiry no row goes, and none is taken over."""
    with made.enter(OWNER, "record") as owner:
        owner.execute(
            "INSERT INTO blob VALUES ('kept', 'some inquiry', 'original', 0), ('upload', NULL, 'original', 0)"
        )
        owner.execute("INSERT INTO chunk VALUES ('kept', 0, ''), ('upload', 0, '')")
    with made.enter("smtp", "record") as smtp:
        assert smtp.execute("UPDATE blob SET inquiry_id = 'x' WHERE id = 'kept'").rowcount == 0
        for table, column in (("chunk", "blob_id"), ("blob", "id")):
            doomed = sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
            assert smtp.execute(doomed, ["kept"]).rowcount == 0
            assert smtp.execute(doomed, ["upload"]).rowcount == 1


def test_whoever_takes_over_the_desk_leaves_every_original(made: ServedHouse) -> None:
    """The desk deletes answers and the wraps of redactions; originals and their wraps stay."""
    with made.enter(OWNER, "record") as owner:
        owner.execute("INSERT INTO blob VALUES ('first', 'i', 'original', 0), ('second', 'i', 'response', 0)")
        owner.execute("INSERT INTO chunk VALUES ('first', 0, ''), ('second', 0, '')")
    with made.enter("desk", "record") as desk:
        assert desk.execute("DELETE FROM chunk WHERE blob_id IN ('first', 'second')").rowcount == 1
        assert desk.execute("DELETE FROM blob WHERE id IN ('first', 'second')").rowcount == 1
    compartments = ("intake", "triage", "dispatch", "custodian", "unit/fraud")
    with made.enter(OWNER, "keys") as owner:
        for name in compartments:
            owner.execute("INSERT INTO wrap VALUES ('a blob', %s, '', 1, '', 0)", [name])
    with made.enter("desk", "keys") as desk:
        gone = desk.execute("DELETE FROM wrap WHERE blob_id = 'a blob'").rowcount
    with made.enter("unsealer", "keys") as unsealer:
        left = unsealer.execute("SELECT compartment FROM wrap WHERE blob_id = 'a blob' ORDER BY 1").fetchall()
    assert gone == 2
    assert left == [("custodian",), ("dispatch",), ("intake",)]


def test_every_role_finds_its_logins_in_its_bundle(made: ServedHouse) -> None:
    """A role's keys carry its own two logins and no other's."""
    for role in ROLES:
        assert bundle(made.keys, role).logins == made.keys.logins()[role]
    assert len({login.password for logins in made.keys.logins().values() for login in logins.values()}) == 2 * (
        1 + len(ROLES)
    )


def test_the_workers_rounds_need_no_more_than_its_rights(made: ServedHouse) -> None:
    """What is done once a minute and once a day, and no journey waits for: sweeping, alarms, the checkpoint."""
    now = system_clock()
    keys = bundle(made.keys, "worker")
    with contextlib.closing(open_stores(load(made.environment), keys.logins)) as stores:
        with stores.record.writing() as connection:
            sweep_uploads(connection, now)
            find_lost_work(connection, now)
            raise_alarm(connection, HELD_TOO_LONG, "nothing", now)
            clear_alarms(connection, HELD_TOO_LONG, not_held_any_more(connection), now)
            assert held_too_long(connection, now) == ()
            checkpoint(connection, Chain(CHECKPOINTS, keys.chain_keys[CHECKPOINTS]), now)
        Sweep().drop_wraps(stores, now)


def test_metrics_are_read_with_their_own_login(made: ServedHouse) -> None:
    """The role that answers Prometheus sees counts, and reads no reference."""
    keys = bundle(made.keys, "metrics")
    with (
        contextlib.closing(open_stores(load(made.environment), keys.logins)) as stores,
        stores.record.reading() as connection,
    ):
        assert overview(connection, system_clock()).jobs == ()
    with made.enter("metrics", "record") as entered, pytest.raises(psycopg.errors.InsufficientPrivilege):
        entered.execute("SELECT reference FROM inquiry")


@pytest.mark.parametrize("role", [*PUBLIC, "desk", "worker"])
def test_whoever_has_alarms_may_raise_and_clear_its_alarm(made: ServedHouse, role: str) -> None:
    """Whoever has to stop taking mail, or could not read its files again, may say so where the officers look."""
    now = system_clock()
    with (
        contextlib.closing(open_stores(load(made.environment), made.keys.logins()[role])) as stores,
        stores.record.writing() as connection,
    ):
        for _ in range(2):
            keep_alarm(connection, "taking-paused", role, now)
        assert clear_alarms(connection, "taking-paused", (role,), now) == 1
