"""`python -m benchmarks [--quick] [BENCH ...]`: measure, print a table, and keep the rows as lines of JSON."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import accepting, growing, history, memory, routing, scanning, sealing
from benchmarks.house import workplace
from benchmarks.measuring import Row
from benchmarks.report import keep, machine, table
from benchmarks.scale import FULL, QUICK, Scale

Bench = Callable[[Path, Scale], Iterator[Row]]
BENCHES: Mapping[str, Bench] = {
    "accept": accepting.over_smtp,
    "postgresql": accepting.on_postgresql,
    "groups": accepting.in_groups,
    "backlog": routing.backlog,
    "drain": routing.drain,
    "single": routing.single,
    "memory": memory.peaks,
    "redaction": scanning.rates,
    "redaction-growth": scanning.growth,
    "wraps": sealing.wraps,
    "chunks": sealing.chunks,
    "history": history.history,
    "million": history.million,
    "waiting": growing.waiting,
}
# Only when named: what takes longer than all the others together.
SELDOM = ("million",)
FOLDER = Path("var") / "bench"


def measure(names: Sequence[str], scale: Scale, folder: Path) -> Iterator[Row]:
    """Run benches one after the other, each in a folder of its own."""
    for name in names:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        with workplace(folder) as place:
            yield from BENCHES[name](place, scale)


def main() -> None:
    """Read the arguments, measure, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    ordinary = [name for name in BENCHES if name not in SELDOM]
    which = f"what to measure: {', '.join(BENCHES)}; default: all but {', '.join(SELDOM)}"
    parser.add_argument("bench", nargs="*", help=which)
    parser.add_argument("--quick", action="store_true", help="smaller amounts: a look, no figures to quote")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to work and to keep the rows")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.bench) - BENCHES.keys()):
        parser.error(f"there is no bench {', '.join(unknown)}")
    # Told to end, it unwinds as it does at Ctrl-C, and ends what it started.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    asked.folder.mkdir(parents=True, exist_ok=True)
    file, rows, before = asked.folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl", [], machine()
    keep(file, {"before": before})
    for row in measure(asked.bench or ordinary, QUICK if asked.quick else FULL, asked.folder):
        keep(file, row)
        rows.append(row)
    after = machine()
    keep(file, {"after": after})
    print(f"Before: {before}\nAfter: {after}\n\n{table(rows)}\n\nRows: {file}")


if __name__ == "__main__":
    main()
