"""Memory: the most that each process holds while mails with a large attachment come in, and are read."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks import load
from benchmarks.accepting import CLIENT_SECONDS
from benchmarks.house import ROOT, BenchFault, House, envelope, hand_in, peak_mebibytes
from benchmarks.mail import mail_with_attachment
from benchmarks.measuring import Row, Spread, watched
from benchmarks.routing import LOOK_SECONDS, ON_THE_WAY, asking, until
from benchmarks.scale import MEBIBYTE, Scale

CLOSE_SECONDS = 0.05
UNIT = "MiB at most"


def peaks(folder: Path, scale: Scale) -> Iterator[Row]:
    """Send large mails over several sessions; have some of them read."""
    title = f"memory, mails of {scale.large_size // MEBIBYTE} MB"
    began = load.now()
    at_rest, busy = _accepting(House(folder / "memory"), scale)
    yield watched(_row(title, "smtp before the first", at_rest), began)
    yield watched(_row(title, f"smtp, {scale.large_mails} on {scale.large_sessions} sessions", busy), began)
    began = load.now()
    worker, parser = _reading(House(folder / "reading"), scale)
    yield watched(_row(title, f"worker, {scale.large_read} of them", worker), began)
    yield watched(_row(title, "a parser's child", parser), began)


def _row(bench: str, case: str, figure: float) -> Row:
    return Row(bench=bench, case=case, unit=UNIT, figures=Spread.of([figure]), count=1)


def _accepting(house: House, scale: Scale) -> tuple[float, float]:
    with house.role("smtp") as gateway:
        at_rest = peak_mebibytes(gateway.pid)
        numbers = (gateway.port, scale.large_sessions, scale.large_mails, scale.large_size)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.mail_client", *map(str, numbers), "--kept", "--attached"],
            cwd=ROOT,
            capture_output=True,
            timeout=CLIENT_SECONDS,
            check=False,
        )
        if done.returncode or json.loads(done.stdout)["accepted"] != scale.large_mails:
            raise BenchFault("not every mail was accepted")
        return at_rest, peak_mebibytes(gateway.pid)


def _reading(house: House, scale: Scale) -> tuple[float, float]:
    with house.door() as door:
        for number in range(scale.large_read):
            hand_in(door, (mail_with_attachment(scale.large_size, number), envelope())).result()
    with house.role("worker") as worker, asking(house) as ask, _watching_children(worker.pid) as children:
        until(lambda: ask(ON_THE_WAY) == 0, LOOK_SECONDS)
        return peak_mebibytes(worker.pid), max(children, default=0.0)


@contextlib.contextmanager
def _watching_children(process: int) -> Iterator[list[float]]:
    """Give the peaks of a process's children, of those that end meanwhile as well, as far as they were seen."""
    found: list[float] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(CLOSE_SECONDS):
            found[:] = [max([*found, *map(peak_mebibytes, load.children_of(process))], default=0.0)]

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield found
    finally:
        stop.set()
        watching.join()
