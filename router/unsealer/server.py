"""The unsealer's socket: a fixed number of threads, a question each, and nothing of a question in any log."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from router.unsealer.frames import address, receive, send
from router.unsealer.rules import Unsealer

log = logging.getLogger(__name__)
# A question and its answer: the desk waits 20 for it.
SECONDS = 30
# Each may hold a whole inquiry in memory. The desk has 64 threads at most, and those beyond these wait in the queue.
THREADS = 16
WAITING = 64
# The longest question is a page of references; nothing that anybody typed comes this way.
LARGEST_QUESTION = 256 * 1024
REST_SECONDS = 0.2

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class UnsealerServer:
    """Serves an `Unsealer` on a local socket that only its owner and group may use."""

    def __init__(self, unsealer: Unsealer, path: Path, threads: int = THREADS) -> None:
        self._path, self._answer = path, answering(unsealer)
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        with address(path) as name:
            self._listener.bind(name)
        path.chmod(0o660)
        self._listener.listen(WAITING)
        self._made = path.stat().st_ino
        self._is_stopping = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"unsealer-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        """Serve in threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, grace: float = 10.0) -> None:
        """Take no more questions; those under way have `grace` seconds to be answered."""
        self._is_stopping = True
        # On Linux this wakes every thread that waits in accept(2).
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(FileNotFoundError):
            # By now the name may be the next unsealer's: after a kill of the supervisor the old one ends late.
            if self._path.stat().st_ino == self._made:
                self._path.unlink()
        until = time.monotonic() + grace
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        self._listener.close()

    def _serve(self) -> None:
        while not self._is_stopping:
            try:
                connection, _ = self._listener.accept()
            except OSError as fault:
                if not self._is_stopping:
                    # No descriptor is to be had: the one who asks waits in the queue, and this thread does not spin.
                    log.warning("a question was not taken: class=%s", type(fault).__name__)
                    time.sleep(REST_SECONDS)
                continue
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        """Answer one question."""
        try:
            question = receive(connection, LARGEST_QUESTION, SECONDS)
            if question is not None:
                answer = self._answered(question)
                connection.settimeout(SECONDS)
                send(connection, answer)
        except OSError as fault:
            log.info("a question was not answered: class=%s", type(fault).__name__)

    def _answered(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self._answer(question)
        except Exception as fault:  # noqa: BLE001 - the process's edge: no fault may take the unsealer or tell a word
            log.warning("a question failed: class=%s", type(fault).__name__)
            return {"refused": "failed"}


def answering(unsealer: Unsealer) -> Answer:
    """Give the one function from question to answer."""
    asks: Mapping[str, Answer] = {
        "previews": unsealer.previews,
        "open": unsealer.open,
        "original": unsealer.original,
        "move": unsealer.move,
    }

    def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
        ask = asks.get(str(question.get("ask")))
        return {"refused": "unknown"} if ask is None else ask(question)

    return answer
