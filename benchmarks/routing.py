"""The way to routed: a backlog with one worker and with two, and one mail at a time with an idle worker."""

from __future__ import annotations

import contextlib
import itertools
import random
import smtplib
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path

from benchmarks.house import BenchFault, House, hand_in
from benchmarks.letters import varied_mails
from benchmarks.mail import HOST, MAILBOX, SENDER, sized_mail
from benchmarks.measuring import Case, Figures, Row, Spread, interleaved
from benchmarks.scale import KIBIBYTE, Scale
from records.jobs import IDLE_SECONDS

BENCH = "way to routed"
LOOK_SECONDS = 0.1  # Between two looks at a backlog: a look costs the worker nothing that shows.
CLOSE_LOOK_SECONDS = 0.005
LONGEST_SECONDS = 900.0
ON_THE_WAY = "SELECT count(*) FROM inquiry WHERE state IN ('received', 'admitted')"
ROUTED = "SELECT count(*) FROM inquiry WHERE state = 'routed'"
JOBS = "SELECT count(*) FROM job"


def backlog(folder: Path, scale: Scale) -> Iterator[Row]:
    """Messages a minute from a prepared backlog, until all are routed or held."""
    prepared = House(folder / "backlog")
    with prepared.door() as door:
        wait([hand_in(door, mail) for mail in varied_mails(scale.backlog)])
    copies = itertools.count()
    cases = {_title(workers): _emptying(prepared, workers, copies, scale.backlog) for workers in scale.workers}
    yield from interleaved(f"{BENCH}, backlog of {scale.backlog}", cases, scale.repetitions, against=_title(1))


def _title(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _emptying(prepared: House, workers: int, copies: Iterator[int], count: int) -> Case:
    def empty() -> Figures:
        house = prepared.copied_to(prepared.folder.parent / f"backlog-{next(copies)}")
        with contextlib.ExitStack() as stack, _asking(house) as ask:
            # The first worker begins while the next one starts: the time runs from when all of them are ready.
            processes = [stack.enter_context(house.role("worker", f"worker-{each}")) for each in range(workers)]
            began, left, before = time.perf_counter(), ask(ON_THE_WAY), sum(each.busy_seconds() for each in processes)
            _until(lambda: ask(ON_THE_WAY) == 0, LOOK_SECONDS)
            seconds = time.perf_counter() - began
            routed = ask(ROUTED)
            _until(lambda: ask(JOBS) == 0, LOOK_SECONDS)
            all_seconds = time.perf_counter() - began
            busy = sum(each.busy_seconds() for each in processes) - before
        if routed * 2 < count:
            raise BenchFault("most of the backlog was not routed")
        return {
            "messages/min": 60 * left / seconds,
            "messages/min, acknowledged as well": 60 * left / all_seconds,
            "worker CPU ms/message, without its parser": 1000 * busy / max(left, 1),
        }

    return empty


def single(folder: Path, scale: Scale) -> Iterator[Row]:
    """Milliseconds from the 250 until a mail is routed, when nothing else is to be done."""
    house, found, chance = House(folder / "single"), [], random.Random(1)  # noqa: S311 - a pause, no secret
    with house.role("worker"), house.role("smtp") as gateway, _asking(house) as ask:
        for number in range(scale.single_mails + 1):
            # At no particular moment of the worker's rest between two looks at its jobs.
            time.sleep(chance.uniform(0, 2 * IDLE_SECONDS))
            with smtplib.SMTP(HOST, gateway.port, local_hostname="mail.example.net") as connection:
                connection.sendmail(SENDER, [MAILBOX], sized_mail(4 * KIBIBYTE, number))
                began = time.perf_counter()
            _until(lambda: ask(ROUTED) > number, CLOSE_LOOK_SECONDS)  # noqa: B023 - asked within this round only
            found.append(1000 * (time.perf_counter() - began))
            # Its acknowledgement belongs to it: the next one is sent when nothing is left to do.
            _until(lambda: ask(JOBS) == 0, CLOSE_LOOK_SECONDS)
    # The first one also starts the parser's child; it is left out.
    figures = found[1:]
    yield Row(bench=BENCH, case="one mail, idle worker", unit="ms", figures=Spread.of(figures), count=len(figures))


@contextlib.contextmanager
def _asking(house: House) -> Iterator[Callable[[str], int]]:
    """Give a way to ask the record for a number, without a lock that anybody would wait for."""
    database = house.folder / "data" / "sallyport.db"
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        yield lambda question: int(connection.execute(question).fetchone()[0])


def _until(is_done: Callable[[], bool], rest: float) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not is_done():
        if time.monotonic() > end:
            raise BenchFault("the worker did not come to an end")
        time.sleep(rest)
