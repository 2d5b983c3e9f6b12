"""Settle overlaps: the strongest evidence wins, then the longest, then the first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from redaction.kinds import Kind
from redaction.page import Evidence

# What is left of these around a winner still tells who somebody is: `claim.` and `@example.test` around a number.
KEPT_IN_PARTS = frozenset({Kind.EMAIL, Kind.POSTAL_ADDRESS})


def settle(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Give evidence without overlaps, sorted by place."""
    found = tuple(found)
    if len(found) < 2:  # noqa: PLR2004 - one alone overlaps nothing
        return found
    starts: list[int] = []
    kept: list[Evidence] = []
    for evidence in sorted(found, key=lambda e: (-e.confidence, e.start - e.end, e.start, e.kind)):
        for part in _parts(evidence, kept, starts):
            index = bisect_left(starts, part.start)
            starts.insert(index, part.start)
            kept.insert(index, part)
    return tuple(kept)


def _parts(evidence: Evidence, kept: list[Evidence], starts: list[int]) -> Iterator[Evidence]:
    first = bisect_left(starts, evidence.start)
    if first and kept[first - 1].end > evidence.start:
        first -= 1
    last = bisect_left(starts, evidence.end)
    if first == last:
        yield evidence
    elif evidence.kind in KEPT_IN_PARTS:
        begin = evidence.start
        for winner in kept[first:last]:
            if begin < winner.start:
                yield replace(evidence, start=begin, end=winner.start, is_part=True)
            begin = max(begin, winner.end)
        if begin < evidence.end:
            yield replace(evidence, start=begin, is_part=True)
