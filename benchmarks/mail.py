"""One mail of a given size, its way, and nothing else: the client's process loads no more than this."""

from __future__ import annotations

import secrets

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
