"""What a file is, by its first bytes before its label: a label is only what a sender says."""

from __future__ import annotations

import re
from enum import StrEnum

from intake.mime.charsets import wide_guess


class Kind(StrEnum):
    """The ways in which bytes are read."""

    TEXT = "text"
    MARKUP = "markup"
    FOLDED = "folded"  # calendars and cards, with their own way of folding lines
    MESSAGE = "message"
    ZIP = "zip"
    GZIP = "gzip"
    TNEF = "tnef"
    SIGNED = "signed"  # S/MIME with the message inside the signature
    ENCRYPTED = "encrypted"
    RTF = "rtf"
    LOCKED = "locked"  # a file format's own password protection
    UNREAD = "unread"
    EMPTY = "empty"


# What a file is recognised as, and the media type to call it.
SIGNATURES: tuple[tuple[bytes, Kind, str], ...] = (
    (b"PK\x03\x04", Kind.ZIP, "application/zip"),
    (b"PK\x05\x06", Kind.ZIP, "application/zip"),
    (b"\x1f\x8b\x08", Kind.GZIP, "application/gzip"),
    (b"\x78\x9f\x3e\x22", Kind.TNEF, "application/ms-tnef"),
    (b"{\\rtf", Kind.RTF, "application/rtf"),
    (b"%PDF-", Kind.UNREAD, "application/pdf"),
    (b"\x89PNG\r\n", Kind.UNREAD, "image/png"),
    (b"\x89PNG\n", Kind.UNREAD, "image/png"),
    (b"\xff\xd8\xff", Kind.UNREAD, "image/jpeg"),
    (b"GIF8", Kind.UNREAD, "image/gif"),
    (b"BM", Kind.UNREAD, "image/bmp"),
    (b"II*\x00", Kind.UNREAD, "image/tiff"),
    (b"MM\x00*", Kind.UNREAD, "image/tiff"),
    (b"RIFF", Kind.UNREAD, "application/octet-stream"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.UNREAD, "application/x-ole-storage"),
    (b"7z\xbc\xaf", Kind.UNREAD, "application/x-7z-compressed"),
    (b"Rar!", Kind.UNREAD, "application/vnd.rar"),
    (b"BZh", Kind.UNREAD, "application/x-bzip2"),
    (b"\xfd7zXZ", Kind.UNREAD, "application/x-xz"),
    (b"-----BEGIN PGP MESSAGE", Kind.ENCRYPTED, "application/pgp-encrypted"),
)

# The content types of S/MIME (RFC 8551), as their object identifiers stand in the bytes.
SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
ENVELOPED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
AUTH_ENVELOPED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"

MARKUP_TYPES = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "text/enriched"}
    | {"text/richtext", "text/x-amp-html"},
)
FOLDED_TYPES = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "application/ics"})
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news", "message/partial", "text/rfc822"})

CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
NO_TEXT_SHARE = 50
MARKUP_START = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|svg|div|table|p)\b", re.IGNORECASE)
MESSAGE_START = re.compile(
    rb"(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|content-type|x-[a-z-]{1,40})"
    rb"[ \t]*:",
    re.IGNORECASE,
)
MESSAGE_FIELD = re.compile(
    rb"^(?:from|subject|received|message-id|mime-version|content-type|content-transfer-encoding)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def looks_like_text(data: bytes) -> bool:
    """Tell whether these bytes are mostly characters, in any usual charset."""
    return bool(wide_guess(data)) or len(data.translate(None, CONTROLS)) * NO_TEXT_SHARE >= len(data) * (
        NO_TEXT_SHARE - 1
    )


def recognise(data: bytes, media_type: str, name: str) -> tuple[Kind, str]:
    """Give how the bytes are to be read, and the media type to call them."""
    if not data.strip():
        return Kind.EMPTY, media_type
    for start, kind, called in SIGNATURES:
        if data.startswith(start) and not (start in {b"BM", b"RIFF", b"BZh"} and looks_like_text(data)):
            return (Kind.LOCKED, called) if kind is Kind.UNREAD and _is_locked(data) else (kind, called)
    if (smime := _smime(data, media_type)) is not None:
        return smime, media_type
    if media_type in MESSAGE_TYPES:
        return Kind.MESSAGE, media_type
    if not looks_like_text(data) and not media_type.startswith("text/"):
        return Kind.UNREAD, media_type
    return _text_kind(data, media_type, name), media_type


def _text_kind(data: bytes, media_type: str, name: str) -> Kind:
    if media_type in FOLDED_TYPES or data.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VCARD")):
        return Kind.FOLDED
    is_declared = media_type in {"text/plain", "text/rfc822-headers", "text/csv"}
    if media_type in MARKUP_TYPES or (not is_declared and MARKUP_START.match(data)):
        return Kind.MARKUP
    if name.lower().endswith((".html", ".htm", ".xml", ".svg")) and MARKUP_START.match(data):
        return Kind.MARKUP
    # A mail saved as a file, whatever it is called.
    if name and MESSAGE_START.match(data) and MESSAGE_FIELD.search(data[:16384]) and b"\n\n" in _unix(data[:65536]):
        return Kind.MESSAGE
    return Kind.TEXT


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _smime(data: bytes, media_type: str) -> Kind | None:
    """Tell S/MIME: an ASN.1 sequence that begins with one of its content types."""
    if data[:1] != b"\x30" and "pkcs7" not in media_type:
        return None
    head = data[:64]
    if ENVELOPED_DATA in head or AUTH_ENVELOPED_DATA in head:
        return Kind.ENCRYPTED
    if SIGNED_DATA in head:
        return Kind.SIGNED
    return None


def _is_locked(data: bytes) -> bool:
    """Tell a PDF with an encryption dictionary, and an office file inside an encrypted package."""
    if data.startswith(b"%PDF-"):
        return b"/Encrypt" in data
    return data.startswith(b"\xd0\xcf\x11\xe0") and ENCRYPTED_PACKAGE in data
