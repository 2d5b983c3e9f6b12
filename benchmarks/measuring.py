"""Rows of figures, and the one way to get them: all cases of a bench in turn, again and again.

The machines are small and shared, so a figure alone says little. The cases that are compared are measured one right
after the other, in an order that is turned round each time, and their ratio is taken within each repetition.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from benchmarks import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The least, the middle and the most of some figures."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Give the spread of at least one figure."""
        return cls(least=min(figures), median=median(figures), most=max(figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the results."""

    bench: str
    case: str
    unit: str
    figures: Spread
    # How many figures the spread is of.
    count: int
    # The case that this one is compared with, and by how much it is larger; both missing for that case itself.
    against: str = ""
    ratio: Spread | None = None
    # What others took of all cores meanwhile, at most; the share of the time in which some task waited for the disk.
    others: float = 0.0
    disk: float = 0.0


# What one repetition of a case gives: figures by their unit.
Figures = Mapping[str, float]
Case = Callable[[], Figures]


def interleaved(bench: str, cases: Mapping[str, Case], repetitions: int, against: str = "") -> tuple[Row, ...]:
    """Measure all cases `repetitions` times in turn; give a row for each case and unit.

    `against` names the case that the others are compared with.
    """
    found: dict[str, list[Figures]] = {name: [] for name in cases}
    seen: dict[str, list[load.Foreign]] = {name: [] for name in cases}
    for repetition in range(repetitions):
        # Turned round every other time, so that a drift of the machine favours nobody.
        order = list(cases) if repetition % 2 == 0 else list(cases)[::-1]
        for name in order:
            before = load.now()
            found[name].append(cases[name]())
            seen[name].append(load.between(before, load.now()))
    return tuple(
        _under(_row(bench, name, unit, found, against if name != against else ""), seen[name])
        for name in cases
        for unit in found[name][0]
    )


def watched(row: Row, before: load.Moment) -> Row:
    """Give a row with what others had of the machine since a moment."""
    return _under(row, [load.between(before, load.now())])


def _under(row: Row, seen: Sequence[load.Foreign]) -> Row:
    others = max(each.share + each.stolen for each in seen)
    return replace(row, others=others, disk=max(each.pressure.get("io", 0.0) for each in seen))


def _row(bench: str, name: str, unit: str, found: Mapping[str, Sequence[Figures]], against: str) -> Row:
    figures = [each[unit] for each in found[name]]
    others = [each.get(unit, 0.0) for each in found[against]] if against else []
    ratios = [mine / other for mine, other in zip(figures, others, strict=True) if other] if others else []
    return Row(
        bench=bench,
        case=name,
        unit=unit,
        figures=Spread.of(figures),
        count=len(figures),
        against=against if ratios else "",
        ratio=Spread.of(ratios) if ratios else None,
    )


def seconds_of(work: Callable[[], object]) -> float:
    """Give the seconds that some work takes; never 0, so that a rate can be made of it."""
    began = time.perf_counter()
    work()
    return max(time.perf_counter() - began, 1e-9)
