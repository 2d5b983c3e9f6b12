"""The compressed rich text in which Outlook keeps a message's words (MS-OXRTFCP)."""

from __future__ import annotations

import struct

SIGNATURE = b"LZFu"
# The whole size, the size unpacked, the signature, a checksum.
HEADER = struct.Struct("<II4sI")
# What the format's dictionary holds before the first byte (MS-OXRTFCP section 2.2.2.1).
DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
WINDOW = 4096
# A message's words are shorter; beyond this the unpacking, byte by byte, would take seconds.
LONGEST = 4 << 20
SHORTEST_COPY = 2


def holds_rich_text(block: bytes) -> bool:
    """Tell whether a block of properties holds compressed rich text."""
    return SIGNATURE in block


def rich_texts(block: bytes) -> tuple[bytes, ...]:
    """Give the rich texts in a block of properties; none when one of them is damaged or too long."""
    found: list[bytes] = []
    position = block.find(SIGNATURE)
    while position >= 8:  # noqa: PLR2004 - two sizes stand in front of the signature
        size, unpacked, _, _ = HEADER.unpack_from(block.ljust(position + HEADER.size, b"\0"), position - 8)
        packed = block[position - 8 + HEADER.size : position - 4 + size]
        text = unpack(packed) if unpacked <= LONGEST and len(packed) <= LONGEST else b""
        if len(text) < unpacked:
            return ()
        found.append(text[:unpacked])
        position = block.find(SIGNATURE, position + max(size, 1))
    return tuple(found)


def unpack(packed: bytes) -> bytes:
    """Undo the compression, up to its end mark or the end of the bytes."""
    output = bytearray(DICTIONARY)
    start = len(DICTIONARY)
    position = 0
    while position < len(packed) and len(output) <= LONGEST:
        flags, position = packed[position], position + 1
        for bit in range(8):
            if not flags >> bit & 1:
                output += packed[position : position + 1]
                position += 1
                continue
            pair = int.from_bytes(packed[position : position + 2], "big")
            position += 2
            # The window is a ring of 4,096 bytes; what is written last stands one before its end.
            distance = (len(output) - (pair >> 4)) % WINDOW
            if distance == 0 or position > len(packed) or distance > len(output):
                return bytes(output[start:])
            for _ in range((pair & 15) + SHORTEST_COPY):
                output.append(output[-distance])
    return bytes(output[start:])
