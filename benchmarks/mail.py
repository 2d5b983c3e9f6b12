"""One mail of a given size, its way, and nothing else: the client's process loads no more than this."""

from __future__ import annotations

import base64
import random
import secrets
from functools import cache

HOST = "127.0.0.1"
MAILBOX = "inquiries@example.test"
SENDER = "ada.rourke@example.org"
LINE = "The hearing was moved again and nobody called me, so what am I to do now about it\r\n"


def sized_mail(size: int, number: int = 0) -> bytes:
    """Give a mail of about `size` bytes that no other is equal to."""
    head = (
        f"From: Ada Rourke <{SENDER}>\r\nTo: {MAILBOX}\r\nSubject: a question about the hearing\r\n"
        f"Message-ID: <{number}.{secrets.token_hex(8)}@mail.example.net>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + LINE * max(1, (size - len(head)) // len(LINE))).encode()


def mail_with_attachment(size: int, number: int = 0) -> bytes:
    """Give a mail of about `size` bytes, nearly all of it one attached file, that no other is equal to."""
    head = (
        f"From: Ada Rourke <{SENDER}>\r\nTo: {MAILBOX}\r\nSubject: the papers for the hearing\r\n"
        f"Message-ID: <{number}.{secrets.token_hex(8)}@mail.example.net>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="between"\r\n\r\n--between\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{LINE}\r\n--between\r\n"
        'Content-Type: application/pdf; name="papers.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="papers.pdf"\r\n\r\n'
    )
    return b"".join((head.encode(), _papers(size), b"\r\n--between--\r\n"))


@cache
def _papers(size: int) -> bytes:
    """Give a file's base64: lines of 76 characters and their ends."""
    content = b"%PDF-1.7\n" + random.Random(1).randbytes(size * 57 // 78)  # noqa: S311 - content, no secret
    return base64.encodebytes(content).replace(b"\n", b"\r\n")
