"""What takes an administrator of the server: the logins and the two databases. Everything else is the owner's work.

Each database has logins of its own, named after it (`sallyport_owner`, `sallyport_keys_worker`), so that several houses
share a server, and the record's login is of no use at the key store. Passwords are random and made here; the server is
told a SCRAM verifier that was computed here, so that no statement, and no log of statements, ever holds a password.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import make_url

from records.store import Login
from sallyport.postgres.reach import PostgresFault, conninfo_of, open_connection, sentence
from sallyport.postgres.rights import OWNER, PROCESS_ROLES

Logins = Mapping[str, Mapping[str, Login]]
PASSWORD_BYTES = 32
VERSIONS = "alembic_version"  # A database that has this table, or belongs to our owner, is a house's.
LONGEST_NAME = 63 - len("_unsealer")  # PostgreSQL cuts names at 63 bytes.
OWNED_BY_ITSELF = 150000  # From this version on the schema `public` belongs to the database's owner.
HOW = (
    "name the administrator without a password (`--postgres postgres` or a postgresql:// URL); the password comes from "
    "PGPASSFILE, PGPASSWORD or ~/.pgpass"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrators:
    """How an administrator of each server is reached: libpq's form, never kept and never written down."""

    record: str = field(repr=False)
    keys: str = field(repr=False)


def parse_administrator(given: str, url: str) -> str:
    """Give libpq's form of what was typed: a name, `key=value` words, or a URL.

    The server is the setting's, if none is named. A password in it is refused: everybody on the machine can read a
    command line.
    """
    try:
        said = conninfo_to_dict(given if "=" in given or "://" in given else f"user={given}")
    except psycopg.Error:
        raise PostgresFault(f"--postgres: {HOW}") from None
    if said.get("password"):
        raise PostgresFault(f"--postgres: a command line is no place for a password: {HOW}")
    server = conninfo_to_dict(conninfo_of(url))
    del server["dbname"]
    # Another way to the same server (its local socket, say) is a whole of its own: no TLS file of ours fits it.
    known = said if {"host", "hostaddr", "service"} & said.keys() else {**server, **said}
    return make_conninfo("", **{"dbname": "postgres", **known})


def require_ours(urls: Mapping[str, str], administrators: Administrators, *, is_known: bool) -> None:
    """Refuse databases that hold something else, or a house whose logins we do not know, before anything is changed."""
    for database, url in urls.items():
        name = _name_of(url)
        with _administering(administrators, database) as (connection, conninfo):
            tables = _tables(connection, conninfo, name)
        if tables and VERSIONS not in tables:
            raise PostgresFault(f"the database {name} holds something else: name another one in the settings")
        if tables and not is_known:
            raise PostgresFault(
                f"the database {name} is a house's already, and its key ring is not here: put the ring and the master "
                "key into place first. If its logins alone are lost, add --rotate-logins"
            )


def make_databases(
    urls: Mapping[str, str],
    administrators: Administrators,
    logins: Logins,
    keep: Callable[[Logins], None],
) -> list[str]:
    """Make what is missing on both servers, and give a line for each database made.

    `logins` are those that are known; whoever is missing gets one. `keep` puts them into the key ring before a server
    hears of them: after a crash in between, the next call tells the servers what the ring holds.
    """
    whole, told = logins_for(urls, logins), []
    if whole != logins:
        keep(whole)
        told.append("made logins for the roles, each with a password of its own in the key ring")
    for database, url in urls.items():
        name, mine = _name_of(url), {role: whole[role][database] for role in (OWNER, *PROCESS_ROLES)}
        with _administering(administrators, database) as (connection, conninfo):
            with connection.transaction():
                for login in mine.values():
                    _set_login(connection, login)
            with _as_member(connection, mine[OWNER].name):
                if _make(connection, name, mine[OWNER].name):
                    told.append(f"made the database {name}")
                _hand_over(conninfo, name, mine[OWNER].name)
    return told


def logins_for(urls: Mapping[str, str], known: Logins) -> dict[str, dict[str, Login]]:
    """Give a login for each role and database: the known one, as long as it is named after its database."""
    whole: dict[str, dict[str, Login]] = {}
    for role in (OWNER, *PROCESS_ROLES):
        whole[role] = {}
        for database, url in urls.items():
            name, found = f"{_name_of(url)}_{role}", known.get(role, {}).get(database)
            fresh = Login(name=name, password=secrets.token_urlsafe(PASSWORD_BYTES))
            whole[role][database] = found if found is not None and found.name == name else fresh
    return whole


def _name_of(url: str) -> str:
    name = make_url(url).database or ""
    if len(name.encode()) > LONGEST_NAME:
        raise PostgresFault(f"the name of a database may have {LONGEST_NAME} letters: its logins are named after it")
    return name


@contextlib.contextmanager
def _administering(administrators: Administrators, database: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    conninfo: str = getattr(administrators, database)
    try:
        with contextlib.closing(open_connection(conninfo)) as connection:
            connection.autocommit = True
            yield connection, conninfo
    except psycopg.Error as fault:
        raise PostgresFault(f"the {database} database was not made: {sentence(fault)}") from None
    except PostgresFault as fault:
        raise PostgresFault(f"the {database} database, as its administrator: {fault}") from None


@contextlib.contextmanager
def _as_member(connection: psycopg.Connection[Any], owner: str) -> Iterator[None]:
    """Be the owner for a moment: an administrator who is no superuser gives away only what is their own."""
    found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if found == (True,):
        yield
        return
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
    try:
        yield
    finally:
        connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(sql.Identifier(owner)))


def _make(connection: psycopg.Connection[Any], name: str, owner: str) -> bool:
    if _is_there(connection, name):
        change = sql.SQL("ALTER DATABASE {} OWNER TO {}")
        connection.execute(change.format(sql.Identifier(name), sql.Identifier(owner)))
        return False
    # The plain order of bytes: no update of the system's languages ever makes an index wrong.
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    connection.execute(create.format(sql.Identifier(name), sql.Identifier(owner)))
    return True


def _set_login(connection: psycopg.Connection[Any], login: Login) -> None:
    """Make a login, or give the one that is there the password that we hold; one with powers is refused."""
    asked = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles "
    found = connection.execute(asked + "WHERE rolname = %s", [login.name]).fetchone()
    if found is not None and found[0]:
        raise PostgresFault(f"the login {login.name} is there already and may do more than it should: look into it")
    change = "CREATE ROLE {} LOGIN PASSWORD {}" if found is None else "ALTER ROLE {} LOGIN PASSWORD {}"
    verifier = connection.pgconn.encrypt_password(login.password.encode(), login.name.encode(), b"scram-sha-256")
    connection.execute(sql.SQL(change).format(sql.Identifier(login.name), sql.Literal(verifier.decode())))


def _tables(connection: psycopg.Connection[Any], conninfo: str, name: str) -> frozenset[str]:
    found = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is None:
        return frozenset()
    if found == (f"{name}_{OWNER}",):
        # Ours, and closed to everybody else: an administrator who is no superuser does not come in.
        return frozenset({VERSIONS})
    with contextlib.closing(open_connection(make_conninfo(conninfo, dbname=name))) as inside:
        asked = inside.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return frozenset(table for (table,) in asked.fetchall())


def _hand_over(conninfo: str, name: str, owner: str) -> None:
    """Give the owner the schema, and the tables that somebody else restored."""
    mine = sql.Identifier(owner)
    with open_connection(make_conninfo(conninfo, dbname=name)) as inside:
        if inside.info.server_version < OWNED_BY_ITSELF:
            inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(mine))
        asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> %s"
        for (table,) in inside.execute(asked, [owner]).fetchall():
            inside.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), mine))


def _is_there(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
