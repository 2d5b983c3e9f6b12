"""A real PostgreSQL for tests: Debian's programs, a fresh folder, loopback only, gone at the end whatever happens.

In a test, ask for the session fixture `postgres_server` (it skips, and fails on CI, where PostgreSQL is not installed):

    def test_it(postgres_server: PostgresServer) -> None:
        with postgres_server.databases() as pair:          # both databases at this program's version, and empty
            stores = pair.stores()                         # or: Store.at(pair.record_url, pair.login)
        with postgres_server.databases(bare=True) as pair: # without any table: for `init`, migrations, broken schemas
            ...
        with postgres_server.administering() as admin:     # a psycopg connection of the superuser's
            ...
        postgres_server.admin                              # the superuser's Login, for `init --postgres`
        postgres_server.conninfo("postgres")               # the same as a libpq string, WITH its password
        postgres_server.restart("immediate")               # as a crash does; the port stays. Also stop() and start()

A test that stops the server starts it again: it is shared. One of its own: `with a_server() as server:`.

Outside of pytest: `python -m tests.servers.postgres FOLDER` makes one in FOLDER (which must not be there yet), prints
one line of JSON (host, port, folder, data, logins), and ends and removes it on SIGTERM, Ctrl-C, or, with
`--until-eof`, when its standard input is closed: so a server does not outlive whoever asked for it, even by SIGKILL.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from records.schema import migrate
from records.store import Login, Store, Stores
from records.tables import Base, KeyBase

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
NOBODY = 65534
STARTED_SECONDS = 60
PACKAGE = "postgresql"
# Everything else is as Debian ships it; fsync above all. Connections: many processes with small pools.
OPTIONS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "on",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "1d",
    "max_prepared_transactions": "0",
}


def find_programs() -> Path | None:
    """Give the folder of the newest PostgreSQL's programs; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


@dataclass(frozen=True, slots=True)
class Databases:
    """A record and a key store, and a login that owns both; SQLite's files want none."""

    record_url: str
    keys_url: str
    login: Login | None = None

    def stores(self) -> Stores:
        """Open both."""
        return Stores(Store.at(self.record_url, self.login), Store.at(self.keys_url, self.login))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server that runs, or ran: the folder it is in, and who may do what there."""

    folder: Path
    programs: Path
    port: int
    admin: Login
    owner: Login
    _spare: list[tuple[str, str]] = field(default_factory=list, repr=False)

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log"

    def url(self, database: str) -> str:
        """Give a URL as the settings take it: without a name and a password."""
        return f"postgresql+psycopg://{HOST}:{self.port}/{database}"

    def conninfo(self, database: str, login: Login | None = None) -> str:
        """Give libpq's form, with name and password: the administrator's, if no other."""
        who = login or self.admin
        return psycopg.conninfo.make_conninfo(
            host=HOST, port=self.port, dbname=database, user=who.name, password=who.password
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {name}='{value}'" for name, value in {**OPTIONS, "port": self.port}.items())
        self._run("pg_ctl", "start", "-w", "-t", str(STARTED_SECONDS), "-l", str(self.log), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends the sessions, `immediate` is what a crash does."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    def restart(self, mode: str = "immediate") -> None:
        """Stop and start again, at the same port."""
        self.stop(mode)
        self.start()

    @contextlib.contextmanager
    def databases(self, *, bare: bool = False) -> Iterator[Databases]:
        """Give a pair of databases of this program's version, and empty; or `bare`, without any table."""
        names = self._spare.pop() if self._spare and not bare else self._create(bare=bare)
        try:
            yield Databases(self.url(names[0]), self.url(names[1]), self.owner)
        finally:
            with self.administering() as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ANY(%s)",
                    [list(names)],
                )
                if bare:
                    for name in names:
                        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            if not bare:
                # One that a test has taken apart is left where it is: the server goes with all of them.
                with contextlib.suppress(psycopg.Error):
                    self._empty(names)
                    self._spare.append(names)

    def read_files(self, pair: Databases, *, with_log: bool) -> bytes:
        """Give all that is on disk of both databases, and of the write-ahead log of all of them if asked for."""
        names = [url.rpartition("/")[2] for url in (pair.record_url, pair.keys_url)]
        with self.administering() as admin:
            admin.execute("CHECKPOINT")
            asked = "SELECT oid FROM pg_database WHERE datname = ANY(%s)"
            folders = [self.data / "base" / str(oid) for (oid,) in admin.execute(asked, [names])]
        files = [file for folder in folders for file in folder.iterdir()]
        files += (self.data / "pg_wal").glob("0*") if with_log else ()
        return b"".join(file.read_bytes() for file in files)

    def _create(self, *, bare: bool) -> tuple[str, str]:
        stem = f"test_{secrets.token_hex(4)}"
        names = (f"{stem}_record", f"{stem}_keys")
        templates = ("template0", "template0")
        with self.administering() as admin:
            if not bare:
                templates = ("migrated_record", "migrated_keys")
                is_there = "SELECT count(*) FROM pg_database WHERE datname = ANY(%s)"
                if admin.execute(is_there, [list(templates)]).fetchone() == (0,):
                    self._make(admin, templates, ("template0", "template0"))
                    pair = Databases(self.url(templates[0]), self.url(templates[1]), self.owner)
                    with contextlib.closing(pair.stores()) as stores:
                        migrate(stores)
            self._make(admin, names, templates)
        return names

    def _make(self, admin: psycopg.Connection[Any], names: tuple[str, str], templates: tuple[str, str]) -> None:
        for name, template in zip(names, templates, strict=True):
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C'")
            admin.execute(create.format(*map(sql.Identifier, (name, self.owner.name, template))))

    def _empty(self, names: tuple[str, str]) -> None:
        """Take every row out; deleting a few rows is much quicker than another database."""
        for name, base in zip(names, (Base, KeyBase), strict=True):
            with psycopg.connect(self.conninfo(name, self.owner)) as connection:
                for table in reversed(base.metadata.sorted_tables):
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))

    def administering(self) -> psycopg.Connection[Any]:
        """Give the administrator's connection, each statement by itself."""
        return psycopg.connect(self.conninfo("postgres"), autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        _run(self.folder, self.programs / program, "-D", str(self.data), *arguments)


@contextlib.contextmanager
def a_server(folder: Path | None = None) -> Iterator[PostgresServer]:
    """Give a server in a folder of its own, which goes with it."""
    programs = find_programs()
    if programs is None:
        message = f"PostgreSQL is not here; type: sudo apt-get install {PACKAGE}"
        raise FileNotFoundError(message)
    place = folder or Path(tempfile.mkdtemp(prefix="sallyport-postgres-", dir=_enterable()))
    place.mkdir(mode=0o700, exist_ok=folder is None)
    server = PostgresServer(
        folder=place,
        programs=programs,
        port=_free_port(),
        admin=Login(name="admin", password=secrets.token_urlsafe(16)),
        owner=Login(name="owner", password=secrets.token_urlsafe(16)),
    )
    try:
        if os.geteuid() == 0:
            os.chown(place, *_unprivileged())
        _initialise(server)
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop("immediate")
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def a_kept_server() -> Iterator[PostgresServer]:
    """Give a server that another process watches over: it ends with this process, however this one ends."""
    watching = [sys.executable, "-m", "tests.servers.postgres", "--until-eof"]
    with subprocess.Popen(
        watching, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True
    ) as keeper:
        assert keeper.stdout is not None
        said = json.loads(keeper.stdout.readline() or "{}")
        assert said, "no PostgreSQL was started"
        yield PostgresServer(
            folder=Path(said["folder"]),
            programs=Path(said["programs"]),
            port=said["port"],
            admin=Login(**said["admin"]),
            owner=Login(**said["owner"]),
        )


def _initialise(server: PostgresServer) -> None:
    secret = server.folder / "admin"
    secret.touch(0o600)
    secret.write_text(server.admin.password)
    if os.geteuid() == 0:
        os.chown(secret, *_unprivileged())
    kinds = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    server._run("initdb", f"--username={server.admin.name}", f"--pwfile={secret}", *kinds)
    secret.unlink()
    server.start()
    with server.administering() as admin:
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        admin.execute(create.format(sql.Identifier(server.owner.name), sql.Literal(server.owner.password)))


def _run(folder: Path, program: Path, *arguments: str) -> None:
    who: Mapping[str, Any] = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root. Nothing is made or changed for it but its own folder.
        user, group = _unprivileged()
        who = {"user": user, "group": group, "extra_groups": []}
    with tempfile.TemporaryFile() as said:
        # A file and not a pipe: the server keeps what pg_ctl hands on, and a pipe would never end.
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            **who,
        )
        if done.returncode:
            said.seek(0)
            sys.stderr.buffer.write(said.read())
            raise subprocess.CalledProcessError(done.returncode, program.name)


def _unprivileged() -> tuple[int, int]:
    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        return NOBODY, NOBODY
    return found.pw_uid, found.pw_gid


def _enterable() -> Path:
    """Give a folder for temporary files that anybody may enter: root's own is often closed to others."""
    for place in (Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - mkdtemp's place
        if place.is_dir() and all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents)):
            return place
    message = "no folder for temporary files that others may enter"
    raise FileNotFoundError(message)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


def _main(arguments: list[str]) -> None:
    until_eof = "--until-eof" in arguments
    folders = [Path(name).resolve() for name in arguments if not name.startswith("--")]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), a_server(*folders[:1]) as server:
        line = {
            "host": HOST,
            "port": server.port,
            "folder": str(server.folder),
            "data": str(server.data),
            "programs": str(server.programs),
            "admin": {"name": server.admin.name, "password": server.admin.password},
            "owner": {"name": server.owner.name, "password": server.owner.password},
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        if until_eof:
            sys.stdin.buffer.read()
        else:
            signal.pause()


if __name__ == "__main__":
    _main(sys.argv[1:])
