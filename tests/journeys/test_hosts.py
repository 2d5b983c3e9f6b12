"""Two hosts, each with a data folder of its own, share PostgreSQL and Redis; one of them has nothing but a worker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sallyport.commands.preparing import Wishes
from sallyport.demo.mails import by_mail, words
from sallyport.demo.sample import Sample
from sallyport.keys import CREDENTIAL, bundle
from tests.journeys.builders import pen
from tests.journeys.program import Program
from tests.servers.place import a_place
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import ValkeyServer

SECONDS = 60.0
READY = b"ready port=None"


class OtherHost:
    """A worker alone, with its keys as a service manager hands them over."""

    def __init__(self, folder: Path, program: Program) -> None:
        folder.mkdir()
        keys = folder / CREDENTIAL
        keys.touch(0o600)
        keys.write_bytes(bundle(program.keys, "worker").to_json())
        self.log = folder / "log"
        own = {"SALLYPORT_DATA": str(folder / "data"), "CREDENTIALS_DIRECTORY": str(folder)}
        self._command = [sys.executable, "-m", "sallyport", "worker"]
        self._environment = {**os.environ, **program.environment, **own}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        before = self.log.read_bytes().count(READY) if self.log.exists() else 0
        with self.log.open("ab") as told:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stderr=told, stdout=told
            )
        while self.log.read_bytes().count(READY) == before:
            assert self._process.poll() is None, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; give its status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(SECONDS)


@pytest.fixture
def program(tmp_path: Path, postgres_server: PostgresServer, valkey_server: ValkeyServer) -> Iterator[Program]:
    valkey_server.fresh()
    password = tmp_path / "redis-password"
    password.touch(0o600)
    password.write_text(valkey_server.password)
    redis = {"SALLYPORT_REDIS_URL": valkey_server.url, "SALLYPORT_REDIS_PASSWORD_FILE": str(password)}
    with a_place(postgres_server) as place:
        made = Program(tmp_path / "first", {**place.settings, **redis}, Wishes(administrators=place.administrators))
        made.start()
        try:
            yield made
        finally:
            made.stop()


def questions(name: str, number: int) -> list[Sample]:
    return [
        by_mail(
            pen(f"{name} {each}"),
            title="a question",
            name="",
            address=f"somebody{each}@example.org",
            subject=f"{name} {each}",
            part=words(f"When are you open on day {each}?"),
        )
        for each in range(number)
    ]


def test_hosts_share_the_work(program: Program, valkey_server: ValkeyServer, tmp_path: Path) -> None:
    """Workers of two hosts are killed in turn, and Redis is flushed: every inquiry goes its way, and goes it once."""
    other = OtherHost(tmp_path / "second", program)
    other.start()
    with contextlib.closing(valkey_server.client()) as client:
        for sample in questions("north", 30):
            program.send(sample)
        os.kill(program.pids["worker-1"], signal.SIGKILL)
        client.flushall()
        for sample in questions("south", 30):
            program.send(sample)
        assert other.end(signal.SIGKILL) == -signal.SIGKILL
        client.flushall()
        for sample in questions("east", 10):
            program.send(sample)
    other.start()
    program.idle()
    assert [line["state"] for line in program.lines()] == ["routed"] * 70
    assert program.command("ledger").exit_code == 0
    with program.stores() as stores, stores.record.reading() as connection:
        acknowledged = connection.exec_driver_sql("SELECT acknowledged, count(*) FROM inquiry GROUP BY 1").fetchall()
        workers = connection.exec_driver_sql("SELECT DISTINCT worker FROM job").fetchall()
    assert [tuple(row) for row in acknowledged] == [("sent", 70)]
    assert workers == []
    assert other.end() == 0
    hosts = [(folder / "run" / "host").read_text() for folder in (program.settings.data, tmp_path / "second" / "data")]
    assert hosts[0] != hosts[1]
