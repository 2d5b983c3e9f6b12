"""PostgreSQL: a server that many processes on many hosts share.

Who only asks gets one consistent view (REPEATABLE READ, READ ONLY). Who changes something runs READ COMMITTED and
locks the rows that a decision rests on, so that of two at once the second sees what the first has done. Deadlocks are
the server's to find, and mean: the same change again, alone. synchronous_commit is set by us for each session, so that
no default of a server, database or role makes a 250 that a power cut takes back. Decision 0010 has the reasons.
"""

from __future__ import annotations

import hashlib
import selectors
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, TableClause, bindparam, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError

from records.engines import Condition
from records.errors import StoreAway, StoreConflict, StoreUnavailable

CONNECT_SECONDS = 5
# A process that was stopped in the middle of a change holds its rows no longer than this; we hold none while waiting.
IDLE_SECONDS = 10
# Longer than that, so that whoever waits behind a stopped process outlives it.
LOCK_SECONDS = 20
STATEMENT_SECONDS = 30
KEPT, MOST = 4, 16  # Connections of one process: those kept open, and the most in a rush.

SESSION: Mapping[str, str] = {
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "timezone": "UTC",
}
# A host that vanished is noticed in about half a minute, also in the middle of an answer.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
# SQLSTATEs, by class or whole (PostgreSQL's appendix A). Another try of the same change, alone, may go through:
AGAIN = (
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "25P03",  # idle_in_transaction_session_timeout: we were stopped for a while, and nothing was written
    "25P02",  # in_failed_sql_transaction
)
# Nobody else's change would fare better in the same moment:
AWAY = (
    "08",  # connection exceptions
    "25006",  # read_only_sql_transaction: a standby, or an administrator's switch
    "28",  # a password or a right to connect that does not hold
    "3D000",  # no such database
    "53",  # disk full, out of memory, too many connections
    "55P03",  # lock_not_available: waited as long as a writer of SQLite waits for the file
    "57",  # shutdown, crash, statement timeout
    "58",  # input or output failed
    "XX",  # damaged data
)
_VALID = ("on", "remote_apply")
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": _VALID,
    "default_transaction_read_only": ("off",),
    "server_encoding": ("UTF8",),
    "server_version": (),
    "data_checksums": (),
    "max_connections": (),
}
_LOCK = select(func.pg_advisory_xact_lock(bindparam("key")))


# The execution option that says how a transaction begins; "" for what runs in none.
BEGIN = "sallyport_begin"
CHANGE = "BEGIN ISOLATION LEVEL READ COMMITTED"


class Postgresql:
    """What is PostgreSQL's own."""

    reads: Mapping[str, Any] = {BEGIN: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    writes: Mapping[str, Any] = {BEGIN: CHANGE}

    def make(self, url: URL) -> Engine:
        """Make an engine; its sessions have our settings from their first moment, and name the role they are for."""
        options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
        engine = create_engine(
            url,
            hide_parameters=True,
            # The driver begins no transaction by itself: `_begin` below says of which kind it is, in one go.
            isolation_level="AUTOCOMMIT",
            pool_use_lifo=True,
            pool_size=KEPT,
            max_overflow=MOST - KEPT,
            pool_timeout=LOCK_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": url.username or "sallyport",
                "options": options,
                **KEEPALIVE,
            },
        )
        event.listen(engine, "checkout", _look)
        event.listen(engine, "begin", _begin)
        return engine

    def take_time(self, connection: Connection) -> None:
        """Lift the limits of time for this transaction."""
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")

    def lock(self, connection: Connection, name: str) -> None:
        """Take an advisory lock, known by a number; two names that share one would only wait for each other."""
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        connection.execute(_LOCK, {"key": int.from_bytes(digest, "big", signed=True)})

    def wipe(self, engine: Engine, tables: Sequence[TableClause]) -> None:
        """VACUUM: the rows leave the tables' pages. A login that does not own them is told so, and nothing happens.

        What is left in the write-ahead log, and in a page's unused room, is for decision 0010 and the operator's guide.
        """
        # A table that is being vacuumed already is left to that: the rows are deleted, whoever tidies up after them.
        how = "INDEX_CLEANUP ON, SKIP_LOCKED ON"
        with engine.connect().execution_options(**{BEGIN: ""}) as connection:
            connection.detach()  # It ends with this, and nobody else works without a limit of time.
            connection.exec_driver_sql("SET statement_timeout = 0")
            for table in tables:
                connection.exec_driver_sql(f"VACUUM ({how}) {engine.dialect.identifier_preparer.quote(table.name)}")

    def conditions(self, connection: Connection) -> tuple[Condition, ...]:
        """Read the settings back, and whether this is the server that may be written to."""
        standing = connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar()
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in CONDITIONS}
        told = tuple(Condition(name=name, wanted=wanted, found=str(found[name])) for name, wanted in CONDITIONS.items())
        return (*told, Condition(name="is_standby", wanted=("no",), found="yes" if standing else "no"))

    def code(self, fault: DBAPIError) -> str:
        """Give the SQLSTATE."""
        return str(getattr(fault.orig, "sqlstate", None) or "")

    def meaning(self, fault: DBAPIError) -> type[StoreUnavailable]:
        """Tell by the SQLSTATE; without one the connection never was, or was lost."""
        code = self.code(fault)
        if code.startswith(AGAIN) or isinstance(fault, IntegrityError):
            return StoreConflict
        if code.startswith(AWAY) or fault.connection_invalidated:
            return StoreAway
        return StoreAway if not code and isinstance(fault, OperationalError) else StoreUnavailable


def _begin(connection: Connection) -> None:
    if said := connection.get_execution_options().get(BEGIN, CHANGE):
        connection.exec_driver_sql(said)


def _look(connection: Any, _record: Any, _proxy: Any) -> None:
    """Find out before it is used that a connection was ended by a restart of the server.

    Nobody speaks to a connection at rest but to say that it is over. To look costs no way to the server and back, which
    a question at each use would; what vanished without a word is found by the limits of time.
    """
    with selectors.PollSelector() as looking:
        looking.register(connection.fileno(), selectors.EVENT_READ)
        if looking.select(0):
            raise InvalidatePoolError
