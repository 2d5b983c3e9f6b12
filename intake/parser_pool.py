"""Children that parse, kept ready, limited from outside, and replaced when one dies, dawdles or has worked enough."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import resource
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.errors import IntakeError, OurFault
from intake.mime.budget import Budget
from intake.submission import Submission, from_plain, held

MEBIBYTE = 1 << 20
NOT_STARTED = "parser-not-started"
# Holds after which the child has ended itself.
ENDED = frozenset({"too-much-memory"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may take; the kernel and the parent hold it, not the child."""

    # Address space. The largest mail (35 MB), its decoded text and its JSON stay within half of this.
    memory: int = 1024 * MEBIBYTE
    # Wall time for one submission; the slowest of the real mails at hand takes well under one second.
    seconds: float = 20.0
    # And for each MiB of it: 0.1 to 0.3 seconds of work, on a machine that does ten other things.
    seconds_per_mebibyte: float = 2.0
    # Three pipes, and modules that are imported late.
    files: int = 16
    # One answer. Honest ones are smaller: the budget's three million code points take at most six octets each in JSON.
    output: int = 32 * MEBIBYTE
    # Submissions until a child is replaced, so that nothing it gathered grows for ever.
    messages: int = 500


class _ChildFailed(IntakeError):
    """No answer came; `reason` is a hold reason."""


class _Child:
    """One process, its pipes, and what it has done so far."""

    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limits = limits
        self.parsed = 0
        self.busy_seconds = 0.0
        package = Path(__file__).resolve().parent
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(package / "parser_child.py"), str(package.parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
            bufsize=0,
            # A terminal's interrupt is for the parent: a child that heard it would make its message look unreadable.
            start_new_session=True,
        )
        self._confine()
        assert self._process.stdin is not None  # noqa: S101 - both are pipes by the call above
        assert self._process.stdout is not None  # noqa: S101 - as above
        self._sink, self._source = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._sink, False)
        os.set_blocking(self._source, False)
        try:
            self.exchange(json.dumps(budget.to_plain()).encode())
        except _ChildFailed:
            self.end()
            raise

    def _confine(self) -> None:
        """Set the kernel's limits on the child from here, hard ones, so that it cannot lift them."""
        # The time of a whole life: the parent replaces a child before it comes near it (see `is_worn`).
        life = int(self._limits.seconds * 60) + 1
        for kind, most in (
            (resource.RLIMIT_AS, self._limits.memory),
            (resource.RLIMIT_NOFILE, self._limits.files),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CPU, life),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NPROC, 0),
        ):
            # A child that died at once is noticed by the first exchange.
            with contextlib.suppress(ProcessLookupError):
                _, hard = resource.prlimit(self._process.pid, kind)
                # A limit that is tighter already stays: only a privileged parent could widen it.
                ceiling = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.prlimit(self._process.pid, kind, (ceiling, ceiling))
        # Where memory runs out all the same, the kernel ends a child and not its parent (proc(5), oom_score_adj).
        with contextlib.suppress(OSError):
            Path(f"/proc/{self._process.pid}/oom_score_adj").write_text("1000", "ascii")

    @property
    def is_worn(self) -> bool:
        """Tell whether it has worked enough."""
        return self.parsed >= self._limits.messages or self.busy_seconds > self._limits.seconds * 15

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exchange(self, payload: bytes) -> bytes:
        """Send one frame and wait for the answer; raises `_ChildFailed`."""
        began = time.monotonic()
        deadline = began + self._limits.seconds + self._limits.seconds_per_mebibyte * len(payload) / MEBIBYTE
        try:
            self._send(memoryview(len(payload).to_bytes(4, "big")), deadline)
            self._send(memoryview(payload), deadline)
            size = int.from_bytes(self._receive(4, deadline), "big")
            if size > self._limits.output:
                raise _ChildFailed("too-large-decoded")
            return self._receive(size, deadline)
        except OSError as fault:
            raise _ChildFailed("parser-died") from fault
        finally:
            self.busy_seconds += time.monotonic() - began

    def _send(self, payload: memoryview, deadline: float) -> None:
        while payload:
            self._wait(self._sink, select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                payload = payload[os.write(self._sink, payload[:MEBIBYTE]) :]

    def _receive(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while size:
            self._wait(self._source, select.POLLIN, deadline)
            with contextlib.suppress(BlockingIOError):
                piece = os.read(self._source, min(size, MEBIBYTE))
                if not piece:
                    raise _ChildFailed("parser-died")
                pieces.append(piece)
                size -= len(piece)
        return b"".join(pieces)

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        waiter = select.poll()
        waiter.register(descriptor, event)
        if left <= 0 or not waiter.poll(left * 1000):
            raise _ChildFailed("too-slow")

    def end(self) -> None:
        """Kill and reap it; it holds nothing that could be lost."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # A pipe whose other end is gone may say so once more.
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class ParserPool:
    """Up to `size` children. `parse` may be called from any thread, and never raises for what the bytes are."""

    def __init__(self, size: int = 1, limits: Limits | None = None, budget: Budget | None = None) -> None:
        self._limits = limits or Limits()
        self._budget = budget or Budget()
        # A place for each child; None where none has been started yet.
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._size = size
        self._is_closed = False
        for _ in range(size):
            self._places.put(None)

    def parse(self, raw: bytes, *, may_be_form: bool = True) -> Submission:
        """Parse one submission. Waits for a free child.

        A mail can begin with the block of our own web form as well: who knows that the bytes came by mail says
        `may_be_form=False`, and the block is read as what it is then, an odd header.
        """
        place = self._places.get()
        if self._is_closed:
            self._places.put(place)
            raise OurFault("parser-closed")
        child, submission = None, held("parser-died")
        try:
            child, submission = self._parsed(place, (b"F" if may_be_form else b"M") + raw)
        finally:
            # The place goes back whatever happened; without a child, the next submission starts a fresh one.
            self._places.put(child)
        return submission

    def _parsed(self, child: _Child | None, frame: bytes) -> tuple[_Child | None, Submission]:
        """Give the answer, and the child when it can go on working."""
        try:
            child = child or _Child(self._limits, self._budget)
        except (_ChildFailed, OSError):
            # No process, memory or descriptor is to be had at present: no fault of this message.
            return None, held(NOT_STARTED)
        try:
            submission = from_plain(json.loads(child.exchange(frame)))
        except (_ChildFailed, ValueError, RecursionError) as failure:
            child.end()
            # What is no answer of ours comes from a child that is no longer ours.
            return None, held(failure.reason if isinstance(failure, _ChildFailed) else "parser-died")
        child.parsed += 1
        if child.is_worn or submission.hold in ENDED:
            child.end()
            return None, submission
        return child, submission

    def close(self) -> None:
        """End all children. Waits for those at work; whoever asks later hears `OurFault`."""
        self._is_closed = True
        places = [self._places.get() for _ in range(self._size)]
        for child in places:
            if child is not None:
                child.end()
            self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
