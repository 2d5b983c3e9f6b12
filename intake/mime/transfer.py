"""Transfer encodings undone, and what was not part of the encoding kept for the last net."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64 = bytes(set(range(256)) - set(ALPHABET) - {ord("=")})
STRICT_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]*")
DIGIT_LINE = re.compile(rb"^[0-9]{4,}=*$", re.MULTILINE)
COMMENT = re.compile(r"\([^()]*\)")
SOFT_BREAK = re.compile(rb"=[ \t]+(?=\n)")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ?([^\n]*)\n|^begin [0-9]{3,4} ([^\n]*)\n", re.MULTILINE)
UU_WHOLE_LINE = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A body without its transfer encoding."""

    data: bytes = field(repr=False)
    # Bytes of the body that the decoding passed over, or an undeclared reading of it: scanned, not shown.
    leftovers: tuple[bytes, ...] = field(default=(), repr=False)


def encoding_name(value: str) -> str:
    """Give the encoding a header's value means: without comments, quotes and what follows a separator.

    >>> encoding_name('"base64" (so they say); x=y')
    'base64'
    """
    bare = COMMENT.sub("", value).split(";")[0].split(",")[0]
    return bare.strip(" \t\r\n\"'").lower()


def undo(body: bytes, encoding: str) -> Undone:
    """Undo a transfer encoding; an unknown one is none."""
    if encoding in {"base64", "b", "base-64"}:
        return _base64(body)
    if encoding in {"quoted-printable", "q", "quotedprintable"}:
        return Undone(data=quoted_printable(body))
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        files = [data for _, data in uuencoded(body)]
        return Undone(data=b"".join(files) or body, leftovers=(body,) if files else ())
    return Undone(data=body, leftovers=_undeclared(body))


def quoted_printable(body: bytes) -> bytes:
    """Undo quoted-printable; what is no escape stays as it is."""
    return binascii.a2b_qp(SOFT_BREAK.sub(b"=", body))


def base64_bytes(body: bytes) -> bytes:
    """Undo base64 as a lenient reader does: foreign characters are dropped, and padding ends a block, not the whole."""
    pieces = []
    for block in body.translate(None, NOT_BASE64).split(b"="):
        whole = len(block) - (len(block) % 4 == 1)
        if whole:
            pieces.append(binascii.a2b_base64(block[:whole] + b"=" * (-whole % 4)))
    return b"".join(pieces)


def _base64(body: bytes) -> Undone:
    data = base64_bytes(body)
    if not body.translate(None, ALPHABET + b"\n=") and b"=" not in body.rstrip(b"=\n"):
        digits = DIGIT_LINE.findall(body)
        return Undone(data=data, leftovers=(b"\n".join(digits),) if digits else ())
    lines = [line for line in body.split(b"\n") if line.strip()]
    strange = [line for line in lines if not STRICT_LINE.fullmatch(line)]
    leftovers: list[bytes] = []
    if strange:
        # A footer in clear, or text that was never encoded; and the rest again without it, because a foreign line in
        # front shifts every character after it.
        leftovers.append(b"\n".join(strange))
        if len(strange) < len(lines):
            leftovers.append(base64_bytes(b"\n".join(line for line in lines if STRICT_LINE.fullmatch(line))))
    return Undone(data=data, leftovers=tuple(leftovers))


def _undeclared(body: bytes) -> tuple[bytes, ...]:
    """Give the decoded bytes of a body that is base64 through and through without saying so."""
    lines = body.split(None, 3)[:2]
    if not lines or len(lines[0]) < 16 or not all(STRICT_LINE.fullmatch(line) for line in lines):  # noqa: PLR2004 - a word can look like less
        return ()
    if body.translate(None, ALPHABET + b"=\r\n \t"):
        return ()
    return (base64_bytes(body),)


def uuencoded(body: bytes) -> list[tuple[bytes, bytes]]:
    """Give name and bytes of each uuencoded file in a text (POSIX uuencode); a broken line ends nothing."""
    files = []
    position = 0
    while begin := UU_BEGIN.search(body, position):
        end = body.find(b"\nend", begin.end() - 1)
        position = len(body) if end < 0 else end
        data = b"".join(_uu_line(line) for line in body[begin.end() : position].split(b"\n"))
        if data:
            files.append(((begin[1] or begin[2] or b"").strip(), data))
    return files


def _uu_line(line: bytes) -> bytes:
    if not line or not ord(" ") <= line[0] <= ord("`"):
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some writers pad lines wrongly: the first character says how much counts (as in the standard library).
        count = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:count])
        except binascii.Error:
            return b""
