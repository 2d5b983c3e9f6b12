"""Reaching a PostgreSQL server with one connection, and saying in one sentence why it was not to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from records.store import Login
from sallyport.errors import SallyportError

SECONDS = 5
# What libpq and the server say, and what is said here. Their own words name hosts, logins and addresses.
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"password authentication failed|no password supplied|SASL", "the name or the password is not taken"),
    (r"no pg_hba\.conf entry", "pg_hba.conf has no line for this login, database and address (or wants TLS)"),
    (r"database .* does not exist", "there is no such database on this server"),
    (r"role .* does not exist", "the server knows no such name"),
    (r"permission denied for database", "this login may not enter the database"),
    (r"too many clients|remaining connection slots|too many connections", "it has no connection left"),
    (
        r"starting up|shutting down|recovery|not yet accepting|closed the connection|reset by peer|terminat",
        "it is starting or stopping; try again in a moment",
    ),
    (r"certificate|SSL|TLS", "TLS did not come about: see sslmode and sslrootcert in the URL"),
    (r"translate host name|resolve|Name or service", "its host name is not known"),
    (r"refused|timeout|timed out|unreachable|No route", "nothing answers at this address and port"),
)
NOT_REACHED = "it cannot be reached, or does not let us in"
# What passes by itself: a server that is starting, has its hands full, or is not there yet.
PASSING = ("starting or stopping; try again in a moment", "has no connection left", "at this address and port")
NOT_ALLOWED = "42501"


class PostgresFault(SallyportError):
    """A server did not do what was asked; the message says why and what to do, without names and passwords."""


def conninfo_of(url: str, login: Login | None = None, **more: str) -> str:
    """Give a setting's URL in libpq's form, with a login."""
    parsed = make_url(url)
    parts: dict[str, Any] = {"host": parsed.host, "port": parsed.port, "dbname": parsed.database}
    parts |= {name: value for name, value in parsed.query.items() if isinstance(value, str)}
    if login is not None:
        parts |= {"user": login.name, "password": login.password}
    return make_conninfo("", **(parts | more))


def open_connection(conninfo: str) -> psycopg.Connection[Any]:
    """Open a connection that commits when it is told to; raise `PostgresFault` in words when it does not come about."""
    try:
        return psycopg.connect(conninfo, connect_timeout=SECONDS, application_name="sallyport init")
    except psycopg.Error as fault:
        raise PostgresFault(sentence(fault)) from None


def sentence(fault: psycopg.Error) -> str:
    """Say a fault in our own words."""
    if fault.sqlstate == NOT_ALLOWED:
        return "this login lacks a right that it needs"
    if fault.sqlstate is not None:
        return f"the server refused a step (SQLSTATE {fault.sqlstate})"
    text = str(fault)
    return next((said for pattern, said in SENTENCES if re.search(pattern, text)), NOT_REACHED)


def is_passing(why: str) -> bool:
    """Tell whether waiting may help."""
    return why.endswith(PASSING)


def why_not(urls: Mapping[str, str], logins: Mapping[str, Login]) -> str | None:
    """Try each database with its login, and say in one line which one does not answer and why; None when all do."""
    for name, url in urls.items():
        try:
            open_connection(conninfo_of(url, logins.get(name))).close()
        except PostgresFault as fault:
            return f"the {name} database: {fault}"
    return None
