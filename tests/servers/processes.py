"""The processes of a running program, found by parentage and never by name alone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

GONE_STATES = "ZX"
START_SECONDS = 20.0


def parent_of(pid: int) -> int:
    """Give a process's parent."""
    return int(_status(pid)[1])


def children_of(pid: int) -> Iterator[int]:
    """Give the living children of a process."""
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            state, parent = _status(int(place.name))[:2] if place.name.isdecimal() else ("", "")
            if parent == str(pid) and state not in GONE_STATES:
                yield int(place.name)


def descendants_of(pid: int) -> Iterator[int]:
    """Give the living children of a process, and theirs."""
    for child in children_of(pid):
        yield child
        yield from descendants_of(child)


def role_of(sibling: int, role: str) -> int:
    """Give the process that runs a role, beside a sibling that was never killed; waits until one is started again."""
    supervisor, end = parent_of(sibling), time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        for pid in children_of(supervisor):
            with contextlib.suppress(OSError):
                if role in Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0"):
                    return pid
        time.sleep(0.05)
    raise AssertionError(f"nobody started {role} again")


def _status(pid: int) -> list[str]:
    # The second field is the program's name in parentheses, and may hold spaces and parentheses of its own.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
