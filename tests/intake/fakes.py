"""A fake of the one door into the record, which fails or waits when told to; a running server, and a rude client."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Self

from intake.mailboxes import Mailboxes
from intake.ports import Acceptor
from intake.smtp import LMTP, Limits, SmtpServer
from records.values import Accepted, Channel, Envelope


@dataclass(slots=True)
class Stored:
    """One submission as it was accepted."""

    channel: Channel
    content: bytes = field(repr=False)
    envelope: Envelope


class FakeAcceptor:
    """Implements `intake.ports.Acceptor`.

    `begin_fault`, `write_fault` and `finish_fault` are raised where their name says; `late_fault` is what the commit's
    future ends with. With `is_waiting` every commit waits for `release`; with `piece_limit` a write gives a future once
    so many octets came since the last one, and `release_writes` resolves those.
    """

    def __init__(self, *, is_waiting: bool = False, piece_limit: int | None = None) -> None:
        self.stored: list[Stored] = []
        self.begin_fault: Exception | None = None
        self.write_fault: Exception | None = None
        self.finish_fault: Exception | None = None
        self.late_fault: Exception | None = None
        self.is_waiting = is_waiting
        self.piece_limit = piece_limit
        self.begun = self.abandoned = self.finished = self.largest_write = self.written = 0
        self.pending_writes: list[Future[None]] = []
        self.arrived = threading.Event()
        self.write_waits = threading.Event()
        self.was_abandoned = threading.Event()
        self._pending: list[Callable[[], None]] = []
        self._references: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def begin(self, channel: Channel) -> FakeUpload:
        """Open an upload."""
        if self.begin_fault is not None:
            raise self.begin_fault
        self.begun += 1
        return FakeUpload(self, channel)

    def release(self) -> None:
        """Let every commit that waits be done."""
        with self._lock:
            pending, self._pending = self._pending, []
        for resolve in pending:
            resolve()

    def release_writes(self) -> None:
        """Let every write that waits be done."""
        pending, self.pending_writes = self.pending_writes, []
        self.write_waits.clear()
        for future in pending:
            future.set_result(None)

    def commit(self, upload: FakeUpload, envelope: Envelope) -> Future[Accepted]:
        """Accept, now or at `release`."""
        future: Future[Accepted] = Future()
        future.set_running_or_notify_cancel()

        def resolve() -> None:
            if self.late_fault is not None:
                future.set_exception(self.late_fault)
            else:
                future.set_result(self._accept(upload, envelope))

        self.finished += 1
        if self.is_waiting:
            with self._lock:
                self._pending.append(resolve)
        else:
            resolve()
        self.arrived.set()
        return future

    def _accept(self, upload: FakeUpload, envelope: Envelope) -> Accepted:
        content = bytes(upload.content)
        digest = envelope.idempotency_key or hashlib.sha256(content).digest()
        with self._lock:
            is_duplicate = digest in self._references
            reference = self._references.setdefault(digest, f"Q-{len(self._references) + 1:06}")
            if not is_duplicate:
                self.stored.append(Stored(upload.channel, content, envelope))
        return Accepted(reference=reference, is_duplicate=is_duplicate)


class FakeUpload:
    """Implements `intake.ports.Upload`."""

    def __init__(self, acceptor: FakeAcceptor, channel: Channel) -> None:
        self._acceptor = acceptor
        self.channel = channel
        self.content = bytearray()
        self._since = 0
        self._is_over = False

    def write(self, data: bytes) -> Future[None] | None:
        """Keep `data`."""
        acceptor = self._acceptor
        if acceptor.write_fault is not None:
            raise acceptor.write_fault
        acceptor.largest_write = max(acceptor.largest_write, len(data))
        acceptor.written += len(data)
        self.content += data
        self._since += len(data)
        if acceptor.piece_limit is None or self._since < acceptor.piece_limit:
            return None
        self._since = 0
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()
        acceptor.pending_writes.append(future)
        acceptor.write_waits.set()
        return future

    def finish(self, envelope: Envelope) -> Future[Accepted]:
        """Commit."""
        self._is_over = True
        if self._acceptor.finish_fault is not None:
            raise self._acceptor.finish_fault
        return self._acceptor.commit(self, envelope)

    def abandon(self) -> None:
        """Forget it; counted once, and not after `finish`."""
        if not self._is_over:
            self._acceptor.abandoned += 1
            self._acceptor.was_abandoned.set()
        self._is_over = True


class RunningServer:
    """A server on an event loop of its own, in a thread: tests speak to it over real sockets."""

    def __init__(self, acceptor: Acceptor, limits: Limits | None = None, **options: Any) -> None:
        self._started = threading.Event()
        self._options = options
        self._acceptor, self._limits = acceptor, limits or Limits()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.loop = asyncio.new_event_loop()
        self.complaints: list[str] = []
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(0)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def stop(self, grace: float) -> None:
        """Stop the server as its owner would."""
        self.begin_stop(grace).result(20)

    def begin_stop(self, grace: float) -> Future[None]:
        """Stop the server, without waiting for it."""
        return asyncio.run_coroutine_threadsafe(self.server.stop(grace), self.loop)

    def client(self, *, greet: bool = True) -> SmtpClient:
        """Connect."""
        client = SmtpClient(self.port)
        if greet:
            client.reply()
            client.say("LHLO client.test" if self._options.get("protocol") is LMTP else "EHLO client.test")
        return client

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        # What asyncio would log of a forgotten fault fails a test instead.
        self.loop.set_exception_handler(lambda _loop, context: self.complaints.append(str(context["message"])))
        mailboxes = Mailboxes.parse("inquiries@example.test, jobs@example.test")
        self.server = SmtpServer(self._acceptor, mailboxes, self._limits, "127.0.0.1", 0, **self._options)
        self.port = self.loop.run_until_complete(self.server.start())
        self._started.set()
        self.loop.run_forever()


class SmtpClient:
    """A client that can misbehave: it sends the bytes it is given, and gives replies whole."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._ahead = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def reply(self) -> str:
        """Give the next reply, all its lines; empty when the server closed."""
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            while b"\r\n" not in self._ahead:
                data = self._receive()
                if not data:
                    return ""
                self._ahead += data
            line, _, self._ahead = self._ahead.partition(b"\r\n")
            lines.append(line.decode("ascii"))
        return "\n".join(lines)

    def say(self, command: str) -> str:
        """Send a command and give its reply."""
        self.send(command.encode("utf-8", "surrogateescape") + b"\r\n")
        return self.reply()

    def begin(self, *recipients: str) -> str:
        """Go as far as DATA's reply."""
        self.say("MAIL FROM:<sender@remote.test>")
        for recipient in recipients or ("inquiries@example.test",):
            self.say(f"RCPT TO:<{recipient}>")
        return self.say("DATA")

    def mail(self, content: bytes, *recipients: str) -> str:
        """Send one message, its dots doubled, and give the last reply."""
        self.begin(*recipients)
        self.send((b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        return self.reply()

    def secure(self) -> None:
        """Begin TLS; the certificate is the test's own and is not checked."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)

    def reset(self) -> None:
        """Break the connection off with RST, so that nothing can be answered."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionError:
            return b""
