"""The web server: what it refuses, what it cuts, and what it keeps to itself. Over real sockets."""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sallyport.errors import CannotStart
from sallyport.web import Limits, WebServer
from sallyport.web_reading import address_of, forwarded

QUICK = Limits(head_seconds=1, grace=0.5, pace=100_000, threads=6, bodies=3, connections=64)
MAX_BODY = 1_000_000
Reply = tuple[int, dict[str, str], bytes]
Start = Callable[[str, list[tuple[str, str]]], object]


class Echo:
    """An application that says how much it read, and remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.largest = 0

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer by path."""
        self.seen.append({name: value for name, value in environ.items() if isinstance(value, str)})
        match environ["PATH_INFO"]:
            case "/fails":
                raise ValueError("zq-secret-text")
            case "/stream":
                start("200 OK", [("Content-Type", "text/plain")])
                return [b"one ", b"two"]
            case "/unread":
                total = 0
            case _:
                total = self._read(environ["wsgi.input"])
        environ["sallyport.path_template"] = "/<echo>"
        body = f"read {total}".encode()
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _read(self, stream: Any) -> int:
        total = 0
        while piece := stream.read(65536):
            self.largest = max(self.largest, len(piece))
            total += len(piece)
        return total


@contextmanager
def serving(app: Echo, limits: Limits = QUICK, proxies: tuple[str, ...] = ()) -> Iterator[int]:
    server = WebServer(app, "127.0.0.1", 0, max_body=MAX_BODY, trusted_proxies=proxies, limits=limits)
    port = server.start()
    try:
        yield port
    finally:
        server.stop(grace=1)


@pytest.fixture(scope="module")
def echo() -> Echo:
    return Echo()


@pytest.fixture(scope="module")
def port(echo: Echo) -> Iterator[int]:
    with serving(echo) as bound:
        yield bound


def hear(connection: socket.socket) -> bytes:
    """Read to the end."""
    heard = b""
    try:
        while piece := connection.recv(65536):
            heard += piece
    except ConnectionError:
        pass
    return heard


def send(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        return hear(connection)


def ask(port: int, head: str, body: bytes = b"") -> Reply:
    """Ask once, and close."""
    return parse(send(port, f"{head}\r\nHost: a.example\r\nConnection: close\r\n\r\n".encode("latin-1") + body))


def parse(heard: bytes) -> Reply:
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


def test_bodies_stream(port: int, echo: Echo):
    """A body reaches the application in pieces as it arrives."""
    status, _, body = ask(port, "POST / HTTP/1.1\r\nContent-Length: 500000", b"a" * 500_000)
    assert (status, body) == (200, b"read 500000")
    assert echo.largest <= 65536


def test_connections_are_kept_and_pipelines_answered_in_turn(port: int):
    """Two requests in one piece get two answers on one connection."""
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    heard = send(port, one + b"GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert heard.count(b"HTTP/1.1 200") == 2
    assert b"read 3" in heard
    assert heard.endswith(b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")


def test_head_has_no_body(port: int):
    """HEAD is answered as GET, without a body."""
    status, headers, body = ask(port, "HEAD / HTTP/1.1")
    assert (status, headers["Content-Length"], body) == (200, "6", b"")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("TRACE / HTTP/1.1", 405),
        ("OPTIONS * HTTP/1.1", 405),
        ("CONNECT a.example:443 HTTP/1.1", 405),
        ("PUT / HTTP/1.1", 405),
        ("BREW / HTTP/1.1", 501),
        ("get / HTTP/1.1", 400),
        ("GET http://evil.example/ HTTP/1.1", 400),
        ("GET / HTTP/3.0", 505),
        ("GET /", 400),
        ("POST / HTTP/1.1", 411),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", 411),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip", 501),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3", 400),
        ("POST / HTTP/1.1\r\nContent-Length: +3", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1_0", 400),
        ("POST / HTTP/1.1\r\nContent-Length: -1", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1000001", 413),
        ("GET / HTTP/1.1\r\nTransfer-Encoding : chunked", 400),
        ("GET / HTTP/1.1\r\nX-A: b\r\n folded", 400),
        ("GET / HTTP/1.1\r\nX-A: b\nX-B: c", 400),
        ("GET / HTTP/1.1\r\nHost: b.example", 400),
        ("GET / HTTP/1.1\r\nno colon", 400),
        ("GET / HTTP/1.1\r\nX-A: " + "b" * 40_000, 431),
        ("GET /" + "a" * 40_000 + " HTTP/1.1", 414),
        ("GET / HTTP/1.1" + "".join(f"\r\nX-{number}: 1" for number in range(200)), 400),
    ],
)
def test_what_is_unsafe_or_unknown_is_refused(port: int, head: str, status: int):
    """Refusals are plain, end the connection, and carry the same protection as any page."""
    found, headers, body = ask(port, head)
    assert found == status
    assert headers["Connection"] == "close"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers
    assert re.fullmatch(rb"\d{3} [A-Za-z\- ]+\n", body)


def test_a_request_of_http_1_1_names_its_host(port: int):
    """RFC 9112 section 3.2: no host, no answer."""
    assert parse(send(port, b"GET / HTTP/1.1\r\n\r\n"))[0] == 400


def test_no_product_is_told(port: int):
    """Neither the server nor the application names itself or a version."""
    for path in ("/", "/stream", "/fails"):
        heard = send(port, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        assert not re.search(rb"(?i)server:|cheroot|python|werkzeug|traceback|zq-secret", heard)


def test_an_oversize_body_is_refused_before_it_is_read(port: int):
    """The announcement is enough; nothing needs to be sent."""
    assert ask(port, "POST / HTTP/1.1\r\nContent-Length: 4000000000", b"a=1")[0] == 413


def test_an_unread_body_ends_the_connection(port: int):
    """What the application did not read is not taken for the next request."""
    smuggled = b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
    head = f"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: {len(smuggled)}\r\n\r\n".encode()
    heard = send(port, head + smuggled)
    assert heard.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in heard


def test_a_dripping_head_is_cut_and_holds_no_worker(port: int):
    """More drippers than workers: another client is still served at once, and all of them are ended."""
    drippers = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(QUICK.threads * 3)]
    for dripper in drippers:
        dripper.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
    assert ask(port, "GET / HTTP/1.1")[0] == 200
    for dripper in drippers:
        assert hear(dripper) == b""
        dripper.close()


def test_a_dripping_body_is_cut_and_leaves_workers_for_others(port: int):
    """Bodies beyond their share are refused; the slow ones hear 408; pages without a body are served meanwhile."""
    drippers = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(QUICK.bodies + 2)]
    for dripper in drippers:
        dripper.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\na=")
    assert ask(port, "GET / HTTP/1.1")[0] == 200
    statuses = sorted(parse(hear(dripper))[0] for dripper in drippers)
    assert statuses == [408] * QUICK.bodies + [503] * 2
    for dripper in drippers:
        dripper.close()


def test_connections_are_bounded():
    """Beyond the bound a connection is closed, and served again once others have left."""
    with serving(Echo(), Limits(head_seconds=1, connections=4, threads=2, bodies=1)) as port:
        many = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(8)]
        assert [hear(connection) for connection in many] == [b""] * 8
        assert ask(port, "GET / HTTP/1.1")[0] == 200
        for connection in many:
            connection.close()


def test_the_log_holds_nothing_of_a_visitor(port: int, caplog: pytest.LogCaptureFixture):
    """One line per request: method, the application's name for the path, status, time."""
    caplog.set_level(logging.DEBUG)
    ask(port, "GET /zqpath?zqquery HTTP/1.1\r\nUser-Agent: zqagent\r\nReferer: http://zqreferer/")
    ask(port, "GET /fails?zqquery HTTP/1.1")
    ask(port, "ZQMETHOD /zqpath HTTP/1.1")
    assert "zq" not in caplog.text.lower()
    assert re.search(r"method=GET path=/<echo> status=200 ms=\d+", caplog.text)
    assert re.search(r"incident=\w+ error=ValueError", caplog.text)


def test_plain_http_stays_on_this_machine():
    """Beyond loopback the server is not even built, unless a proxy is named that speaks TLS."""
    for host in ("0.0.0.0", "192.0.2.1", "::"):  # noqa: S104 - that it is refused is the promise
        with pytest.raises(CannotStart):
            WebServer(Echo(), host, 0, max_body=1)
        WebServer(Echo(), host, 0, max_body=1, trusted_proxies=["192.0.2.7"])
    for host in ("127.0.0.1", "::1", "localhost"):
        WebServer(Echo(), host, 0, max_body=1)


FORWARDED_HEADERS = (
    "GET /who HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9, 198.51.100.4\r\nX-Forwarded-Proto: https\r\n"
    "X-Forwarded-Host: forms.example\r\nX_Forwarded_For: 203.0.113.1"
)


def test_strangers_are_not_believed(port: int, echo: Echo):
    """Without named proxies no address and no host is believed, and no forwarding header reaches an application.

    That TLS ended on this machine is believed of whoever is on it: cookies get their Secure.
    """
    ask(port, FORWARDED_HEADERS)
    seen = echo.seen[-1]
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == ("127.0.0.1", "https", "a.example")
    assert not [name for name in seen if "FORWARDED" in name]


def test_a_named_proxy_is_believed():
    """It tells the client's address, the scheme and the host; of addresses only the last stranger counts."""
    echo = Echo()
    with serving(echo, proxies=("127.0.0.1", "198.51.100.0/24")) as port:
        ask(port, FORWARDED_HEADERS)
    seen = echo.seen[-1]
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (
        "203.0.113.9",
        "https",
        "forms.example",
    )


def test_forwarded_words_are_checked():
    """What is no address, no scheme and no host is left out."""
    said = {"X_FORWARDED_FOR": "<b>, unknown", "X_FORWARDED_PROTO": "gopher", "X_FORWARDED_HOST": "a b"}
    assert forwarded(said, lambda _: True) == {}
    assert str(address_of("::ffff:127.0.0.1")) == "127.0.0.1"


def test_stopping_lets_requests_end():
    """What is under way is answered; then the port is free."""
    entered, leave = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        entered.set()
        leave.wait(10)
        start("200 OK", [("Content-Length", "2")])
        return [environ["REQUEST_METHOD"][:2].encode()]

    server = WebServer(slow, "127.0.0.1", 0, max_body=1, limits=QUICK)
    port = server.start()
    heard: list[bytes] = []
    client = threading.Thread(target=lambda: heard.append(send(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")))
    client.start()
    assert entered.wait(10)
    stopper = threading.Thread(target=server.stop, args=(10,))
    stopper.start()
    leave.set()
    stopper.join(20)
    client.join(20)
    assert heard[0].endswith(b"GE")
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_taken_port_is_told_to_the_caller(port: int):
    """Starting fails where it was asked for, not in a thread."""
    with pytest.raises(OSError, match="in use"):
        WebServer(Echo(), "127.0.0.1", port, max_body=1).start()
