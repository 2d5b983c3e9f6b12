"""What a run tells: lines of JSON for machines, a table in Markdown for people, and how busy the machine was."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.load import HEAVY, PROC
from benchmarks.measuring import Row, Spread

HEAD = "| bench | case | unit | min | median | max | ratio (min .. max) | against | others | disk |"
RULE = "|---|---|---|--:|--:|--:|--:|---|--:|--:|"
LEGEND = (
    "others: the share of all cores that other programs and other guests had meanwhile; from 25 % on it is marked (!), "
    "and the figures are not to be quoted. disk: the share of the time in which some task waited for the disk."
)
LARGE, MIDDLING = 100, 1


def machine() -> dict[str, object]:
    """Give what the figures depend on, and how many processes wanted to run in the last 1, 5 and 15 minutes."""
    return {
        "load": [round(figure, 2) for figure in os.getloadavg()],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
        "pressure": _pressure(),
    }


def _pressure() -> dict[str, str]:
    """Give for how many percent of the last 10, 60, 300 seconds some task waited for a processor, and for the disk."""
    told = {}
    for what in ("cpu", "io"):
        file = PROC / "pressure" / what
        if file.exists():
            told[what] = " ".join(field.partition("=")[2] for field in file.read_text("utf-8").split()[1:4])
    return told


def keep(file: Path, row: Row | Mapping[str, object]) -> None:
    """Add a line to a file, for a row or for the machine: what was measured stays, whatever comes after it."""
    with file.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(asdict(row) if isinstance(row, Row) else dict(row)) + "\n")


def table(rows: Sequence[Row]) -> str:
    """Give the rows as a table in Markdown."""
    return "\n".join((HEAD, RULE, *map(_line, rows), "", LEGEND))


def _line(row: Row) -> str:
    figures = [_short(each) for each in (row.figures.least, row.figures.median, row.figures.most)]
    others = f"{row.others:.0%}{' (!)' if row.others >= HEAVY else ''}"
    cells = (row.bench, row.case, row.unit, *figures, _ratio(row.ratio), row.against, others, f"{row.disk:.0%}")
    return f"| {' | '.join(cells)} |"


def _ratio(ratio: Spread | None) -> str:
    if ratio is None:
        return ""
    return f"**{_short(ratio.median)}** ({_short(ratio.least)} .. {_short(ratio.most)})"


def _short(figure: float) -> str:
    """Give a figure with about three digits.

    >>> [_short(figure) for figure in (2057.3, 12.345, 0.01234)]
    ['2057', '12.35', '0.0123']
    """
    if figure >= LARGE:
        return f"{figure:.0f}"
    return f"{figure:.2f}" if figure >= MIDDLING else f"{figure:.3g}"
