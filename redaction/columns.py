"""Columns: a header cell that is a label claims the cells below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.labels import Meaning
from redaction.sightings import Sighting

SEPARATORS: Final = "\t;|,"
LONGEST_HEADER: Final = 400  # Characters; longer lines are sentences.
LONGEST_HEADER_CELL: Final = 48
WIDE: Final = re.compile(r" {2,}")
LONG_NUMBER: Final = re.compile("[0-9]{3}")
WORDS_BEYOND_A_LABEL: Final = 20  # Characters a header cell may hold besides its label.


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A cell of a view, and what its column's header says it holds."""

    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    separator: str  # Empty where columns are held apart by spaces.
    columns: tuple[tuple[int, tuple[int, int], Meaning], ...]  # Its count, its place in the line, what it holds.


def claims(text: str, sightings: tuple[Sighting, ...]) -> tuple[Claim, ...]:
    """Give the cells that a header claims, in order. Linear in the text and the labels."""
    return tuple(_claims(text, sightings)) if sightings and "\n" in text else ()


def _claims(text: str, sightings: tuple[Sighting, ...]) -> Iterator[Claim]:
    header: _Header | None = None
    seen = start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        while seen < len(sightings) and sightings[seen].start < start:
            seen += 1
        last = seen
        while last < len(sightings) and sightings[last].start < end:
            last += 1
        found = _header(text, start, end, sightings[seen:last]) if last > seen else None
        if found is not None:
            header = found
        elif header is not None and (cells := _cells(text, start, end, header.separator)):
            yield from _claimed(header, cells, start)
        elif text[start:end].strip():
            header = None
        start = end + 1


def _header(text: str, start: int, end: int, found: tuple[Sighting, ...]) -> _Header | None:
    """Read a line as a header: several short cells, at least one of them a label, and no long number in it."""
    if end - start > LONGEST_HEADER or LONG_NUMBER.search(text, start, end):
        return None
    separator = next((mark for mark in SEPARATORS if mark in text[start:end]), "")
    cells = _cells(text, start, end, separator)
    if not cells or any(b - a > LONGEST_HEADER_CELL for a, b in cells):
        return None
    columns = tuple(
        (column, (a - start, b - start), sighting.meaning)
        for column, (a, b) in enumerate(cells)
        for sighting in found
        if a <= sighting.start and sighting.end <= b and b - a - sighting.end + sighting.start <= WORDS_BEYOND_A_LABEL
    )
    return _Header(separator=separator, columns=columns) if columns else None


def _claimed(header: _Header, cells: tuple[tuple[int, int], ...], line: int) -> Iterator[Claim]:
    """Give the cells under the header's labels: by their count, or, without separators, by their place in the line."""
    for index, (start, end) in enumerate(cells):
        for column, (left, right), meaning in header.columns:
            is_below = start - line < right and left < end - line if not header.separator else index == column
            if is_below:
                yield Claim(start=start, end=end, meaning=meaning)
                break


def _cells(text: str, start: int, end: int, separator: str) -> tuple[tuple[int, int], ...]:
    """Give the cells of a line; a separator within double quotes separates nothing (RFC 4180)."""
    if not separator:
        return _wide_cells(text, start, end)
    cells = []
    begin, quoted = start, False
    for index in range(start, end):
        if text[index] == '"':
            quoted = not quoted
        elif text[index] == separator and not quoted:
            cells.append((begin, index))
            begin = index + 1
    return (*cells, (begin, end)) if cells else ()


def _wide_cells(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Give the cells of a line that are held apart by two spaces or more."""
    cells = []
    begin = start
    for gap in WIDE.finditer(text, start, end):
        if gap.start() > begin:
            cells.append((begin, gap.start()))
        begin = gap.end()
    return (*cells, (begin, end)) if cells and begin < end else ()
