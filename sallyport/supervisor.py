"""`sallyport serve`: starts the roles as processes of their own, starts again what ends, and stops all of them.

Each role is executed anew (never forked from a process that knows keys) and is handed its own keys through a pipe. The
pipe stays open: when the supervisor ends, however it ends, the roles see it close, and end too.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from records.errors import RecordsError
from records.keyring import Bundle
from sallyport.errors import CannotStart
from sallyport.keys import hand_over
from sallyport.settings import Settings, as_environment

log = logging.getLogger(__name__)

WRONG_SETTINGS = 2  # A role's exit status when starting it again would not help.
ADDRESS_TAKEN = 3  # A role's exit status when it could not listen: after a kill the old roles may still be ending.
MOST_TAKEN = 6  # So often it is tried; the rests between add up to about six seconds.
START_SECONDS = 60
STOP_SECONDS = 20
QUICK = 10.0  # A role that ended within this time of its start waits before the next one.
LONGEST_REST = 5.0
# Those who take in stop first, then those who work, then those who show.
STOP_ORDER = ("smtp", "lmtp", "site", "worker", "desk", "unsealer", "metrics")


@dataclass(slots=True)
class Child:
    """One role's process, and what is known of it."""

    role: str
    name: str
    command: Sequence[str]
    keys: Callable[[], Bundle] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    port: int | None = None
    control: int = -1
    ready: int = -1
    started: float = 0.0
    rest: float = 0.0
    due: float = 0.0
    is_ready: bool = False
    taken: int = 0
    is_wrong: bool = False
    # SIGHUP came, and this role has not been told yet.
    is_to_reload: bool = False


class Supervisor:
    """Keeps the roles running until told to stop."""

    def __init__(self, settings: Settings, children: Sequence[Child]) -> None:
        self._settings, self._children = settings, list(children)
        self._is_stopping = self._is_told_to_reload = False

    def run(self, say: Callable[[str], None]) -> None:
        """Start all, say once that they are ready (one JSON line), and keep them so."""
        with only_one(self._settings.data):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._told)
            # From a terminal that closes it means the end, as for any program; from a service manager: read again.
            signal.signal(signal.SIGHUP, self._told if os.isatty(0) else self._told_to_reload)
            try:
                for child in self._children:
                    self._start(child)
                self._await_ready()
                if not self._is_stopping:
                    say(self._ready_line())
                while not self._is_stopping:
                    self._look()
            finally:
                self._stop_all()

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _told_to_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._is_told_to_reload = True

    def _pass_on(self) -> None:
        """Tell the roles to read their files again; one that is starting is told once it is ready."""
        if self._is_told_to_reload:
            self._is_told_to_reload = False
            for child in self._children:
                child.is_to_reload = True
            log.info("roles are told to reload")
        for child in self._children:
            if child.is_to_reload and child.is_ready and child.process is not None:
                child.is_to_reload = False
                child.process.send_signal(signal.SIGHUP)

    def _start(self, child: Child) -> None:
        control_theirs, control_ours = os.pipe()
        ready_ours, ready_theirs = os.pipe()
        command = [*child.command, "--keys-fd", str(control_theirs), "--ready-fd", str(ready_theirs)]
        if child.port is not None:
            command += ["--port", str(child.port)]
        child.process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
            command,
            pass_fds=(control_theirs, ready_theirs),
            env=as_environment(os.environ),
            stdin=subprocess.DEVNULL,
        )
        os.close(control_theirs)
        os.close(ready_theirs)
        child.control, child.ready, child.is_ready = control_ours, ready_ours, False
        child.started = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # It ended already; the next look sees that.
            hand_over(control_ours, child.keys())

    def _await_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self._is_stopping and not all(child.is_ready for child in self._children):
            if time.monotonic() > end:
                raise CannotStart("a role did not get ready in time; the lines above say which and why")
            for child in self._children:
                if child.is_wrong or child.taken >= MOST_TAKEN:
                    raise CannotStart(f"{child.name} cannot start; the lines above say why")
            self._look()

    def _look(self) -> None:
        """Read what roles say, and start again those that ended; rests a moment when there is nothing."""
        self._pass_on()
        waiting = [child.ready for child in self._children if child.ready >= 0]
        readable, _, _ = select.select(waiting, [], [], 0.1)
        for child in self._children:
            if child.ready in readable:
                self._hear(child)
            if child.process is not None and child.process.poll() is not None:
                self._ended(child)
            if child.process is None and time.monotonic() >= child.due and not self._is_stopping:
                self._start_again(child)

    def _start_again(self, child: Child) -> None:
        """Start a role again; when that cannot be done now, the others go on and it is tried again."""
        try:
            self._start(child)
        except (RecordsError, OSError) as fault:
            log.error("role not started: name=%s class=%s", child.name, type(fault).__name__)  # noqa: TRY400 - no trace
            if child.process is not None:
                child.process.kill()
                child.process.wait()
                child.process = None
            self._close_pipes(child)
            child.due = time.monotonic() + LONGEST_REST

    def _hear(self, child: Child) -> None:
        line = os.read(child.ready, 4096)
        if not line:
            os.close(child.ready)
            child.ready = -1
            return
        child.port = json.loads(line.splitlines()[0])["port"]
        child.is_ready = True

    def _ended(self, child: Child) -> None:
        if child.process is None:
            return
        log.warning("role ended: name=%s status=%s", child.name, child.process.returncode)
        child.taken += child.process.returncode == ADDRESS_TAKEN
        child.is_wrong = child.process.returncode == WRONG_SETTINGS
        lived = time.monotonic() - child.started
        child.rest = min(LONGEST_REST, max(0.2, child.rest * 2)) if lived < QUICK else 0.0
        child.due = time.monotonic() + child.rest
        child.process = None
        self._close_pipes(child)

    def _close_pipes(self, child: Child) -> None:
        for descriptor in (child.control, child.ready):
            if descriptor >= 0:
                os.close(descriptor)
        child.control = child.ready = -1

    def _ready_line(self) -> str:
        ports = {child.role: child.port for child in self._children if child.port is not None}
        pids = {child.name: child.process.pid for child in self._children if child.process is not None}
        return json.dumps({"ready": True, "ports": ports, "pids": pids})

    def _stop_all(self) -> None:
        for role in STOP_ORDER:
            group = [child for child in self._children if child.role == role and child.process is not None]
            for child in group:
                if child.process is not None:
                    child.process.terminate()
            for child in group:
                self._await_end(child)

    def _await_end(self, child: Child) -> None:
        if child.process is None:
            return
        try:
            child.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("role did not stop in time: name=%s", child.name)
            child.process.kill()
            child.process.wait()
        self._close_pipes(child)


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder's lock; a second supervisor on the same folder is refused."""
    run = data / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise CannotStart("another Sallyport serves this data folder already") from None
    try:
        yield
    finally:
        os.close(descriptor)


def role_command(role: str, *more: str) -> list[str]:
    """Give the command that runs a role of this program in a process of its own."""
    return [sys.executable, "-m", "sallyport", role, *more]
