"""Addresses as people and programs write them: one pass, no grammar, never an error."""

from __future__ import annotations

import re

from intake.mime.words import text_of
from intake.submission import Address

# The pieces of an address list. An unclosed quote or comment is an ordinary character, so nothing is read twice.
PIECE = re.compile(rb'[^"(<,;:]+|.', re.DOTALL)
CLOSINGS = {b'"': b'"', b"<": b">", b"(": b")"}
# Bytes of one field; twenty thousand addresses are not answered anyway.
LONGEST = 1 << 16
LIST_LIMIT = 500


def addresses(value: bytes) -> tuple[Address, ...]:
    """Give the addresses of one field, at most 500; all of the field's text is scanned elsewhere anyway.

    >>> [each.address for each in addresses(b'friends: "A, B" <a@b.test>, c@d.test (C);')]
    ['a@b.test', 'c@d.test']
    """
    found: list[Address] = []
    for entry in _entries(value):
        address = _address(entry)
        if address is not None:
            found.append(address)
        if len(found) >= LIST_LIMIT:
            break
    return tuple(found)


def _entries(value: bytes) -> list[bytes]:
    """Split at commas outside of quotes, comments and angles; a group's name and semicolon vanish."""
    value = value[:LONGEST]
    entries: list[bytes] = []
    current: list[bytes] = []
    has_at = False
    unclosed: set[bytes] = set()
    position = 0
    while position < len(value):
        character = value[position : position + 1]
        if character in b",;" or (character == b":" and not has_at):
            # What stands before a colon is a group's name (RFC 5322 section 3.4).
            if character != b":":
                entries.append(b"".join(current))
            current, has_at = [], False
            position += 1
            continue
        end = _end(value, position, character, unclosed)
        current.append(value[position:end])
        has_at = has_at or b"@" in current[-1]
        position = end
        if len(entries) > LIST_LIMIT:
            return entries
    entries.append(b"".join(current))
    return entries


def _end(value: bytes, position: int, character: bytes, unclosed: set[bytes]) -> int:
    """Give the end of the piece that begins here; what never closes is noted, and not looked for again."""
    closing = CLOSINGS.get(character)
    if closing is None:
        match = PIECE.match(value, position)
        return match.end() if match else position + 1
    end = -1 if character in unclosed else value.find(closing, position + 1)
    while end > 0 and closing == b'"' and value[end - 1 : end] == b"\\":
        end = value.find(closing, end + 1)
    if end < 0:
        unclosed.add(character)
        return position + 1
    return end + 1


def _address(entry: bytes) -> Address | None:
    start = entry.rfind(b"<")
    if start >= 0:
        bare = entry[start + 1 :].partition(b">")[0]
        name = _name(entry[:start])
    else:
        bare, _, comment = entry.partition(b"(")
        name = _name(comment.rstrip(b") \t"))
    address = text_of(bare).strip(" \t\"'[]")
    if not address and not name:
        return None
    return Address(name=name, address=address)


def _name(raw: bytes) -> str:
    stripped = raw.strip()
    if stripped[:1] == stripped[-1:] == b'"':
        stripped = re.sub(rb"\\(.)", rb"\1", stripped[1:-1])
    return " ".join(text_of(stripped).split()).strip("\"' ")
