"""Whole numbers in a database: SQLite keeps them in two's complement, where no search for digits finds them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"SQLite format 3\0"  # The first sixteen octets (SQLite's file format, section 1.3).
BUSY_SECONDS = 5.0


def whole_numbers(path: Path) -> Iterator[bytes]:
    """Give the whole numbers of each table, in digits; nothing for a file that is no database or cannot be read."""
    with path.open("rb") as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            return
    # What cannot be read as a database is searched as bytes all the same.
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        ) as it,
    ):
        for (table,) in it.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            name = table.replace('"', '""')
            rows = it.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name cannot be a parameter; it is quoted
            yield b"".join(b"%d\0" % cell for row in rows for cell in row if isinstance(cell, int))
