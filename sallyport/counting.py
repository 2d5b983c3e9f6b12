"""What a process counts of its own doing, kept where the role `metrics` finds it: a small file, written anew each time.

Nothing here knows of Prometheus, and nothing below this package knows of counting: it is wrapped around from outside.
Labels are ids of ours. What is not is counted as `other`, so that no sender's word can become a name of a series.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

SECONDS = 5.0
# Seconds from the last byte to the durable commit: a quiet disk takes a few milliseconds, a sender waits ten minutes.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LABEL = re.compile(r"[a-z][a-z0-9-]{0,31}")
OTHER = "other"

Series = tuple[str, tuple[str, ...]]


class Counts:
    """Counts, from many threads. Names and labels stand in a table of those who show them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[Series, float] = {}
        self._spans: dict[Series, list[float]] = {}
        self._gauges: dict[Series, Callable[[], float]] = {}

    def add(self, name: str, *labels: str) -> None:
        """Count one."""
        key = _series(name, labels)
        with self._lock:
            self._sums[key] = self._sums.get(key, 0) + 1

    def observe(self, name: str, seconds: float, *labels: str) -> None:
        """Count one into the bucket of its duration."""
        key = _series(name, labels)
        with self._lock:
            # One place for each bucket, one for what is longer, and the sum.
            span = self._spans.setdefault(key, [0.0] * (len(BUCKETS) + 2))
            span[bisect_left(BUCKETS, seconds)] += 1
            span[-1] += seconds

    def watch(self, name: str, look: Callable[[], float], *labels: str) -> None:
        """Ask for a value each time the counts are told."""
        self._gauges[_series(name, labels)] = look

    def told(self) -> dict[str, Any]:
        """Give everything as plain values."""
        with self._lock:
            sums, spans = dict(self._sums), {key: list(span) for key, span in self._spans.items()}
        gauges = {key: look() for key, look in self._gauges.items()}
        return {kind: _plain(found) for kind, found in (("sums", sums), ("spans", spans), ("gauges", gauges))}


@contextlib.contextmanager
def telling(counts: Counts, folder: Path, name: str) -> Iterator[None]:
    """Write the counts of this process every few seconds, and at its end."""
    stop, file = threading.Event(), folder / f"{name}.json"

    def tell() -> None:
        try:
            _write(file, counts)
        except OSError as fault:
            # Counts are not worth a process: a full disk is told by others.
            log.debug("counts not written: class=%s", type(fault).__name__)

    def keep_telling() -> None:
        while not stop.wait(SECONDS):
            tell()

    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tell()
    threading.Thread(target=keep_telling, name="counts", daemon=True).start()
    try:
        yield
    finally:
        stop.set()
        tell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one process told last."""

    process: str
    age: float
    sums: tuple[tuple[Series, float], ...]
    spans: tuple[tuple[Series, tuple[float, ...]], ...]
    gauges: tuple[tuple[Series, float], ...]


def read_told(folder: Path) -> Iterator[Told]:
    """Read what the processes of this host told; a file that cannot be read is left out."""
    for file in sorted(folder.glob("*.json")):
        try:
            age, body = time.time() - file.stat().st_mtime, json.loads(file.read_bytes())
            yield Told(
                process=file.stem,
                age=max(0.0, age),
                sums=tuple((_key(row), float(row[2])) for row in body["sums"]),
                spans=tuple((_key(row), tuple(map(float, row[2]))) for row in body["spans"]),
                gauges=tuple((_key(row), float(row[2])) for row in body["gauges"]),
            )
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue


def _series(name: str, labels: tuple[str, ...]) -> Series:
    return name, tuple(label if LABEL.fullmatch(label) else OTHER for label in labels)


def _plain(found: dict[Series, Any]) -> list[list[Any]]:
    return [[name, list(labels), value] for (name, labels), value in found.items()]


def _key(row: list[Any]) -> Series:
    return str(row[0]), tuple(map(str, row[1]))


def _write(file: Path, counts: Counts) -> None:
    """Write it whole or not at all; not durable, because a count that a power cut takes is no loss."""
    waiting = file.with_suffix(".new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(json.dumps(counts.told()).encode())
    waiting.replace(file)
