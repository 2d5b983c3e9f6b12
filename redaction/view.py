"""The normalised view of a text, with a map of offsets both ways.

Everything is matched on the view and redacted on the original. The view has ASCII digits, plain dashes and spaces,
letters without accents, and neither invisible characters nor escapes, tags nor quote prefixes, so that every detector
sees one way of writing. Folding one character into one needs no map; only what changes length is a piece of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final

from redaction.escapes import ESCAPES, SIGNS, looks_quoted_printable, pattern, replacement
from redaction.folding import BARRIER, fold

# A tag that holds this many digits may hold an identifier of its own, in an attribute.
DIGITS_IN_A_TAG: Final = re.compile(r"(?:[0-9][^0-9A-Za-z]{0,3}){7}")
SIGN: Final = re.compile(f"[{SIGNS}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A text as it is matched. Offsets of the view and of the original are both code points."""

    text: str = field(repr=False)
    # Per piece: where it starts in the view, and where its source starts and ends. Empty when offsets are equal.
    starts: tuple[int, ...] = field(repr=False)
    sources: tuple[tuple[int, int, bool], ...] = field(repr=False)  # The flag: copied character by character.
    # Spans of the original that are not in the view but may hold an identifier: tags with long numbers.
    asides: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the original that a span of the view (not empty) was made from."""
        return self._source(start)[0], self._source(end - 1)[1]

    def here(self, offset: int) -> int:
        """Give the offset in the view of an offset of the original; inside a replaced piece, the piece's start."""
        if not self.sources:
            return offset
        piece = max(0, bisect_right(self.sources, offset, key=lambda source: source[0]) - 1)
        begins, ends, copied = self.sources[piece]
        return self.starts[piece] + (min(offset, ends) - begins if copied else 0)

    def _source(self, offset: int) -> tuple[int, int]:
        if not self.sources:
            return offset, offset + 1
        piece = bisect_right(self.starts, offset) - 1
        begins, ends, copied = self.sources[piece]
        if not copied:
            return begins, ends
        begins += offset - self.starts[piece]
        return begins, begins + 1


def normalise(text: str) -> View:
    """Make the view of a text: linear in its length, and free for plain ASCII without escapes."""
    folded, dropped = _fold_characters(text)
    pieces = _Pieces(folded)
    if not dropped and not SIGN.search(folded):
        return pieces.view()
    quoted_printable = looks_quoted_printable(folded)
    for match in (pattern(dropped) if dropped else ESCAPES).finditer(folded):
        start, end = match.span()
        seen = _seen(match[0], dropped, quoted_printable=quoted_printable, before=folded[max(0, start - 1) : start])
        if seen is not None:
            pieces.replace(start, end, seen)
            if match[0][0] == "<" and DIGITS_IN_A_TAG.search(match[0]):
                pieces.asides.append((start, end))
    return pieces.view()


def _seen(matched: str, dropped: str, *, quoted_printable: bool, before: str) -> str | None:
    if matched[0] in dropped:
        return ""
    if matched[0] == "[":
        return BARRIER
    return replacement(matched, quoted_printable=quoted_printable, before=before)


def _fold_characters(text: str) -> tuple[str, str]:
    """Fold what stays one character; give the text and the characters that are to be dropped from it."""
    if text.isascii() and text.isprintable():
        return text, ""
    folds = {character: fold(character) for character in set(text)}
    table = {ord(character): seen for character, seen in folds.items() if seen and seen != character}
    dropped = "".join(sorted(character for character, seen in folds.items() if not seen))
    return (text.translate(table) if table else text), dropped


class _Pieces:
    """Collects the pieces of a view while its text is walked once."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._seen: list[str] = []
        self._starts: list[int] = []
        self._sources: list[tuple[int, int, bool]] = []
        self._length = 0
        self._done = 0
        self.asides: list[tuple[int, int]] = []

    def replace(self, start: int, end: int, seen: str) -> None:
        self._copy(start)
        if seen:
            self._add(seen, start, end, copied=False)
        self._done = end

    def view(self) -> View:
        if not self._done:
            return View(text=self._folded, starts=(), sources=())
        self._copy(len(self._folded))
        return View(
            text="".join(self._seen),
            starts=tuple(self._starts),
            sources=tuple(self._sources),
            asides=tuple(self.asides),
        )

    def _copy(self, end: int) -> None:
        if self._done < end:
            self._add(self._folded[self._done : end], self._done, end, copied=True)

    def _add(self, seen: str, start: int, end: int, *, copied: bool) -> None:
        self._seen.append(seen)
        self._starts.append(self._length)
        self._sources.append((start, end, copied))
        self._length += len(seen)
