"""A multipart body cut at its delimiters, and a guess where the boundary is missing or wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A delimiter with a MIME header behind it, in a body that did not declare it.
GUESS = re.compile(rb"^--([^\s][^\n]{0,998})\nContent-[A-Za-z-]{1,40}[ \t]*:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The pieces of a multipart body."""

    preamble: bytes = field(default=b"", repr=False)
    parts: tuple[bytes, ...] = field(default=(), repr=False)
    # Parts behind the closing delimiter: no reader shows them, the scanner must see them.
    late_parts: tuple[bytes, ...] = field(default=(), repr=False)
    epilogue: bytes = field(default=b"", repr=False)


def guess_boundary(body: bytes) -> bytes:
    """Give a boundary the body seems to use, or nothing."""
    if b"--" not in body:
        return b""
    match = GUESS.search(body)
    return match[1].rstrip() if match else b""


def cut(body: bytes, boundary: bytes, most: int) -> Cut | None:
    """Cut at the delimiters (RFC 2046 section 5.1.1); None when there is none. Stops after `most` parts.

    Works on bytes with any line ends, so that a binary part of a web form comes out as it went in.
    """
    delimiters = _delimiters(body, b"--" + boundary, most + 1)
    if not delimiters:
        return None
    pieces = [_without_line_end(body, delimiters[0][0], 0)]
    ends = [start for start, _, _ in delimiters[1:]] + [len(body)]
    parts: list[bytes] = []
    late: list[bytes] = []
    epilogue = b""
    is_closed = False
    for (_, after, closes), end in zip(delimiters, ends, strict=True):
        is_last = end == len(body)
        piece = body[after:end] if is_last else _without_line_end(body, end, after)
        if closes:
            epilogue += piece
        else:
            (late if is_closed else parts).append(piece)
        is_closed = is_closed or closes
    return Cut(preamble=pieces[0], parts=tuple(parts), late_parts=tuple(late), epilogue=epilogue)


def _delimiters(body: bytes, marker: bytes, most: int) -> list[tuple[int, int, bool]]:
    """Give start, end and whether it closes, of each delimiter line."""
    found: list[tuple[int, int, bool]] = []
    position = 0 if body.startswith(marker) else body.find(b"\n" + marker) + 1
    while position or body.startswith(marker):
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end
        rest = body[position + len(marker) : line_end].strip(b" \t\r")
        if rest in {b"", b"--"}:
            found.append((position, min(line_end + 1, len(body)), rest == b"--"))
        if len(found) > most:
            break
        position = body.find(b"\n" + marker, max(line_end - 1, position)) + 1
        if not position:
            break
    return found


def _without_line_end(body: bytes, end: int, start: int) -> bytes:
    """Give what stands before a delimiter; the line end in front of it is the delimiter's."""
    end = max(end - 1, start)
    if end > start and body[end - 1 : end] == b"\r":
        end -= 1
    return body[start:end]
