"""The unsealer's socket: a thread per question, and nothing of a question in any log."""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from router.unsealer.frames import address, receive, send
from router.unsealer.rules import Unsealer

log = logging.getLogger(__name__)
SECONDS = 30


class UnsealerServer:
    """Serves an `Unsealer` on a local socket that only its owner and group may use."""

    def __init__(self, unsealer: Unsealer, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        with address(path) as name:
            self._server = _Server(name, answering(unsealer))
        path.chmod(0o660)
        self._made = path.stat().st_ino
        self._thread = threading.Thread(target=self._server.serve_forever, name="unsealer", daemon=True)

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more questions; those under way are answered."""
        self._server.shutdown()
        with contextlib.suppress(FileNotFoundError):
            # By now the name may be the next unsealer's: after a kill of the supervisor the old one ends late.
            if self._path.stat().st_ino == self._made:
                self._path.unlink()
        self._server.server_close()


def answering(unsealer: Unsealer) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Give the one function from question to answer."""
    asks: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
        "previews": unsealer.previews,
        "open": unsealer.open,
        "original": unsealer.original,
        "move": unsealer.move,
    }

    def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
        ask = asks.get(str(question.get("ask")))
        return {"refused": "unknown"} if ask is None else ask(question)

    return answer


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name: str, answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        self.answer = answer
        super().__init__(name, _Question)


class _Question(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Answer one question (the name is socketserver's)."""
        connection: socket.socket = self.request
        connection.settimeout(SECONDS)
        try:
            question = receive(connection)
            if question is not None:
                send(connection, self._answer(question))
        except OSError as fault:
            log.info("a question was not answered: class=%s", type(fault).__name__)

    def _answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        server = self.server
        if not isinstance(server, _Server):
            return {"refused": "away"}
        try:
            return server.answer(question)
        except Exception as fault:  # noqa: BLE001 - the process's edge: no fault may take the unsealer or tell a word
            log.warning("a question failed: class=%s", type(fault).__name__)
            return {"refused": "failed"}
