"""Tokens: what stands in a redacted text where an identifier stood."""

from __future__ import annotations

from collections import Counter

from redaction.bare import bare
from redaction.kinds import SHORT_NAMES, Kind


class Tokens:
    """Gives the same value the same token through a whole inquiry: `[SSN 1]`, `[EIN 1]`, `[SSN 2]`.

    Values are compared by their bare digits, whatever separates them, or else by their case-folded words. The first
    kind a value is seen as names its token. The values cannot be read back: there is no repr and no way to list them.
    """

    __slots__ = ("_counts", "_tokens")

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._counts: Counter[Kind] = Counter()

    def token(self, kind: Kind, value: str) -> str:
        """Give the token of a value, a new one if the value is new."""
        key = bare(value)
        if key not in self._tokens:
            self._counts[kind] += 1
            self._tokens[key] = f"[{SHORT_NAMES[kind]} {self._counts[kind]}]"
        return self._tokens[key]

    def counts(self) -> tuple[tuple[Kind, int], ...]:
        """Count the distinct values of each kind seen so far, in the order of `Kind`."""
        return tuple((kind, self._counts[kind]) for kind in Kind if self._counts[kind])
