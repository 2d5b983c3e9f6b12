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

from benchmarks import load
from benchmarks.house import BenchFault, House, hand_in
from benchmarks.letters import varied_mails
from benchmarks.mail import HOST, MAILBOX, SENDER, sized_mail
from benchmarks.measuring import Case, Figures, Row, Spread, interleaved, watched
from benchmarks.scale import KIBIBYTE, Scale
from records.waking import IDLE_SECONDS

BENCH = "way to routed"
LOOK_SECONDS = 0.1  # Between two looks at a backlog: a look costs the worker nothing that shows.
CLOSE_LOOK_SECONDS = 0.005
LONGEST_SECONDS = 900.0
ON_THE_WAY = "SELECT count(*) FROM inquiry WHERE state IN ('received', 'admitted')"
ROUTED = "SELECT count(*) FROM inquiry WHERE state = 'routed'"
JOBS = "SELECT count(*) FROM job"
# Asks the record for a number.
Ask = Callable[[str], int]


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
        with contextlib.ExitStack() as stack, asking(house) as ask:
            # The first worker begins while the next one starts: the time runs from when all of them are ready.
            processes = [stack.enter_context(house.role("worker", f"worker-{each}")) for each in range(workers)]
            began, left, before = time.perf_counter(), ask(ON_THE_WAY), sum(each.busy_seconds() for each in processes)
            until(lambda: ask(ON_THE_WAY) == 0, LOOK_SECONDS)
            seconds = time.perf_counter() - began
            routed = ask(ROUTED)
            until(lambda: ask(JOBS) == 0, LOOK_SECONDS)
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


def drain(folder: Path, scale: Scale) -> Iterator[Row]:
    """Messages a minute in the first and in the last quarter of a long backlog, with all workers."""
    house, count, before = House(folder / "drain"), scale.drained, load.now()
    with house.door() as door:
        wait([hand_in(door, mail) for mail in varied_mails(count)])
    quarters: list[float] = []
    with contextlib.ExitStack() as stack:
        ask = stack.enter_context(asking(house))
        for each in range(scale.workers[-1]):
            stack.enter_context(house.role("worker", f"worker-{each}"))
        left, began = ask(ON_THE_WAY), time.perf_counter()
        for quarter in range(3, -1, -1):
            goal, at_first = left * quarter // 4, ask(ON_THE_WAY)
            until(lambda: ask(ON_THE_WAY) <= goal, CLOSE_LOOK_SECONDS)  # noqa: B023 - asked within this round only
            seconds, began = time.perf_counter() - began, time.perf_counter()
            quarters.append(60 * (at_first - ask(ON_THE_WAY)) / max(seconds, 1e-9))
    title, unit = f"backlog of {count} drained, {_title(scale.workers[-1])}", "messages/min"
    first = Spread.of(quarters[:1])
    yield watched(Row(bench=title, case="first quarter", unit=unit, figures=first, count=1), before)
    ratio = Spread.of([quarters[-1] / quarters[0]]) if quarters[0] else None
    last = Row(
        bench=title,
        case="last quarter",
        unit=unit,
        figures=Spread.of(quarters[-1:]),
        count=1,
        against="first quarter" if ratio else "",
        ratio=ratio,
    )
    yield watched(last, before)


def single(folder: Path, scale: Scale) -> Iterator[Row]:
    """Milliseconds from the 250 until a mail is routed, when nothing else is to be done."""
    house, found, chance = House(folder / "single"), [], random.Random(1)  # noqa: S311 - a pause, no secret
    before = load.now()
    with house.role("worker"), house.role("smtp") as gateway, asking(house) as ask:
        for number in range(scale.single_mails + 1):
            # At no particular moment of the worker's rest between two looks at its jobs.
            time.sleep(chance.uniform(0, 2 * IDLE_SECONDS))
            with smtplib.SMTP(HOST, gateway.port, local_hostname="mail.example.net") as connection:
                connection.sendmail(SENDER, [MAILBOX], sized_mail(4 * KIBIBYTE, number))
                began = time.perf_counter()
            until(lambda: ask(ROUTED) > number, CLOSE_LOOK_SECONDS)  # noqa: B023 - asked within this round only
            found.append(1000 * (time.perf_counter() - began))
            # Its acknowledgement belongs to it: the next one is sent when nothing is left to do.
            until(lambda: ask(JOBS) == 0, CLOSE_LOOK_SECONDS)
    # The first one also starts the parser's child; it is left out.
    figures = found[1:]
    row = Row(bench=BENCH, case="one mail, idle worker", unit="ms", figures=Spread.of(figures), count=len(figures))
    yield watched(row, before)


@contextlib.contextmanager
def asking(house: House) -> Iterator[Ask]:
    """Give a way to ask the record for a number, without a lock that anybody would wait for."""
    database = house.folder / "data" / "sallyport.db"
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        yield lambda question: int(connection.execute(question).fetchone()[0])


def until(is_done: Callable[[], bool], rest: float) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not is_done():
        if time.monotonic() > end:
            raise BenchFault("the worker did not come to an end")
        time.sleep(rest)
