"""History: what a message costs when very many others went all the way before it. On SQLite.

The history is copies of one inquiry that the program itself took all the way: the same rows, blobs, wraps and sizes,
with ids of their own, arrived over the last 90 days. SQL writes it, a million in a few minutes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.accepting import RATE_SIZE, accept_in_groups
from benchmarks.house import House, envelope, hand_in
from benchmarks.letters import varied_mails
from benchmarks.mail import sized_mail
from benchmarks.measuring import Case, Figures, Row, interleaved
from benchmarks.routing import JOBS, LOOK_SECONDS, ON_THE_WAY, Ask, asking, until
from benchmarks.scale import Scale
from intake.accept import Accept

GROUP = 16
HISTORY_MILLISECONDS = 90 * 24 * 3600 * 1000
# The arrival of copy `n`: spread over the last 90 days; ids begin with the moment they were made.
EARLIER = "(:count + 1 - n) * :gap * 1000"
ID = "printf('%012x%020x', :now - (:count + 1 - n) * :gap, 0)"
BLOB_ID = "printf('%012x%020x', :now - (:count + 1 - n) * :gap, 1 + {})"
# What a copy has of its own: everything that is unique, and its times; all else is the model's.
OWN: Mapping[str, Mapping[str, str]] = {
    "submission": {"id": ID, "digest": "randomblob(32)", "received_at": f"received_at - {EARLIER}"},
    "delivery": {"submission_id": ID, "received_at": f"received_at - {EARLIER}"},
    "inquiry": {
        "id": ID,
        "submission_id": ID,
        "reference": "'INQ-' || upper(printf('%09x', n))",
        "received_at": f"received_at - {EARLIER}",
        "changed_at": f"changed_at - {EARLIER}",
        "due_at": f"due_at - {EARLIER}",
    },
    "blob": {"id": BLOB_ID.format("place"), "inquiry_id": ID, "created_at": f"created_at - {EARLIER}"},
    "chunk": {"blob_id": BLOB_ID.format("place")},
    "contact": {"inquiry_id": ID, "digest": "randomblob(32)"},
    "acknowledged": {"digest": "randomblob(32)"},
}
WRAP = {"blob_id": BLOB_ID.format("place"), "made_at": f"made_at - {EARLIER}"}
QUICK_WRITES = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000", "temp_store=MEMORY")


def history(folder: Path, scale: Scale) -> Iterator[Row]:
    """Accept, and take to routed, with few and with many inquiries that went before."""
    yield from _history(folder, scale, scale.routed)


def million(folder: Path, scale: Scale) -> Iterator[Row]:
    """Measure it with a million before. They take some minutes and about 12 GB of disk."""
    yield from _history(folder, scale, (*scale.routed[:-1], 10 * scale.routed[-1]))


def _history(folder: Path, scale: Scale, counts: tuple[int, ...]) -> Iterator[Row]:
    first = _title(counts[0])
    with contextlib.ExitStack() as stack:
        accepts: dict[str, Case] = {}
        ways: dict[str, Case] = {}
        for count in counts:
            house = House(folder / str(count))
            _take_one_all_the_way(house)
            copy_model(house, count)
            door = stack.enter_context(house.door())
            ask = stack.enter_context(asking(house))
            accepts[_title(count)] = _accepting(door, scale.more)
            ways[_title(count)] = _taking(house, door, ask, scale.more)
        # Accepts leave work behind, which the next figure would show; so the ways come first, and empty the house.
        yield from interleaved("history, received to acknowledged", ways, scale.repetitions, against=first)
        yield from interleaved("history, accept", accepts, scale.repetitions, against=first)


def _title(count: int) -> str:
    return f"{count:,} before"


def _take_one_all_the_way(house: House) -> None:
    with house.door() as door:
        for mail in varied_mails(1):
            hand_in(door, mail).result()
    with house.role("worker"), asking(house) as ask:
        until(lambda: ask(ON_THE_WAY) + ask(JOBS) == 0, LOOK_SECONDS)


def _accepting(door: Accept, count: int) -> Case:
    def accept() -> Figures:
        mails = [(sized_mail(RATE_SIZE, number), envelope()) for number in range(count)]
        busy, began = time.process_time(), time.perf_counter()
        accept_in_groups(door, mails, GROUP)
        return {
            "accepts/s": count / (time.perf_counter() - began),
            "CPU ms/accept": 1000 * (time.process_time() - busy) / count,
        }

    return accept


def _taking(house: House, door: Accept, ask: Ask, count: int) -> Case:
    def take() -> Figures:
        mails = list(varied_mails(count))
        # A new worker each time: it is done before its first sweep, whose cost is that of two days and of no message.
        with house.role("worker") as worker:
            busy, began = worker.busy_seconds(), time.perf_counter()
            accept_in_groups(door, mails, GROUP)
            until(lambda: ask(ON_THE_WAY) + ask(JOBS) == 0, LOOK_SECONDS)
            return {
                "messages/min": 60 * count / (time.perf_counter() - began),
                "worker CPU ms/message, without its parser": 1000 * (worker.busy_seconds() - busy) / count,
            }

    return take


def copy_model(house: House, count: int) -> None:
    """Copy the one inquiry that is there, with everything that belongs to it."""
    steps = {"count": count, "now": time.time_ns() // 1_000_000, "gap": HISTORY_MILLISECONDS // count}
    with _writing(house.settings.database_url) as record:
        places = list(record.execute("SELECT id, row_number() OVER (ORDER BY id) FROM blob"))
        _note_places(record, places)
        for table, own in OWN.items():
            _copy(record, table, own, steps, joined=_joined(table))
        record.execute("UPDATE tally SET count = count + ? WHERE count > 0", [count])
    with _writing(house.settings.keys_url) as keys:
        _note_places(keys, places)
        _copy(keys, "wrap", WRAP, steps, joined="JOIN place ON place.model = copied.blob_id")


def _note_places(database: sqlite3.Connection, places: Sequence[tuple[str, int]]) -> None:
    """Note which of an inquiry's blobs each of the model's is: wraps lie in another database."""
    database.execute("CREATE TEMP TABLE place (model TEXT, place INTEGER)")
    database.executemany("INSERT INTO place VALUES (?, ?)", places)


def _joined(table: str) -> str:
    key = {"blob": "id", "chunk": "blob_id"}.get(table)
    return f"JOIN place ON place.model = copied.{key}" if key else ""


def _copy(
    database: sqlite3.Connection, table: str, own: Mapping[str, str], steps: Mapping[str, int], *, joined: str
) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    given = ", ".join(own.get(column, f"copied.{column}") for column in columns)
    # By number first: ids rise, so that a page is written once.
    database.execute(f"CREATE TEMP TABLE model_{table} AS SELECT * FROM main.{table}")  # noqa: S608 - names of ours
    numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :count)"
    database.execute(
        f"INSERT INTO main.{table} {numbers} SELECT {given} FROM number CROSS JOIN model_{table} AS copied {joined}",  # noqa: S608 - names of ours
        steps,
    )


@contextlib.contextmanager
def _writing(url: str) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as database:
        for each in QUICK_WRITES:
            database.execute(f"PRAGMA {each}")
        database.execute("BEGIN")
        yield database
        database.execute("COMMIT")
