import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgres import ROOT, PostgresServer

# Asks for a server as the fixture does, says where it is, and waits to be killed.
ASKER = """
import time
from tests.servers.postgres import a_kept_server
with a_kept_server() as server:
    print(server.folder, flush=True)
    time.sleep(600)
"""


def gone(folder: Path, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return not folder.exists()


@pytest.mark.usefixtures("postgres_server")
def test_a_server_does_not_outlive_who_asked_for_it() -> None:
    """Not even when that one is killed: server and folder are gone soon after."""
    with subprocess.Popen([sys.executable, "-c", ASKER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout is not None
        folder = Path(asker.stdout.readline().strip())
        port = int((folder / "data" / "postmaster.pid").read_text().splitlines()[3])
        asker.kill()
    assert gone(folder)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_one_in_the_foreground_says_where_it_is(postgres_server: PostgresServer) -> None:
    """`python -m tests.servers.postgres FOLDER` prints one line of JSON, and leaves nothing behind on SIGTERM."""
    folder = postgres_server.folder.with_name(postgres_server.folder.name + "-by-hand")
    command = [sys.executable, "-m", "tests.servers.postgres", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = json.loads(server.stdout.readline())
        who = {"host": said["host"], "port": said["port"], "user": said["admin"]["name"]}
        with psycopg.connect(**who, password=said["admin"]["password"], dbname="postgres") as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    assert not folder.exists()


def test_what_a_test_wrote_the_next_one_does_not_find(postgres_server: PostgresServer) -> None:
    """A pair of databases is given on empty."""
    insert = "INSERT INTO organization (id, title, kind) VALUES ('a', 'b', 'c')"
    for _ in range(2):
        with postgres_server.databases() as pair:
            name = pair.record_url.rpartition("/")[2]
            with psycopg.connect(postgres_server.conninfo(name, pair.login)) as connection:
                assert connection.execute("SELECT count(*) FROM organization").fetchone() == (0,)
                connection.execute(insert)
