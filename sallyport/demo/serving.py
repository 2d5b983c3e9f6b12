"""The program under demonstration: started as anybody starts it, and ended whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from sallyport.errors import CannotStart

READY_SECONDS = 90.0  # The supervisor itself gives up after 60.
STOP_SECONDS = 40.0  # Each role has 20 seconds to finish what is under way.
ENDING = (signal.SIGTERM, signal.SIGHUP)
SESSION_FIELD = 3  # Of /proc/N/stat, counted after the name in parentheses: state, parent, group, session (proc(5)).


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The program at work: its ports by role, the process ids by name, and the session all of its processes are in."""

    ports: Mapping[str, int]
    pids: Mapping[str, int]
    session: int

    def processes(self) -> tuple[int, ...]:
        """Give the ids of all its processes, the parser's too; none where the system does not tell."""
        return tuple(int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _session_of(folder) == self.session)


@contextlib.contextmanager
def serving(environment: Mapping[str, str], log_file: Path) -> Iterator[Serving]:
    """Run `sallyport serve` until the block ends; what it logs goes to a file."""
    with _endings_unwind(), log_file.open("ab") as told:
        # A session of its own: Ctrl-C reaches us alone, and we end it in good order.
        started = subprocess.Popen(
            [sys.executable, "-m", "sallyport", "serve"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            start_new_session=True,
        )
        try:
            ready = _ready(started, log_file)
            yield Serving(ports=ready["ports"], pids=ready["pids"], session=started.pid)
        finally:
            _end(started)


def _ready(started: subprocess.Popen[bytes], log_file: Path) -> dict[str, dict[str, int]]:
    """Wait for the line that says it serves."""
    output = started.stdout
    if output is None:
        raise CannotStart("nothing can be heard of the program")
    end, line = time.monotonic() + READY_SECONDS, b""
    while not line.endswith(b"\n"):
        heard, _, _ = select.select([output], [], [], max(0.0, end - time.monotonic()))
        piece = os.read(output.fileno(), 65536) if heard else b""
        if not piece:
            raise CannotStart(f"the program did not get ready; the last lines of {log_file} say why")
        line += piece
    ready: dict[str, dict[str, int]] = json.loads(line.splitlines()[0])
    return ready


def _end(started: subprocess.Popen[bytes]) -> None:
    """Ask it to stop; what does not is killed, all of its session."""
    try:
        started.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(STOP_SECONDS)
    finally:
        # Also when somebody presses Ctrl-C again. Its roles are in its group; after a good end nobody is left there.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        if started.stdout is not None:
            started.stdout.close()


@contextlib.contextmanager
def _endings_unwind() -> Iterator[None]:
    """Let the signals that end a program unwind it, as Ctrl-C does, so that it ends what it started."""

    def told(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, told) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _session_of(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[SESSION_FIELD])
    except (OSError, ValueError, IndexError):
        return -1
