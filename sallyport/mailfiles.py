"""Mail files of a folder, brought to the bytes in which a mail server sends them: for `ledger --find`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# A field that every mail has one or the other of; without any of them near its start a file is no mail.
FIELD = re.compile(
    rb"^(from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|x-[\w-]+"
    rb"|reply-to|sender|dkim-signature|authentication-results|list-id)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
END_OF_HEADER = re.compile(rb"\r?\n\r?\n|\r\r")
MBOX_LINE = re.compile(rb"\A>?From [^\n]*\n")
HEAD = 64 * 1024
LINE_END = re.compile(rb"\r\n|\n|\r")
# Endings of files that lie beside mails in collections of them and are none.
ENDINGS = """
    json yaml yml xml png gif jpg jpeg pdf zip dat tnef bin bmp pbm ppm ras sgi tiff webp xbm exr aifc aiff au wav
    crt key pem p12 pfx p7m p7s htm html md js doc docx rtf xls xlsx py php rb go rs gz tgz
"""
NO_MAIL = frozenset(ENDINGS.split())


def mail_files(folder: Path) -> Iterator[Path]:
    """Give the folder's files that look like mails, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix.lower().lstrip(".") not in NO_MAIL:
            with path.open("rb") as opened:
                head = opened.read(HEAD)
            if head and _looks_like_mail(head):
                yield path


def as_sent(data: bytes) -> bytes:
    r"""Give a file's bytes as they arrive: without an mbox line, every line end as CRLF, and one at the end.

    >>> as_sent(b"From x Mon\nSubject: a\n\nb")
    b'Subject: a\r\n\r\nb\r\n'
    """
    text = LINE_END.sub(b"\r\n", MBOX_LINE.sub(b"", data))
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _looks_like_mail(head: bytes) -> bool:
    if re.match(rb">?From \S", head):
        return True
    end = END_OF_HEADER.search(head)
    return FIELD.search(head[: end.start()] if end else head) is not None
