"""Plain texts: soft line breaks joined, folded lines unfolded, printable runs found in files that are not read."""

from __future__ import annotations

import re

QUOTES = re.compile(r"(>+) ?")
FOLD = re.compile(r"\n[ \t]")
# Seven characters hold the shortest thing a scanner looks for; packed data has few runs as long.
RUN = re.compile(rb"[\t\x20-\x7e]{7,}")
WIDE_RUN = re.compile(rb"(?:[\t\x20-\x7e]\0){7,}")
# A run without four digits close together, an address or a label holds nothing a scanner looks for.
WORTH = re.compile(rb"[0-9][^0-9]{0,6}+[0-9][^0-9]{0,6}+[0-9][^0-9]{0,6}+[0-9]")
PGP_MESSAGE = re.compile(r"^[> \t]{0,20}-----BEGIN PGP MESSAGE", re.MULTILINE)
PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
DASH_ESCAPE = re.compile(r"^- ", re.MULTILINE)
RTF_HEX = re.compile(r"\\'([0-9a-fA-F]{2})")
RTF_UNICODE = re.compile(r"\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|\?)?")
RTF_BREAK = re.compile(r"\\(?:par|line|row|sect|page)\b ?")
RTF_CELL = re.compile(r"\\(?:tab|cell)\b ?")
RTF_WORD = re.compile(r"\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\\*|[{}\r\n]")


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676): a line that ends with a space goes on in the next."""
    joined: list[str] = []
    depth_before, is_open = -1, False
    for line in text.split("\n"):
        quoted = QUOTES.match(line)
        depth = len(quoted[1]) if quoted else 0
        content = line[quoted.end() :] if quoted else line.removeprefix(" ")
        if is_open and depth == depth_before:
            joined[-1] += content
        else:
            joined.append(">" * depth + " " * bool(depth) + content)
        is_open = content.endswith(" ") and content != "-- "
        depth_before = depth
        if is_open and deletes_space:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def unfolded(text: str) -> str:
    """Join the folded lines of calendars and cards (RFC 5545 section 3.1), and undo their escapes."""
    return FOLD.sub("", text).replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")


def is_pgp_message(text: str) -> bool:
    """Tell whether the text holds an OpenPGP message, and not only a signature or a key."""
    return "-----BEGIN PGP MESSAGE" in text and PGP_MESSAGE.search(text) is not None


def without_dash_escapes(text: str) -> str:
    """Undo the dash escapes of a clear-signed text (RFC 9580 section 7.2)."""
    return DASH_ESCAPE.sub("", text) if PGP_SIGNED in text else text


def rich_text(source: str) -> str:
    """Give the text of RTF: control words vanish, paragraphs break lines, cells become tabs."""
    text = RTF_UNICODE.sub(lambda match: chr(int(match[1]) % 0x10000), source)
    text = RTF_HEX.sub(lambda match: bytes.fromhex(match[1]).decode("cp1252", "replace"), text)
    text = RTF_CELL.sub("\t", RTF_BREAK.sub("\n", text.replace("\r", "").replace("\n", "")))
    return RTF_WORD.sub("", text.replace("\n", "\0")).replace("\0", "\n").strip()


def runs(data: bytes, most: int) -> str:
    """Give the printable runs of a file that is not read otherwise, one a line, up to `most` bytes of them."""
    found: list[bytes] = []
    size = 0
    for pattern in (RUN, WIDE_RUN):
        for match in pattern.finditer(data):
            run = match[0].replace(b"\0", b"")
            if WORTH.search(run):
                found.append(run)
                size += len(run)
            if size > most:
                break
    return b"\n".join(found).decode("cp1252", "replace")
