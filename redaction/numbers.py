"""Numbers: runs of digits as people separate them, before anybody says what they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final

DIGITS: Final = re.compile("[0-9]+")
# What may stand between two groups of one number: up to eight characters, no letter, no money or percent sign. A letter
# parts two numbers, and so does a second line end.
JOINS: Final = re.compile(r"(?:[^\w$€£¥%@<>{}!?\ufffc\ufffd]|_){1,8}")
WIDEST_GAP: Final = 8
SHORTEST: Final = 4  # Digits of a number worth a look: the last four of an SSN.
# Where a number ends for most writers, though not for all.
PARTS: Final = re.compile(r"[\n,;|:\t()\[\]]|\s\s|\s-\s")
MARKUP: Final = re.compile(r"[\s*_~`'\"]+")
LONGEST: Final = 19  # Digits: the longest payment card (ISO/IEC 7812).
LONGEST_ACCOUNT: Final = 17  # Digits of a United States bank account (Nacha's field for it).

# Groupings that are looked for anywhere in a run, by their first group. The others need a run of their own.
SHAPES: Final[tuple[tuple[int, ...], ...]] = (
    (3, 2, 4),
    (2, 7),
    (3, 3, 3),
    (3, 6),
    (5, 4),
    (4, 5),
    (4, 4),
    (2, 6),
    (4, 4, 1),
    (3, 3, 4),
    (1, 3, 3, 4),
    (3, 7),
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
)


def _by_first(shapes: tuple[tuple[int, ...], ...]) -> Mapping[int, tuple[tuple[int, ...], ...]]:
    return MappingProxyType({first: tuple(s for s in shapes if s[0] == first) for first in {s[0] for s in shapes}})


SHAPES_BY_FIRST: Final = _by_first(SHAPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A run of digits in a view. Its shape is the lengths of its groups: (3, 2, 4)."""

    start: int
    end: int
    digits: str = field(repr=False)
    shape: tuple[int, ...]
    separators: tuple[str, ...] = field(
        repr=False
    )  # One per gap, without spaces around and without markup; " " for spaces.
    is_whole: bool  # Nothing that could belong to it stands next to it.
    is_guess: bool = False  # Read from words, or from letters that look like digits: it counts under a label only.
    is_cut: bool = False  # A sign that joins, without a space, ties it to more digits: part of a longer number.

    @property
    def is_evenly_separated(self) -> bool:
        """Whether the same sign stands in every gap."""
        return len(set(self.separators)) <= 1

    @property
    def is_spaced(self) -> bool:
        """Whether every digit stands alone."""
        return len(self.shape) > 1 and max(self.shape) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Groups of digits with nothing but joining signs between them."""

    groups: tuple[tuple[int, int], ...]
    text: str = field(repr=False)  # The whole view, which the offsets of the groups mean.

    def number(self, first: int, last: int) -> Number:
        """Make the number of the groups from `first` to before `last`."""
        groups = self.groups[first:last]
        gaps = [self.text[a[1] : b[0]] for a, b in pairwise(groups)]
        return Number(
            start=groups[0][0],
            end=groups[-1][1],
            digits="".join(self.text[a:b] for a, b in groups),
            shape=tuple(b - a for a, b in groups),
            separators=tuple(_separator(gap) for gap in gaps),
            is_whole=first == 0 and last == len(self.groups),
            is_cut=self._tied(first) or self._tied(last),
        )

    def _tied(self, index: int) -> bool:
        if not 0 < index < len(self.groups):
            return False
        gap = self.text[self.groups[index - 1][1] : self.groups[index][0]]
        return len(gap) == 1 and gap in "-./_"


def runs(text: str) -> Iterator[Run]:
    """Give every run of digits of a view, in order. Linear."""
    groups: list[tuple[int, int]] = []
    for match in DIGITS.finditer(text):
        start, end = match.span()
        if groups and not _joins(text, groups[-1][1], start):
            yield Run(groups=tuple(groups), text=text)
            groups = []
        groups.append((start, end))
    if groups:
        yield Run(groups=tuple(groups), text=text)


def numbers(run: Run) -> tuple[Number, ...]:
    """Give the numbers that a run may be or hold, each once. The work is bounded for each group."""
    if len(run.groups) == 1:
        return (run.number(0, 1),)
    spans = {*_shaped(run), *_stretches(run)}
    return tuple(run.number(first, last) for first, last in sorted(spans))


def _joins(text: str, start: int, end: int) -> bool:
    return (
        end - start <= WIDEST_GAP
        and JOINS.fullmatch(text, start, end) is not None
        and text.count("\n", start, end) <= 1
    )


def _shaped(run: Run) -> Iterator[tuple[int, int]]:
    lengths = [end - start for start, end in run.groups]
    for first, length in enumerate(lengths):
        if length >= SHORTEST:
            yield first, first + 1
        for shape in SHAPES_BY_FIRST.get(length, ()):
            last = first + len(shape)
            if tuple(lengths[first:last]) == shape:
                yield first, last


def _stretches(run: Run) -> Iterator[tuple[int, int]]:
    """Give the whole run, its parts between the signs that part numbers, and its stretches of single digits."""
    count = len(run.groups)
    yield from _if_bounded(run, 0, count)
    ends = [
        index for index in range(1, count) if PARTS.search(run.text, run.groups[index - 1][1], run.groups[index][0])
    ]
    for first, last in zip([0, *ends], [*ends, count], strict=True):
        yield from _if_bounded(run, first, last)
    single = [end - start == 1 for start, end in run.groups]
    begins = [i for i in range(count) if single[i] and not (i and single[i - 1])]
    finishes = [i + 1 for i in range(count) if single[i] and not (i + 1 < count and single[i + 1])]
    for first, last in zip(begins, finishes, strict=True):
        yield from _if_bounded(run, first, last)


def _if_bounded(run: Run, first: int, last: int) -> Iterator[tuple[int, int]]:
    if last - first <= LONGEST and sum(end - start for start, end in run.groups[first:last]) <= LONGEST:
        yield first, last


def _separator(gap: str) -> str:
    return MARKUP.sub("", gap) or (" " if any(sign.isspace() for sign in gap) else "")


def numbers_in(text: str) -> tuple[tuple[Run, ...], tuple[Number, ...]]:
    """Give the runs of a view and all numbers in them, both in order of their start."""
    found = tuple(runs(text))
    return found, tuple(number for run in found for number in numbers(run))


def between(starts: tuple[int, ...], start: int, end: int) -> int:
    """Count how many of the sorted starts lie in a stretch."""
    return bisect_left(starts, end) - bisect_left(starts, start)
