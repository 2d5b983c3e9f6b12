"""Header values to text: encoded words (RFC 2047) and parameters (RFC 2231), as bent as real mail bends them."""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from intake.mime.charsets import decode
from intake.mime.transfer import base64_bytes

# Charset, encoding, text. A question mark inside the text is wrong but seen; possessive, so nothing is read twice.
ENCODED = re.compile(rb"=\?([^?\s]{0,80}+)\?([bBqQ])\?((?:[^?]*+)(?:\?(?!=)[^?]*+){0,8}+)\?=")
SECTION = re.compile(r"(?:\*([0-9]{1,4}))?(\*?)$")
STOP = re.compile(rb'[;"]')
# Honest parameters are shorter by far; the whole value is scanned as a header anyway.
LONGEST = 1 << 18
LANGUAGE_TAG = re.compile(rb"\*.*$")


def text_of(value: bytes) -> str:
    """Give the text of an unfolded header value.

    White space between two encoded words vanishes, and words of one charset are joined before they are decoded, because
    writers split them inside a character.
    """
    if b"=?" not in value:
        return value.decode("ascii") if value.isascii() and b"\x1b" not in value else decode(value)
    pieces: list[str] = []
    pending, charset, position = b"", b"", 0
    for match in ENCODED.finditer(value):
        gap = value[position : match.start()]
        word_charset = LANGUAGE_TAG.sub(b"", match[1]).lower()
        if pending and (gap.strip() or word_charset != charset):
            pieces.append(_decoded(pending, charset))
            pending = b""
        # After the first word, a gap of white space only separates two encoded words.
        if gap.strip() or position == 0:
            pieces.append(decode(gap))
        pending += _undone(match[2], match[3])
        charset, position = word_charset, match.end()
    if pending:
        pieces.append(_decoded(pending, charset))
    pieces.append(decode(value[position:]))
    return "".join(pieces)


def _decoded(data: bytes, charset: bytes) -> str:
    return decode(data, charset.decode("latin-1"))


def _undone(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"bB":
        return base64_bytes(text)
    return binascii.a2b_qp(text.replace(b"\n", b" "), header=True)


def parameters(value: bytes) -> tuple[str, list[tuple[str, str]]]:
    r"""Split a structured header value: its first word in lower case, and the parameters in order, decoded.

    >>> parameters(b'Text/Plain; charset="utf-8"; name*0*=us-ascii\'\'a%20; name*1=b')
    ('text/plain', [('charset', 'utf-8'), ('name', 'a b')])
    """
    first, *rest = _split(value)
    found: list[tuple[str, str]] = []
    continued: dict[str, list[tuple[int, bool, bytes]]] = {}
    for piece in rest:
        name, _, raw = piece.partition(b"=")
        key = decode(name.strip()).lower()
        bare = _unquoted(raw.strip())
        section = SECTION.search(key)
        if section is not None and (section[1] or section[2]):
            key = key[: section.start()]
            continued.setdefault(key, []).append((int(section[1] or 0), bool(section[2]), bare))
        elif key:
            found.append((key, text_of(bare)))
    found.extend((key, _joined(sections)) for key, sections in continued.items())
    return decode(first).strip().lower(), found


def _joined(sections: list[tuple[int, bool, bytes]]) -> str:
    """Put an RFC 2231 value together; only its first section names the charset."""
    data, charset = b"", ""
    for position, (_, is_escaped, raw) in enumerate(sorted(sections, key=lambda section: section[0])):
        piece = raw
        if is_escaped:
            if position == 0 and raw.count(b"'") >= 2:  # noqa: PLR2004 - charset'language'text
                named, _, piece = raw.split(b"'", 2)
                charset = decode(named)
            piece = unquote_to_bytes(piece)
        data += piece
    text = decode(data, charset)
    return text_of(data) if "=?" in text else text


def _split(value: bytes) -> list[bytes]:
    """Split at semicolons outside of quotes; a quote that never closes is an ordinary character."""
    value = value[:LONGEST]
    pieces: list[bytes] = []
    start = position = 0
    can_close = True
    while match := STOP.search(value, position):
        position = match.end()
        if match[0] == b";":
            pieces.append(value[start : position - 1])
            start = position
        elif can_close:
            closing = _closing(value, position - 1)
            # Where one quote never closes, no later one is tried: that would read the rest again for each.
            can_close = closing >= position
            position = max(position, closing + 1)
    pieces.append(value[start:])
    return pieces


def _closing(value: bytes, opening: int) -> int:
    """Give the place of the quote that closes the one at `opening`, or `opening` when none does."""
    position = opening + 1
    while True:
        quote = value.find(b'"', position)
        if quote < 0:
            return opening
        slashes = quote - len(value[position:quote].rstrip(b"\\")) - position
        if slashes % 2 == 0:
            return quote
        position = quote + 1


def _unquoted(value: bytes) -> bytes:
    if len(value) > 1 and value[:1] == value[-1:] == b'"':
        return re.sub(rb"\\(.)", rb"\1", value[1:-1])
    return value.strip(b'"')
