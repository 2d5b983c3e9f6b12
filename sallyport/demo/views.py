"""Ways in which a number can lie in a file: each view is the file's bytes with one encoding undone.

A view is given where a file holds something of that encoding. Views of views are taken too (base64 of a gzip member),
up to a depth; a byte is looked at a fixed number of times, so a search is linear in what it reads.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

DEPTH = 3
# What was undone and is still larger than this is not undone again: a megabyte of one letter is base64 of anything.
LARGEST_NESTED = 256 * 1024
LARGEST_MEMBER = 64 * 1024 * 1024

BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}+(?:\r?\n[ \t]*+[A-Za-z0-9+/_-]{4,}+)*+")
BASE32_RUN = re.compile(rb"[A-Z2-7]{16,}+|[a-z2-7]{16,}+")
HEX_RUN = re.compile(rb"(?:[0-9A-Fa-f]{16,}+)|(?:[0-9A-Fa-f]{2}[ :]){7,}+[0-9A-Fa-f]{2}")
LITTLE_RUN = re.compile(rb"(?:[\t\r\n -~]\0){8,}+")
BIG_RUN = re.compile(rb"(?:\0[\t\r\n -~]){8,}+")
PERCENT = re.compile(rb"%3[0-9]")
QUOTED = re.compile(rb"=3[0-9]|[0-9]=\r?\n")
# Where a zlib stream, a gzip member, or a member of a zip archive may begin (RFC 1950, RFC 1952, APPNOTE 4.3.7).
PACKED = re.compile(rb"x[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")
ZIP_HEAD = 30
FULL_WIDTH = re.compile(rb"\xef\xbc[\x90-\x99]")
NOT_SHOWN = rb"\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|<[^<>]{0,200}>"
# Hyphens, dashes and spaces beyond ASCII, as UTF-8 and as entities.
ODD_SIGN = rb"\xe2\x80[\x80-\x8a\x90-\x95\xaf]|\xe2\x88\x92|\xc2\xa0|\xef\xbc\x8d|&(?:#x?[0-9A-Fa-f]{1,6}|[a-z]{2,8});"
AFTER_DIGIT = re.compile(rb"[0-9](?:" + NOT_SHOWN + rb"|" + ODD_SIGN + rb")|\xef\xbc[\x90-\x99]")
# What is undone octet by octet is undone around where it is seen, so that a large file is not copied for each.
AROUND = 96


def views(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the bytes as they are, and once more for each encoding that some of them are in."""
    yield from _views("plain", data, DEPTH)


def _views(name: str, data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if depth == 0:
        return
    for kind, undo in UNDOING.items():
        for undone in undo(data):
            if undone and undone != data:
                deeper = depth - 1 if len(undone) <= LARGEST_NESTED else 0
                yield from _views(kind if name == "plain" else f"{name} > {kind}", undone, deeper)


def _from_base64(data: bytes) -> Iterator[bytes]:
    """Undo each run at its four offsets: a number may begin anywhere in what was encoded."""
    for run in BASE64_RUN.finditer(data):
        text = re.sub(rb"\s+", b"", run[0]).translate(bytes.maketrans(b"-_", b"+/"))
        for offset in range(4):
            piece = text[offset:]
            yield base64.b64decode(piece[: len(piece) // 4 * 4] + _rest(piece))


def _rest(piece: bytes) -> bytes:
    """Give the last quantum of base64, padded; a single character holds no octet."""
    rest = piece[len(piece) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _from_base32(data: bytes) -> Iterator[bytes]:
    for run in BASE32_RUN.finditer(data):
        text = run[0].upper()
        for offset in range(8):
            piece = text[offset:]
            # A run that was cut in the middle of a quantum still gives its whole octets.
            piece += b"A" * (-len(piece) % 8)
            yield base64.b32decode(piece)


def _from_hex(data: bytes) -> Iterator[bytes]:
    for run in HEX_RUN.finditer(data):
        text = re.sub(rb"[ :]", b"", run[0])
        for offset in range(2):
            piece = text[offset:]
            yield binascii.unhexlify(piece[: len(piece) // 2 * 2])


def _from_wide(data: bytes) -> Iterator[bytes]:
    for pattern in (LITTLE_RUN, BIG_RUN):
        for run in pattern.finditer(data):
            yield run[0].replace(b"\0", b"")


def _from_percent(data: bytes) -> Iterator[bytes]:
    for window in _windows(data, PERCENT):
        yield unquote_to_bytes(window)


def _from_quoted(data: bytes) -> Iterator[bytes]:
    for window in _windows(data, QUOTED):
        yield quopri.decodestring(window)


def _folded(data: bytes) -> Iterator[bytes]:
    """Take out what a page does not show, and fold the digits and hyphens of other keyboards."""
    for window in _windows(data, AFTER_DIGIT):
        bare = re.sub(ODD_SIGN, b"-", re.sub(NOT_SHOWN, b"", window))
        yield FULL_WIDTH.sub(lambda digit: bytes([digit[0][2] - 0x60]), bare)


def _windows(data: bytes, sign: re.Pattern[bytes]) -> Iterator[bytes]:
    """Give the stretches around every place where a sign is seen; stretches that touch are one."""
    start = end = 0
    for found in sign.finditer(data):
        if found.start() - AROUND > end and end:
            yield data[start:end]
            start = end = 0
        if not end:
            start = max(found.start() - AROUND, 0)
        end = found.end() + AROUND
    if end:
        yield data[start:end]


def _from_packed(data: bytes) -> Iterator[bytes]:
    for found in PACKED.finditer(data):
        start = found.start()
        if found[0] == b"PK\x03\x04":
            names = int.from_bytes(data[start + 26 : start + 28], "little")
            extra = int.from_bytes(data[start + 28 : start + 30], "little")
            member = _inflated(data, start + ZIP_HEAD + names + extra, -zlib.MAX_WBITS)
        else:
            member = _inflated(data, start, zlib.MAX_WBITS | 32)
        if member:
            yield member


def _inflated(data: bytes, start: int, window: int) -> bytes:
    """Give what a stream that begins here unpacks to, as far as it can be read."""
    unpacking, piece, got = zlib.decompressobj(window), 1024, b""
    try:
        # A little first: most places that look like a stream are none, and then a whole file need not be copied.
        got = unpacking.decompress(data[start : start + piece], LARGEST_MEMBER)
        if not unpacking.eof:
            got += unpacking.decompress(unpacking.unconsumed_tail + data[start + piece :], LARGEST_MEMBER)
    except zlib.error:
        return got
    return got


UNDOING: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "base64": _from_base64,
    "base32": _from_base32,
    "hex": _from_hex,
    "UTF-16": _from_wide,
    "percent": _from_percent,
    "quoted-printable": _from_quoted,
    "packed": _from_packed,
    "folded": _folded,
}
