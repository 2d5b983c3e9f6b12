"""The web server of both sites: cheroot, made strict.

What cheroot leaves open is closed here. A request's head is collected by the selector's one thread, so a connection
that drips its head holds no worker. A body is read as it arrives, never spooled, and must keep a pace. Bodies may not
take all workers. What cannot be told apart safely (two lengths, chunked bodies, folded headers) is refused. Nothing a
visitor wrote reaches a log: one line per request, with the method, the application's name for the path, status, time.
"""

from __future__ import annotations

import contextlib
import io
import ipaddress
import logging
import secrets
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from cheroot.errors import socket_errors_to_ignore
from cheroot.server import HTTPConnection, HTTPRequest, KnownLengthRFile
from cheroot.wsgi import Gateway_10, Server

from sallyport.errors import CannotStart
from sallyport.web_connections import Connections
from sallyport.web_reading import (
    FORWARDED,
    HEAD_SIZE,
    Limits,
    PacedReader,
    StrictHeaders,
    address_of,
    forwarded,
    is_address,
)

__all__ = ["PATH_TEMPLATE", "Limits", "WebServer"]

log = logging.getLogger("sallyport.web")
App = Callable[..., Iterable[bytes]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# An application puts its rule for the path here ("/<language>/"), for the log; a path itself may hold a sender's words.
PATH_TEMPLATE = "sallyport.path_template"
SERVED = (b"GET", b"HEAD", b"POST")
KNOWN = (*SERVED, b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT")
REFUSAL_HEADERS = (
    "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\nPermissions-Policy: interest-cohort=()\r\nConnection: close\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"
)


class _Request(HTTPRequest):
    header_reader = StrictHeaders()
    method = b""
    status: Any  # Bytes here; cheroot's stub says str.
    outheaders: list[tuple[bytes, bytes]]

    def read_request_line(self) -> bool:
        if not super().read_request_line():  # type: ignore[no-untyped-call]  # cheroot's stub has no types
            return False
        if self.method not in SERVED:
            self.simple_response(HTTPStatus.METHOD_NOT_ALLOWED if self.method in KNOWN else HTTPStatus.NOT_IMPLEMENTED)
            return False
        return True

    def read_request_headers(self) -> bool:
        if not super().read_request_headers():  # type: ignore[no-untyped-call]  # cheroot's stub has no types
            return False
        has_length, is_chunked = (name in self.inheaders for name in (b"Content-Length", b"Transfer-Encoding"))
        if (is_chunked and has_length) or (b"Host" not in self.inheaders and self.response_protocol == "HTTP/1.1"):
            return self._refuse(HTTPStatus.BAD_REQUEST)
        # A chunked body has no length to hold it to; RFC 9110 section 15.5.12 lets a server ask for one.
        if is_chunked or (self.method == b"POST" and not has_length):
            return self._refuse(HTTPStatus.LENGTH_REQUIRED)
        return True

    def _refuse(self, status: HTTPStatus) -> bool:
        self.simple_response(status)
        return False

    def respond(self) -> None:
        """Let the application answer, if a worker may be spared for the body."""
        began = time.monotonic()
        length = int(self.inheaders.get(b"Content-Length", b"0"))
        if not self.server.may_serve(self.conn.remote_addr):
            self.simple_response(HTTPStatus.FORBIDDEN)
            return
        if length and not self.server.bodies.acquire(blocking=False):
            self.simple_response(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self.conn.rfile.begin_body()
            self.rfile = KnownLengthRFile(self.conn.rfile, length)
            gateway = _Gateway(self)
            gateway.respond()
            self.ensure_headers_sent()
            if self.chunked_write:
                self.conn.wfile.write(b"0\r\n\r\n")
        finally:
            if length:
                self.server.bodies.release()
        self._note(str(gateway.env.get(PATH_TEMPLATE, "none")), int(self.status[:3]), began)

    def _note(self, template: str, status: int, began: float) -> None:
        milliseconds = (time.monotonic() - began) * 1000
        method_kind = self.method.decode() if self.method in KNOWN else "other"
        log.info("method=%s path=%s status=%d ms=%.0f", method_kind, template, status, milliseconds)

    def simple_response(self, status: str | int, msg: str = "") -> None:  # noqa: ARG002 - cheroot's texts are not ours
        """Answer for the server itself: plain words, no product, and the connection ends."""
        self.close_connection = self.sent_headers = self.conn.is_answered_early = True
        code = HTTPStatus(int(str(int(status) if isinstance(status, int) else status)[:3]))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and b"Content-Length" not in self.inheaders:
            code = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        body = f"{code.value} {code.phrase}\n"
        allow = "Allow: GET, HEAD, POST\r\n" if code == HTTPStatus.METHOD_NOT_ALLOWED else ""
        head = f"HTTP/1.1 {body.strip()}\r\n{allow}{REFUSAL_HEADERS}Content-Length: {len(body)}\r\n\r\n"
        try:
            self.conn.wfile.write((head + ("" if self.method == b"HEAD" else body)).encode("ascii"))
        except OSError as fault:
            if fault.args[0] not in socket_errors_to_ignore:
                raise
        self._note("none", code.value, time.monotonic())

    def send_headers(self) -> None:
        """Send the application's headers, and what the connection needs; no Server header."""
        names, status = {name.lower() for name, _ in self.outheaders}, int(self.status[:3])
        if self.rfile.remaining:  # The rest of a body that nobody wants is not waited for.
            self.close_connection = self.conn.is_answered_early = True
        if b"content-length" not in names and status not in {204, 304}:
            self.chunked_write = self.response_protocol == "HTTP/1.1" and self.method != b"HEAD"
            self.close_connection |= not self.chunked_write
            self.outheaders += [(b"Transfer-Encoding", b"chunked")] * self.chunked_write
        self.close_connection |= not self.server.can_add_keepalive_connection
        if self.close_connection or self.response_protocol != "HTTP/1.1":
            self.outheaders.append((b"Connection", b"close" if self.close_connection else b"Keep-Alive"))
        self.outheaders.append((b"Date", formatdate(usegmt=True).encode()))
        lines = (name + b": " + value + b"\r\n" for name, value in self.outheaders)
        self.conn.wfile.write(b"".join((b"HTTP/1.1 ", self.status, b"\r\n", *lines, b"\r\n")))


class _Connection(HTTPConnection):
    """Counts itself, reads at a pace, and lingers where an answer came before the body's end."""

    RequestHandlerClass = _Request
    is_answered_early = False

    def __init__(self, server: _Server, sock: socket.socket, makefile: Any) -> None:
        super().__init__(server, sock, makefile)
        self.rfile = PacedReader(sock, server.limits)
        server.connections.add(self)

    def close(self) -> None:
        self.server.connections.discard(self)
        if self.is_answered_early and not self.rfile.closed:
            # An error means that the client is gone: there is nobody left to hear the answer.
            with contextlib.suppress(OSError):
                self.rfile.drain()
        super().close()


class _Nowhere(io.TextIOBase):
    """Where an application's `wsgi.errors` goes: it could hold a visitor's words."""

    def write(self, text: str) -> int:
        return len(text)


class _Gateway(Gateway_10):
    """Gives the application its view of the request; what a proxy adds is believed from named proxies only."""

    def get_environ(self) -> Any:  # A dict; cheroot's stub says None.
        env: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]  # cheroot's stub has no types
        server = self.req.server
        env |= {"SERVER_NAME": server.bind_addr[0], "SERVER_SOFTWARE": "", "wsgi.errors": _Nowhere()}
        said = {name: env.pop(f"HTTP_{name}", "") for name in FORWARDED}
        if server.is_proxy(env["REMOTE_ADDR"]):
            return env | forwarded(said, server.is_proxy)
        if said["X_FORWARDED_PROTO"] == "https" and address_of(env["REMOTE_ADDR"]).is_loopback:
            # A TLS proxy on this machine that nobody named: cookies get their Secure. Nothing else of it is believed.
            env["wsgi.url_scheme"] = "https"
        return env


class _Server(Server):
    """Cheroot's server with our connections, and heads that are collected before a worker is taken."""

    def __init__(
        self, app: App, address: tuple[str, int], max_body: int, proxies: tuple[Network, ...], limits: Limits
    ) -> None:
        super().__init__(address, app, numthreads=limits.threads, max=limits.threads, server_name="site")
        self.limits, self._proxies = limits, proxies
        self.timeout, self.request_queue_size = limits.head_seconds, 128
        self.max_request_header_size, self.max_request_body_size = HEAD_SIZE, max_body
        self.keep_alive_conn_limit = limits.connections // 2
        self.connections: set[_Connection] = set()
        self.bodies = threading.BoundedSemaphore(limits.bodies)
        self.ConnectionClass = _Connection

    def prepare(self) -> None:
        """Listen, with our own manager of connections in the place of cheroot's."""
        super().prepare()
        vars(self)["_connections"].close()
        vars(self)["_connections"] = Connections(self)

    def is_proxy(self, peer: str) -> bool:
        """Tell whether an address is one of the named proxies."""
        return is_address(peer) and any(address_of(peer) in network for network in self._proxies)

    def may_serve(self, peer: str) -> bool:
        """Tell whether a peer may speak plain HTTP with us: this machine, and named proxies."""
        return address_of(peer).is_loopback or self.is_proxy(peer)

    def process_conn(self, conn: _Connection) -> None:
        """Give a connection to a worker once its head is there; till then the selector watches it."""
        if conn.last_used is None:
            conn.last_used = time.monotonic()  # From here the selector ends it after `head_seconds`.
        is_ready = conn.rfile.collect() if len(self.connections) <= self.limits.connections else None
        if is_ready:
            super().process_conn(conn)
        elif is_ready is None:
            conn.close()
        else:
            selector: Any = vars(self)["_connections"]._selector  # noqa: SLF001 - cheroot has no public way
            selector.register(conn.socket.fileno(), selectors.EVENT_READ, data=conn)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - cheroot's signature; its texts may hold a request's
        """Log an error's class and an incident id, never its text."""
        if fault := sys.exc_info()[0] if traceback or level >= logging.ERROR else None:
            log.error("incident=%s error=%s", secrets.token_hex(4), fault.__name__)


class WebServer:
    """Serves one WSGI application. `trusted_proxies` are addresses or networks ("10.1.2.0/24")."""

    def __init__(
        self,
        app: App,
        host: str,
        port: int,
        *,
        max_body: int,
        trusted_proxies: Iterable[str] = (),
        limits: Limits | None = None,
    ) -> None:
        proxies = tuple(ipaddress.ip_network(proxy) for proxy in trusted_proxies)
        if not proxies and host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise CannotStart("Plain HTTP beyond this machine is refused: name the TLS proxy in TRUSTED_PROXIES")
        self._server = _Server(app, (host, port), max_body, proxies, limits or Limits())
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Bind and serve in threads of our own; give the port."""
        bound: Future[int] = Future()
        self._thread = threading.Thread(target=self._serve, args=(bound,), name="web", daemon=True)
        self._thread.start()
        return bound.result()

    def _serve(self, bound: Future[int]) -> None:
        # The workers are started from this thread: they are daemons as it is, and hold up no process that ends.
        try:
            self._server.prepare()
        except (OSError, RuntimeError) as fault:  # The latter where no thread can be started.
            bound.set_exception(fault)
            return
        bound.set_result(int(self._server.bind_addr[1]))
        self._server.serve()

    def stop(self, grace: float = 10.0) -> None:
        """Take no more; what is under way has `grace` seconds."""
        self._server.shutdown_timeout = grace
        self._server.stop()
        if self._thread is not None:
            self._thread.join()
