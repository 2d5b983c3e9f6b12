"""SIGTERM: what is under way comes to its answer, and what is full stays alive."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from records.values import Purpose
from router.opening import NotOpened
from router.unsealer import Unsealer, UnsealerClient, UnsealerServer
from router.unsealer.frames import address, receive
from router.unsealer.server import LARGEST_QUESTION
from tests.guards.tree import ROOT
from tests.sallyport.alone import HOST, AloneRole, eventually

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


def is_deaf(port: int) -> bool:
    """Tell whether nobody listens there any more."""
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return True
    return False


def test_a_post_under_way_gets_its_receipt(tmp_path: Path) -> None:
    """A person whose form is on its way when the site is stopped still sees the receipt, and the inquiry is there."""
    with AloneRole("site", tmp_path / "house") as role:
        connection = http.client.HTTPConnection(HOST, role.port, timeout=30)
        connection.request("GET", "/")
        token = TOKEN.search(connection.getresponse().read())
        assert token is not None
        fields = {"csrf_token": token[1].decode(), "confirmed": "1", "message": "When do you open?", "kind": "general"}
        body = urlencode(fields).encode()
        connection.putrequest("POST", "/")
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:20])
        assert role.process is not None
        # Once a page that was asked for later has come, the post is in a worker's hands.
        later = http.client.HTTPConnection(HOST, role.port, timeout=30)
        later.request("GET", "/")
        later.getresponse().read()
        role.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: is_deaf(role.port))
        connection.send(body[20:])
        answer = connection.getresponse()
        assert (answer.status, b"INQ-" in answer.read()) == (200, True)
        assert role.process.wait(30) == 0
    found = role.ledger()
    assert (found.accepted, found.is_even) == (1, True)


def test_a_mail_under_way_gets_its_reply(tmp_path: Path) -> None:
    """A mail whose data is on its way when the gateway is stopped is accepted, and then the session ends with 421."""
    with AloneRole("smtp", tmp_path / "house") as role, role.client() as client:
        client.ehlo()
        client.mail("maria@example.org")
        client.rcpt("inquiries@example.test")
        assert client.docmd("DATA")[0] == 354
        client.send(b"Subject: late\r\n\r\n")
        assert role.process is not None
        role.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: is_deaf(role.port))
        client.send(b"words\r\n.\r\n")
        assert client.getreply()[0] == 250
        assert client.getreply()[0] == 421
        assert role.process.wait(30) == 0
    assert role.ledger().accepted == 1


class SlowUnsealer:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.may, self.asked = threading.Event(), threading.Semaphore(0)

    def answer(self, _question: Any) -> dict[str, str]:
        """Wait, then refuse."""
        self.asked.release()
        self.may.wait(30)
        return {"refused": "slowly"}

    open = previews = original = move = answer


@pytest.fixture
def slow() -> SlowUnsealer:
    return SlowUnsealer()


def test_a_question_under_way_is_answered(slow: SlowUnsealer, tmp_path: Path) -> None:
    """The unsealer that is stopped answers what it was asked, and takes no more."""
    path, answers = tmp_path / "socket", []
    server = UnsealerServer(cast("Unsealer", slow), path, threads=2)
    server.start()
    asking = threading.Thread(target=lambda: answers.append(UnsealerClient(path).open("s", "r", Purpose.TRIAGE)))
    asking.start()
    assert slow.asked.acquire(timeout=10)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    assert eventually(lambda: not path.exists())
    slow.may.set()
    stopping.join()
    asking.join()
    assert answers == [NotOpened(reason="slowly")]
    assert UnsealerClient(path).open("s", "r", Purpose.TRIAGE) == NotOpened(reason="away")


def test_no_more_questions_at_once_than_threads(slow: SlowUnsealer, tmp_path: Path) -> None:
    """Questions beyond the threads wait their turn, and all are answered."""
    path, answers = tmp_path / "socket", []
    server = UnsealerServer(cast("Unsealer", slow), path, threads=2)
    server.start()
    asking = [
        threading.Thread(target=lambda: answers.append(UnsealerClient(path).open("s", "r", Purpose.TRIAGE)))
        for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    assert slow.asked.acquire(timeout=10)
    assert slow.asked.acquire(timeout=10)
    assert not slow.asked.acquire(timeout=0.3)
    slow.may.set()
    for thread in asking:
        thread.join()
    server.stop()
    assert answers == [NotOpened(reason="slowly")] * 8


def test_a_question_is_short(slow: SlowUnsealer, tmp_path: Path) -> None:
    """Who announces more than a question holds is hung up on, before memory is spent on it."""
    path = tmp_path / "socket"
    server = UnsealerServer(cast("Unsealer", slow), path, threads=1)
    server.start()
    with socket.socket(socket.AF_UNIX) as connection, address(path) as name:
        connection.connect(name)
        connection.sendall((LARGEST_QUESTION + 1).to_bytes(4, "big"))
        assert receive(connection) is None
    server.stop()


FULL = """
import logging, resource, socket, sys, time
from sallyport.web import Limits, WebServer
logging.basicConfig(stream=sys.stderr, level=logging.INFO)
def app(environ, start):
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
server = WebServer(app, "127.0.0.1", 0, max_body=10, limits=Limits(threads=2, bodies=1))
port = server.start()
resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
print(port, flush=True)
sys.stdin.read()
server.stop(1)
"""


def test_a_web_server_without_descriptors_rests_and_goes_on() -> None:
    """Where no connection can be accepted for want of descriptors, the log is not flooded, and later all is well."""
    with subprocess.Popen(
        [sys.executable, "-c", FULL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        held = [socket.create_connection((HOST, port), 10) for _ in range(40)]
        assert eventually(lambda: len(list(Path(f"/proc/{process.pid}/fd").iterdir())) >= 24)
        threading.Event().wait(1.0)
        for connection in held:
            connection.close()

        def is_served() -> bool:
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            try:
                connection.request("GET", "/")
                return connection.getresponse().read() == b"ok"
            except OSError:
                return False
            finally:
                connection.close()

        assert eventually(is_served)
        _, told = process.communicate(b"", timeout=30)
        assert told.count(b"\n") < 10, told.decode()[-500:]
