"""How the samples' mails are built: by hand, octet for octet, because odd mail is what is shown."""

from __future__ import annotations

import base64
import quopri
import zlib
from dataclasses import dataclass, field
from email.utils import format_datetime

from records.values import Channel
from sallyport.demo.sample import MAIL_DOMAIN, Pen, Sample

LINE = 76  # Characters of a line of base64 (RFC 2045 section 6.8).


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a mail: the lines of its head, and its body as it is sent."""

    head: tuple[str, ...]
    body: bytes = field(repr=False)


def words(text: str, kind: str = "plain", charset: str = "utf-8", encoding: str = "8bit") -> Part:
    """Give a text part; `encoding` is one of the transfer encodings of RFC 2045."""
    body = text.strip("\n").replace("\n", "\r\n").encode(charset) + b"\r\n"
    head = (f"Content-Type: text/{kind}; charset={charset}", f"Content-Transfer-Encoding: {encoding}")
    return Part(head=head, body=_encoded(body, encoding))


def as_written(text: str, kind: str, encoding: str) -> Part:
    """Give a text part whose body is in its transfer encoding already."""
    head = (f"Content-Type: text/{kind}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}")
    return Part(head=head, body=text.strip("\n").replace("\n", "\r\n").encode("ascii") + b"\r\n")


def attached(name: str, media_type: str, content: bytes) -> Part:
    """Give an attachment, in base64 as mail programs send it."""
    head = (
        f'Content-Type: {media_type}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"',
    )
    return Part(head=head, body=_encoded(content, "base64"))


def several(kind: str, *parts: Part, note: bytes = b"") -> Part:
    """Put parts together; the boundary is made of what they hold, so that it is the same each time."""
    mark = f"=_{zlib.crc32(b''.join(part.body for part in parts)):08x}_{len(parts)}"
    pieces = [f"--{mark}\r\n".encode() + _joined(part) + b"\r\n" for part in parts]
    head = (f'Content-Type: multipart/{kind}; boundary="{mark}"',)
    return Part(head=head, body=note + b"".join(pieces) + f"--{mark}--\r\n".encode())


def forwarded(raw: bytes) -> Part:
    """Give a whole mail as a part of another."""
    return Part(head=("Content-Type: message/rfc822",), body=raw)


def by_mail(
    pen: Pen,
    *,
    title: str,
    name: str,
    address: str,
    subject: str,
    part: Part,
    mailbox: str = "inquiries",
    headers: tuple[str, ...] = (),
) -> Sample:
    """Give a sample that comes by mail. Call it last: it takes what the pen has planted by then."""
    recipient = f"{mailbox}@{MAIL_DOMAIN}"
    return Sample(
        title=title,
        channel=Channel.EMAIL,
        raw=raw_mail(pen, name=name, address=address, to=recipient, subject=subject, part=part, headers=headers),
        planted=pen.planted,
        recipient=recipient,
        sender=address,
        greeting="mail.example.net",
    )


def raw_mail(
    pen: Pen, *, name: str, address: str, to: str, subject: str, part: Part, headers: tuple[str, ...] = ()
) -> bytes:
    """Give the bytes of a mail."""
    number = zlib.crc32(part.body + subject.encode())
    lines = (
        f"From: {_quoted(name)}<{address}>" if address else "From: Mail Delivery System <>",
        f"To: {to}",
        f"Subject: {in_header(subject)}",
        f"Date: {format_datetime(pen.moment)}",
        f"Message-ID: <{number:08x}@mail.example.net>",
        "MIME-Version: 1.0",
        *headers,
        *part.head,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + part.body


def in_header(text: str) -> str:
    """Give a text as a header may hold it (RFC 2047)."""
    if text.isascii():
        return text
    # Twelve characters at most take 48 octets, so no encoded word passes its 75 characters.
    pieces = [text[start : start + 12] for start in range(0, len(text), 12)]
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(piece.encode()).decode()}?=" for piece in pieces)


def _quoted(name: str) -> str:
    if not name:
        return ""
    return (f'"{name}"' if name.isascii() else in_header(name)) + " "


def _joined(part: Part) -> bytes:
    return "\r\n".join(part.head).encode() + b"\r\n\r\n" + part.body


def _encoded(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        text = base64.b64encode(body)
        return b"\r\n".join(text[start : start + LINE] for start in range(0, len(text), LINE)) + b"\r\n"
    if encoding == "quoted-printable":
        return quopri.encodestring(body.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return body
