"""How the web server reads: heads that two programs cannot read in two ways, and bodies that keep a pace."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cheroot.server import HeaderReader

HEAD_SIZE = 32 * 1024
HEAD_LINES = 100
LINGER_SECONDS = 1.0  # A client that is refused while it sends still hears why; without a pause it only sees a reset.
TOKEN = re.compile(rb"[!#$%&'*+.^`|~0-9A-Za-z_-]+")  # RFC 9110 section 5.6.2
ONCE = (b"Host", b"Content-Length", b"Content-Type", b"Transfer-Encoding", b"Origin", b"Sec-Fetch-Site")
FORWARDED = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "X_REAL_IP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a client may take, and how many may come at once."""

    head_seconds: int = 10
    # A body may be `grace` seconds behind its pace in bytes a second: about the slowest telephone line in use.
    grace: float = 12.0
    pace: int = 2048
    body_seconds: float = 1800.0
    threads: int = 64
    # Workers that bodies may hold; the others answer what has no body, whatever comes.
    bodies: int = 48
    connections: int = 1024


class PacedReader:
    """What one connection sent: what was collected with the head, then the socket, against the clock."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._socket, self._limits = connection, limits
        self._held = bytearray()
        self._began: float | None = None
        self._received = 0
        self.bytes_read = 0
        self.closed = False

    def has_data(self) -> bool:
        """Tell whether bytes were received that nobody has read."""
        return bool(self._held)

    def collect(self) -> bool | None:
        """Take what has arrived. True: a worker can go on; False: wait for more; None: the client has left."""
        self._began = None
        self._socket.setblocking(False)
        try:
            piece = self._socket.recv(HEAD_SIZE)
        except BlockingIOError:
            return self._is_head_whole()
        except OSError:
            return None
        finally:
            self._socket.settimeout(self._limits.head_seconds)
        self._held += piece
        return self._is_head_whole() if piece else None

    def _is_head_whole(self) -> bool:
        return len(self._held) > HEAD_SIZE or b"\r\n\r\n" in self._held

    def begin_body(self) -> None:
        """Start the clock."""
        self._began, self._received = time.monotonic(), len(self._held)

    def read(self, size: int = -1) -> bytes:
        """Give at least one byte and at most `size`; none at the end. Raises `TimeoutError` when it is too slow."""
        if not self._held:
            self._held += self._receive()
        wanted = len(self._held) if size is None or size < 0 else size
        piece = bytes(self._held[:wanted])
        del self._held[:wanted]
        self.bytes_read += len(piece)
        return piece

    def readline(self, size: int = HEAD_SIZE) -> bytes:
        """Give a line of the head; it is whole here, so that nothing is waited for."""
        found = self._held.find(b"\n", 0, size)
        return self.read(found + 1 if found >= 0 else size) if self._held else b""

    def _receive(self) -> bytes:
        self._socket.settimeout(max(self._left(), 0.001))
        try:
            piece = self._socket.recv(64 * 1024)
        except TimeoutError:
            raise TimeoutError("timed out") from None  # These words are what cheroot answers 408 to.
        finally:
            self._socket.settimeout(self._limits.head_seconds)
        self._received += len(piece)
        return piece

    def _left(self) -> float:
        """Give the seconds until the client is too far behind."""
        if self._began is None:
            return float(self._limits.head_seconds)
        allowed = min(self._limits.grace + self._received / self._limits.pace, self._limits.body_seconds)
        return self._began + allowed - time.monotonic()

    def drain(self) -> None:
        """Read on for a moment and forget it, so that an early answer is not cut off by a reset."""
        until = time.monotonic() + LINGER_SECONDS
        self._socket.shutdown(socket.SHUT_WR)
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            if not self._socket.recv(64 * 1024):
                return

    def close(self) -> None:
        """Forget what was not read."""
        self._held.clear()
        self.closed = True


class StrictHeaders(HeaderReader):
    """Refuses what two programs in a row could read in two ways (RFC 9112 sections 5.1, 5.2, 6.3 and 11.2)."""

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> dict[bytes, bytes]:
        """Give the headers, or raise `ValueError`: cheroot answers 400 then."""
        headers = {} if hdict is None else hdict
        for _ in range(HEAD_LINES):
            line = rfile.readline()
            if line == b"\r\n":
                return headers
            name, colon, value = line.partition(b":")
            value = value.strip(b" \t\r\n")
            if not line.endswith(b"\r\n") or not colon or not TOKEN.fullmatch(name) or re.search(rb"[\x00\r\n]", value):
                raise ValueError("header line")
            if b"_" not in name:  # A name with "_" would pass for one with "-" in the application's view.
                self._keep(headers, name.title(), value)
        raise ValueError("header lines")

    @staticmethod
    def _keep(headers: dict[bytes, bytes], name: bytes, value: bytes) -> None:
        if name in headers and name in ONCE:
            raise ValueError("header twice")
        if name == b"Content-Length" and not re.fullmatch(rb"[0-9]{1,15}", value):
            raise ValueError("length")
        headers[name] = headers[name] + b", " + value if name in headers else value


def forwarded(said: Mapping[str, str], is_proxy: Callable[[str], bool]) -> dict[str, str]:
    """Give what a believed proxy says of the client: the last address before our own proxies, scheme and host."""
    env = {}
    for hop in reversed([address.strip() for address in said["X_FORWARDED_FOR"].split(",")]):
        if not is_address(hop):
            break
        env["REMOTE_ADDR"] = hop
        if not is_proxy(hop):
            break
    if said["X_FORWARDED_PROTO"] in {"http", "https"}:
        env["wsgi.url_scheme"] = said["X_FORWARDED_PROTO"]
    if re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,255}", said["X_FORWARDED_HOST"]):
        env["HTTP_HOST"] = said["X_FORWARDED_HOST"]
    return env


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Give a peer's address; one of IPv4 that came over an IPv6 socket as what it is."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
