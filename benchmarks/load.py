"""How much of the machine others had while something was measured. Linux tells it; elsewhere nothing is known.

Figures from a machine that is shared say little by themselves. So each row carries what others took of the processors
meanwhile, and how long tasks waited for a processor or for the disk.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
HEAVY = 0.25  # Of all cores: from here on a row is marked.
TICKS = os.sysconf("SC_CLK_TCK")
# Processes that are ours and not below this one: servers that put themselves into the background.
_adopted: set[int] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Counters since the machine started, in seconds."""

    at: float
    # All cores' time that was not idle, and the part of it that was ours and our children's; other guests' on the host.
    busy: float
    ours: float
    stolen: float
    # For how long some task waited for a processor, and for the disk.
    waited: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """What others had of the machine between two moments, as a share of all cores; and the pressure meanwhile."""

    share: float
    stolen: float
    pressure: Mapping[str, float]


def now() -> Moment:
    """Read the counters."""
    total = _lines(PROC / "stat").get("cpu", "").split()
    user, nice, system, _idle, _waiting, *rest = [int(field) / TICKS for field in total] or [0.0] * 8
    interrupts, stolen = sum(rest[:2]), (rest[2] if rest[2:] else 0.0)
    return Moment(
        at=time.monotonic(),
        busy=user + nice + system + interrupts,
        ours=_ours(),
        stolen=stolen,
        waited={what: _waited(what) for what in ("cpu", "io")},
    )


def between(before: Moment, after: Moment) -> Foreign:
    """Give what was others' between two moments."""
    seconds = max(after.at - before.at, 1e-9)
    cores = seconds * (os.cpu_count() or 1)
    others = (after.busy - before.busy) - (after.ours - before.ours)
    return Foreign(
        share=min(max(others / cores, 0.0), 1.0),
        stolen=(after.stolen - before.stolen) / cores,
        pressure={what: (after.waited[what] - before.waited[what]) / seconds for what in before.waited},
    )


@contextlib.contextmanager
def adopted(process: int) -> Iterator[None]:
    """Count a process and all below it as ours."""
    _adopted.add(process)
    try:
        yield
    finally:
        _adopted.discard(process)


def children_of(process: int) -> tuple[int, ...]:
    """Give the processes that another one has started and that still run."""
    return tuple(child for child, (parent, _) in _processes().items() if parent == process)


def _ours() -> float:
    """Give the processor time of this process and of all below it, of those that ended as well."""
    taken = _processes()
    children: dict[int, list[int]] = {}
    for process, (parent, _) in taken.items():
        children.setdefault(parent, []).append(process)
    total, waiting = 0.0, [os.getpid(), *_adopted]
    while waiting:
        process = waiting.pop()
        total += taken.get(process, (0, 0.0))[1]
        waiting += children.get(process, [])
    return total


def _processes() -> dict[int, tuple[int, float]]:
    """Give each process's parent, and its own and its ended children's time in user and in system mode (proc(5))."""
    taken: dict[int, tuple[int, float]] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        taken[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    return taken


def _waited(what: str) -> float:
    some = _lines(PROC / "pressure" / what).get("some", "")
    return int(some.rpartition("total=")[2]) / 1e6 if "total=" in some else 0.0


def _lines(file: Path) -> dict[str, str]:
    """Give the lines of a file by their first word; nothing where it is not there."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return {}
    return {line.split()[0]: line.partition(" ")[2] for line in lines if line.strip()}
