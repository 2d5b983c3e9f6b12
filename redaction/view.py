"""The normalised view of a text, with a map of offsets both ways.

Everything is matched on the view and redacted on the original. The view has ASCII digits, plain dashes and spaces,
letters without accents, and neither invisible characters nor escapes, tags nor quote prefixes, so that every detector
sees one way of writing. Folding one character into one needs no map; only what changes length is a piece of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from redaction.escapes import ESCAPES, SIGNS, looks_quoted_printable, pattern, replacement
from redaction.folding import BARRIER, fold

# A tag that holds this many digits may hold an identifier of its own, in an attribute.
DIGITS_IN_A_TAG: Final = re.compile(r"(?:[0-9][^0-9A-Za-z]{0,3}){7}")
SIGN: Final = re.compile(f"[{SIGNS}]")
CONTROL: Final = re.compile(r"[^\n -~]")  # Of ASCII's signs these alone are folded.

# Stands before a repeated tag: no label reaches across.
FAR_AWAY: Final = "\n" * 200


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A text as it is matched. Offsets of the view and of the original are both code points."""

    text: str = field(repr=False)
    # Per piece: where it starts in the view, and where its source starts and ends. Empty when offsets are equal.
    starts: tuple[int, ...] = field(repr=False)
    sources: tuple[tuple[int, int, bool], ...] = field(repr=False)  # The flag: copied character by character.
    main: int = 0  # How many pieces follow the text; those behind them repeat tags that may hold an identifier.

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the original that a span of the view (not empty) was made from."""
        return self._source(start)[0], self._source(end - 1)[1]

    def here(self, offset: int) -> int:
        """Give the offset in the view of an offset of the original; inside a replaced piece, the piece's start."""
        if not self.sources:
            return offset
        piece = max(0, bisect_right(self.sources, offset, hi=self.main, key=lambda source: source[0]) - 1)
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
    """Make the view of a text: linear in its length, and free for plain ASCII without escapes.

    Tags leave no trace in the midst of a number; those that hold a long number themselves are repeated at the end.
    """
    folded, dropped = _fold_characters(text)
    pieces = _Pieces(folded)
    if not dropped and not SIGN.search(folded):
        return pieces.view()
    escapes = pattern(dropped) if dropped else ESCAPES
    tags = _take_escapes(pieces, folded, (0, len(folded)), escapes, dropped)
    pieces.end_main()
    for start, end in tags:
        pieces.add(FAR_AWAY, start, start + 1)
        pieces.skip_to(start + 1)
        _take_escapes(pieces, folded, (start + 1, end), escapes, dropped)
        pieces.copy_to(end)
    return pieces.view()


def _take_escapes(
    pieces: _Pieces, folded: str, stretch: tuple[int, int], escapes: re.Pattern[str], dropped: str
) -> list[tuple[int, int]]:
    """Replace the escapes of a stretch; give the tags in it that hold a long number."""
    tags = []
    quoted_printable = looks_quoted_printable(folded)
    for match in escapes.finditer(folded, *stretch):
        start, end = match.span()
        seen = _seen(match[0], dropped, quoted_printable=quoted_printable, before=folded[max(0, start - 40) : start])
        if seen is not None:
            pieces.replace(start, end, seen)
            if match[0][0] == "<" and DIGITS_IN_A_TAG.search(match[0]):
                tags.append((start, end))
    return tags


def covered(text: str, spans: Iterable[tuple[int, int]]) -> View:
    """Make the view in which sorted spans of a text are covered, as tokens will cover them."""
    pieces = _Pieces(text)
    for start, end in spans:
        pieces.replace(start, end, BARRIER)
    return pieces.view()


def _seen(matched: str, dropped: str, *, quoted_printable: bool, before: str) -> str | None:
    if matched[0] in dropped:
        return ""
    if matched[0] == "[":
        return BARRIER
    return replacement(matched, quoted_printable=quoted_printable, before=before)


def _fold_characters(text: str) -> tuple[str, str]:
    """Fold what stays one character; give the text and the characters that are to be dropped from it."""
    if text.isascii() and not CONTROL.search(text):
        return text, ""
    folds = {character: fold(character) for character in set(text)}
    table = {ord(character): seen for character, seen in folds.items() if seen and seen != character}
    dropped = "".join(sorted(character for character, seen in folds.items() if not seen))
    return (text.translate(table) if table else text), dropped


class _Pieces:
    """Collects the pieces of a view while its text is walked."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._seen: list[str] = []
        self._starts: list[int] = []
        self._sources: list[tuple[int, int, bool]] = []
        self._length = 0
        self._done = 0
        self._main: int | None = None

    def replace(self, start: int, end: int, seen: str) -> None:
        self.copy_to(start)
        if seen:
            self.add(seen, start, end)
        self._done = end

    def skip_to(self, offset: int) -> None:
        self._done = offset

    def copy_to(self, end: int) -> None:
        if self._done < end:
            self._sources.append((self._done, end, True))
            self._append(self._folded[self._done : end])
        self._done = end

    def add(self, seen: str, start: int, end: int) -> None:
        self._sources.append((start, end, False))
        self._append(seen)

    def end_main(self) -> None:
        """End the text itself; what is added from here on repeats parts of it."""
        if self._done:
            self.copy_to(len(self._folded))
        self._main = len(self._sources)

    def view(self) -> View:
        if self._main is None:
            self.end_main()
        if not self._sources and not self._done:
            return View(text=self._folded, starts=(), sources=())
        return View(
            text="".join(self._seen),
            starts=tuple(self._starts),
            sources=tuple(self._sources),
            main=self._main or 0,
        )

    def _append(self, seen: str) -> None:
        self._seen.append(seen)
        self._starts.append(self._length)
        self._length += len(seen)
